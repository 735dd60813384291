import type { LogRow } from '../storage/log-store.ts';

/** Objects that some versions put or removed. */
export interface Touched {
  readonly flags: Set<string>;
  readonly segments: Set<string>;
}

/** One row of the log, read. */
export interface LogStep {
  readonly put: { readonly flags?: Entries; readonly segments?: Entries };
  readonly remove: { readonly flags?: readonly string[]; readonly segments?: readonly string[] };
}

/** Entries by key, their definitions not looked at. */
export type Entries = Readonly<Record<string, { readonly def: unknown; readonly h: string }>>;

/** Nothing yet. */
export function nothingTouched(): Touched {
  return { flags: new Set(), segments: new Set() };
}

/** What the one door wrote. */
export function parseLogRow({ put, remove }: Pick<LogRow, 'put' | 'remove'>): LogStep {
  return { put: JSON.parse(put), remove: JSON.parse(remove) };
}

/** Adds what a version put or removed. */
export function addTouched(touched: Touched, { put, remove }: LogStep): void {
  for (const kind of ['flags', 'segments'] as const) {
    for (const key of Object.keys(put[kind] ?? {})) touched[kind].add(key);
    for (const key of remove[kind] ?? []) touched[kind].add(key);
  }
}
