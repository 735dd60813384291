import i18next, { type TFunction } from 'i18next';
import { useMemo, useSyncExternalStore } from 'react';
import type { Language } from '../appearance.ts';
import { formatFor, type Format } from '../format.ts';

export type T = TFunction;

/** Words and number formats in the reader's language. */
export interface Text {
  readonly t: T;
  readonly format: Format;
}

type Part = 'first' | 'rest';

/** Each part of each language is its own file, fetched when it is needed and not before. */
const FILES: Readonly<Record<Language, Readonly<Record<Part, () => Promise<{ readonly words: object }>>>>> = {
  en: { first: () => import('./en/first.ts'), rest: () => import('./en/rest.ts') },
  'zh-CN': { first: () => import('./zh-cn/first.ts'), rest: () => import('./zh-cn/rest.ts') },
};

const loaded = new Set<string>();
let wanted: readonly Part[] = ['first'];

/** Begins with the words of the first page. */
export async function startI18n(language: Language): Promise<void> {
  if (!i18next.isInitialized) {
    await i18next.init({ lng: language, resources: {}, interpolation: { escapeValue: false }, returnNull: false });
  }
  await changeLanguage(language);
}

export async function changeLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
}

/** Loads what the other pages say; they wait for it before they are shown. */
export async function loadAllWords(): Promise<void> {
  wanted = ['first', 'rest'];
  await load(i18next.language === 'zh-CN' ? 'zh-CN' : 'en');
}

export function useText(): Text {
  const language = useSyncExternalStore(onLanguage, () => i18next.language);
  return useMemo(() => ({ t: i18next.getFixedT(language), format: formatFor(language) }), [language]);
}

async function load(language: Language): Promise<void> {
  const missing = wanted.filter((part) => !loaded.has(`${language}/${part}`));
  const files = await Promise.all(missing.map((part) => FILES[language][part]()));
  for (const { words } of files) i18next.addResourceBundle(language, 'translation', words, true, true);
  for (const part of missing) loaded.add(`${language}/${part}`);
}

function onLanguage(listener: () => void): () => void {
  i18next.on('languageChanged', listener);
  return () => i18next.off('languageChanged', listener);
}
