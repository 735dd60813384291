/** All sentences of the page in one language. Numbers arrive formatted. */
export interface Words {
  readonly title: string;
  readonly lead: string;
  readonly language: string;
  readonly count: (lit: string, all: string) => string;
  readonly change: (litUp: string, wentDark: string) => string;
  readonly version: (version: string) => string;
  readonly connected: string;
  readonly reconnecting: string;
  readonly you: string;
  readonly youAre: string;
  readonly yourLampIs: { readonly on: string; readonly off: string; readonly waiting: string };
  readonly youHint: string;
  readonly createFlag: { readonly title: string; readonly steps: readonly string[] };
  readonly unusableFlag: { readonly title: string; readonly steps: readonly string[] };
  readonly notVisible: { readonly title: string; readonly steps: readonly string[] };
  readonly openAdmin: string;
  readonly lamp: (n: string) => string;
}

const english: Words = {
  title: 'Lamp wall',
  lead: 'One thousand users, one lamp each. Raise the percentage of the flag “lamps” and watch them light up and stay lit; switch it off and all go dark.',
  language: 'Language',
  count: (lit, all) => `${lit} of ${all} lamps are lit`,
  change: (litUp, wentDark) => `Last change: ${litUp} lit up, ${wentDark} went dark.`,
  version: (version) => `Version ${version}`,
  connected: 'Live',
  reconnecting: 'Reconnecting…',
  you: 'You',
  youAre: 'You are user number',
  yourLampIs: { on: 'Your lamp is lit', off: 'Your lamp is dark', waiting: 'Asking…' },
  youHint: 'This browser asks Dimmer itself and gets values, never rules. Press a lamp to be somebody else.',
  createFlag: {
    title: 'The flag “lamps” does not exist yet',
    steps: [
      'Open the admin UI and create a flag with the key “lamps”.',
      'Make it visible to browsers, so that “you” can see it too.',
      'On the card Production, press 10% on the ladder, then Apply.',
    ],
  },
  unusableFlag: {
    title: 'The flag “lamps” cannot be used here',
    steps: ['The wall needs a boolean flag that evaluates. Archive this one and create “lamps” as a boolean flag.'],
  },
  notVisible: {
    title: 'Browsers may not see “lamps”',
    steps: ['The wall works, “you” does not: make the flag visible to browsers on its page in the admin UI.'],
  },
  openAdmin: 'Open the admin UI',
  lamp: (n) => `User ${n}`,
};

const chinese: Words = {
  title: '灯墙',
  lead: '一千位用户，每人一盏灯。调高开关“lamps”的百分比，灯会逐渐亮起并保持常亮；关闭开关，所有灯立即熄灭。',
  language: '语言',
  count: (lit, all) => `${all} 盏灯中有 ${lit} 盏亮着`,
  change: (litUp, wentDark) => `上次变更：亮起 ${litUp} 盏，熄灭 ${wentDark} 盏。`,
  version: (version) => `版本 ${version}`,
  connected: '实时',
  reconnecting: '正在重新连接…',
  you: '你',
  youAre: '你是用户',
  yourLampIs: { on: '你的灯亮着', off: '你的灯是暗的', waiting: '正在询问…' },
  youHint: '本浏览器自己向 Dimmer 询问，得到的是值，从不是规则。点一盏灯即可换成另一位用户。',
  createFlag: {
    title: '开关“lamps”还不存在',
    steps: [
      '打开管理界面，创建键为“lamps”的开关。',
      '设为对浏览器可见，这样“你”也能看到它。',
      '在“生产”卡片的阶梯上按 10%，再按“应用”。',
    ],
  },
  unusableFlag: {
    title: '此处无法使用开关“lamps”',
    steps: ['灯墙需要一个可以求值的布尔开关。请归档现有的开关，再创建布尔类型的“lamps”。'],
  },
  notVisible: {
    title: '浏览器看不到“lamps”',
    steps: ['灯墙正常，“你”不行：请在管理界面的开关页面将其设为对浏览器可见。'],
  },
  openAdmin: '打开管理界面',
  lamp: (n) => `用户 ${n}`,
};

/** The languages offered, by their tags. */
export const LANGUAGES = {
  en: { name: 'English', words: english },
  'zh-CN': { name: '简体中文', words: chinese },
} as const;

/** The tag of a language that the page speaks. */
export type Language = keyof typeof LANGUAGES;

/** The first language of the reader that the page speaks, else English. */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    if (tag.toLowerCase().startsWith('zh')) return 'zh-CN';
    if (tag.toLowerCase().startsWith('en')) return 'en';
  }
  return 'en';
}
