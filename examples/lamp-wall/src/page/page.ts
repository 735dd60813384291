import type { PageConfig } from '../app.ts';
import { USERS } from '../users.ts';
import { unpackLamps, type Difference, type WallState } from '../wall-state.ts';
import { element, elementOf, say } from './elements.ts';
import { followWall } from './feed.ts';
import { showHint } from './hint.ts';
import { hangLamps } from './wall-view.ts';
import { chooseLanguage, LANGUAGES, type Language } from './words.ts';
import { beSomebody, type You } from './you.ts';

const LANGUAGE_KEY = 'lamp-wall-language';
const YOU_KEY = 'lamp-wall-you';

/** What the page shows: everything is drawn from this, whatever changed. */
interface Shown {
  language: Language;
  connected: boolean;
  wall: WallState | undefined;
  difference: Difference | undefined;
  /** Number of the user that "you" is. */
  me: number;
  you: You;
}

const config = await readConfig();
const view = hangLamps(become);
const me = clampUser(Number(remembered(YOU_KEY) ?? 42));
const shown: Shown = {
  language: chooseLanguage([remembered(LANGUAGE_KEY) ?? '', ...navigator.languages]),
  connected: false,
  wall: undefined,
  difference: undefined,
  me,
  you: { state: 'waiting' },
};
const somebody = beSomebody(
  config,
  me,
  (you) => {
    shown.you = you;
    draw();
  },
  readConfig,
);

followWall(
  (wall) => {
    const first = shown.wall === undefined;
    const difference = view.paint(unpackLamps(wall.lit, USERS));
    const changed = difference.litUp + difference.wentDark > 0;
    shown.wall = wall;
    // The first state is no change, and neither is the state that every new connection begins with.
    if (first) shown.difference = { ...difference, litUp: 0, wentDark: 0 };
    else if (changed) shown.difference = difference;
    draw();
  },
  (connected) => {
    shown.connected = connected;
    // The wall may have been started anew, with another key.
    if (connected) void somebody.renewKey();
    draw();
  },
);

for (const [tag, { name }] of Object.entries(LANGUAGES))
  elementOf('language', HTMLSelectElement).add(new Option(name, tag));
element('language').addEventListener('change', () => {
  shown.language = chooseLanguage([elementOf('language', HTMLSelectElement).value]);
  remember(LANGUAGE_KEY, shown.language);
  speak();
  draw();
});
elementOf('you-number', HTMLInputElement).addEventListener('change', (event) => {
  if (event.target instanceof HTMLInputElement) become(event.target.valueAsNumber);
});
speak();
draw();

async function readConfig(): Promise<PageConfig> {
  const response = await fetch('/config.json', { cache: 'no-store' });
  return response.json();
}

function become(n: number): void {
  shown.me = clampUser(n);
  remember(YOU_KEY, String(shown.me));
  somebody.become(shown.me);
  draw();
}

/** Writes what depends on the language alone. */
function speak(): void {
  const { words } = LANGUAGES[shown.language];
  const number = new Intl.NumberFormat(shown.language);
  document.documentElement.lang = shown.language;
  document.title = words.title;
  elementOf('language', HTMLSelectElement).value = shown.language;
  say('title', words.title);
  say('lead', words.lead);
  say('language-label', words.language);
  say('you-title', words.you);
  say('you-label', words.youAre);
  say('you-note', words.youHint);
  view.name((n) => words.lamp(number.format(n)));
}

/** Writes what changes while the page is open. */
function draw(): void {
  const { words } = LANGUAGES[shown.language];
  const number = new Intl.NumberFormat(shown.language);
  const { wall, difference, you } = shown;
  const live = shown.connected && wall?.live === true;
  element('state').dataset.live = String(live);
  const version = wall === undefined || wall.version === 0 ? '' : ` · ${words.version(number.format(wall.version))}`;
  say('state', `${live ? words.connected : words.reconnecting}${version}`);
  if (difference !== undefined) {
    const { lit, litUp, wentDark } = difference;
    say('count', words.count(number.format(lit), number.format(USERS)));
    say('change', litUp + wentDark === 0 ? '' : words.change(number.format(litUp), number.format(wentDark)));
  }
  showHint(words, wall?.flag, you, config.adminUrl);
  view.mark(shown.me);
  const input = elementOf('you-number', HTMLInputElement);
  if (document.activeElement !== input || input.valueAsNumber !== shown.me) input.value = String(shown.me);
  elementOf('bulb', SVGSVGElement).classList.toggle('on', you.state === 'on');
  say('you-answer', words.yourLampIs[you.state === 'hidden' ? 'off' : you.state]);
}

function clampUser(n: number): number {
  return Number.isFinite(n) ? Math.min(USERS, Math.max(1, Math.round(n))) : 1;
}

/** Storage may be forbidden; then the page forgets, and works. */
function remembered(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // See above.
  }
}
