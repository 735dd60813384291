import type { ReactNode } from 'react';
import { createStore, type Store } from './external-store.ts';

/** A short message at the edge of the screen; what it offers must be reachable elsewhere too. */
export interface Notice {
  readonly id: number;
  readonly tone: 'done' | 'info' | 'failed';
  readonly text: string;
  readonly details?: ReactNode;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface Notices {
  readonly store: Store<readonly Notice[]>;
  show(notice: Omit<Notice, 'id'>): number;
  dismiss(id: number): void;
}

const AT_MOST = 2;

export function createNotices(): Notices {
  const store = createStore<readonly Notice[]>([]);
  let last = 0;
  return {
    store,
    show(notice) {
      last += 1;
      store.set([...store.get(), { ...notice, id: last }].slice(-AT_MOST));
      return last;
    },
    dismiss(id) {
      store.set(store.get().filter((notice) => notice.id !== id));
    },
  };
}
