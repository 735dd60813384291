import { createContext, use } from 'react';
import type { Appearance, AppearanceStore } from './appearance.ts';
import { useStore } from './external-store.ts';

export const AppearanceContext = createContext<AppearanceStore | null>(null);

export function useAppearanceStore(): AppearanceStore {
  const store = use(AppearanceContext);
  if (store === null) throw new Error('useAppearanceStore needs an AppearanceContext around it');
  return store;
}

export function useAppearance(): Appearance {
  return useStore(useAppearanceStore());
}
