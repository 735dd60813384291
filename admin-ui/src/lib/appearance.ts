import { createStore, type Store } from './external-store.ts';

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Scheme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';

/** What the reader chose for this browser. `public/theme.js` reads the same entry before the first paint. */
export interface Appearance {
  readonly language: Language;
  readonly scheme: Scheme;
  readonly density: Density;
  /** Single-letter shortcuts; some people's tools type for them. */
  readonly shortcuts: boolean;
}

const KEY = 'dimmer.appearance';

export interface AppearanceStore extends Store<Appearance> {
  update(patch: Partial<Appearance>): void;
  /** Follows the system while the scheme says so, and other tabs. Returns what ends it. */
  follow(): () => void;
}

export function createAppearance(storage: Storage, browserLanguages: readonly string[]): AppearanceStore {
  const store = createStore<Appearance>({ ...defaults(browserLanguages), ...read(storage) });
  const paint = (): void => applyToRoot(store.get());
  return {
    ...store,
    update(patch) {
      store.set({ ...store.get(), ...patch });
      write(storage, store.get());
      paint();
    },
    follow() {
      const dark = matchMedia('(prefers-color-scheme: dark)');
      const fromOtherTab = (event: StorageEvent): void => {
        if (event.key === KEY) store.set({ ...store.get(), ...read(storage) });
      };
      paint();
      dark.addEventListener('change', paint);
      addEventListener('storage', fromOtherTab);
      const unsubscribe = store.subscribe(paint);
      return () => {
        dark.removeEventListener('change', paint);
        removeEventListener('storage', fromOtherTab);
        unsubscribe();
      };
    },
  };
}

function applyToRoot({ scheme, density, language }: Appearance): void {
  const root = document.documentElement;
  const dark = scheme === 'dark' || (scheme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset['scheme'] = dark ? 'dark' : 'light';
  root.dataset['density'] = density;
  root.lang = language;
}

function defaults(browserLanguages: readonly string[]): Appearance {
  const first = browserLanguages.find((language) => /^(en|zh)\b/i.test(language)) ?? 'en';
  const language = /^zh\b/i.test(first) ? 'zh-CN' : 'en';
  return { language, scheme: 'system', density: 'comfortable', shortcuts: true };
}

/** Only what is there and valid: an older release, or a person, may have written something else. */
function read(storage: Storage): Partial<Appearance> {
  const saved = parse(storage);
  return {
    ...pick(saved, 'language', (value) => LANGUAGES.find((known) => known === value)),
    ...pick(saved, 'scheme', (value) => (['system', 'light', 'dark'] as const).find((known) => known === value)),
    ...pick(saved, 'density', (value) => (['comfortable', 'compact'] as const).find((known) => known === value)),
    ...pick(saved, 'shortcuts', (value) => (typeof value === 'boolean' ? value : undefined)),
  };
}

function pick<K extends keyof Appearance>(
  saved: Record<string, unknown>,
  key: K,
  parse: (value: unknown) => Appearance[K] | undefined,
): Partial<Appearance> {
  const value = parse(saved[key]);
  return value === undefined ? {} : { [key]: value };
}

function parse(storage: Storage): Record<string, unknown> {
  try {
    const saved: unknown = JSON.parse(storage.getItem(KEY) ?? '{}');
    return typeof saved === 'object' && saved !== null ? { ...saved } : {};
  } catch {
    return {};
  }
}

function write(storage: Storage, appearance: Appearance): void {
  try {
    storage.setItem(KEY, JSON.stringify(appearance));
  } catch {
    // Full or forbidden: the choice lasts for this page.
  }
}
