import i18next, { type TFunction } from 'i18next';
import { useMemo } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { Language } from '../appearance.ts';
import { formatFor, type Format } from '../format.ts';

export type T = TFunction;

/** Words and number formats in the reader's language. */
export interface Text {
  readonly t: T;
  readonly format: Format;
}

/** Loads the catalogue of one language; the other is fetched only when it is chosen. */
export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: await catalogueOf(language) } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

export async function changeLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', await catalogueOf(language));
  }
  await i18next.changeLanguage(language);
}

export function useText(): Text {
  const { t, i18n } = useTranslation();
  const format = formatFor(i18n.language);
  return useMemo(() => ({ t, format }), [t, format]);
}

async function catalogueOf(language: Language): Promise<object> {
  const module = language === 'zh-CN' ? await import('./zh-cn/catalogue.ts') : await import('./en/catalogue.ts');
  return module.catalogue;
}
