import type { Presence } from '../hub/peers.ts';

/** How many clients a server has, by environment, as it tells the others. */
export function writePresence(presence: Readonly<Record<string, Presence>>): string {
  const rows = Object.entries(presence)
    .map(([id, { connected, polling, away = 0 }]) => [id, connected, polling, away] as const)
    .filter(([, ...numbers]) => numbers.some((number) => number > 0));
  return JSON.stringify(rows);
}

/** The same, read again. What another release may have written and this one does not know says nothing. */
export function readPresence(text: string): ReadonlyMap<string, Required<Presence>> {
  const found = new Map<string, Required<Presence>>();
  const rows: unknown = JSON.parse(text);
  for (const row of Array.isArray(rows) ? rows : []) {
    const [id, connected, polling, away]: unknown[] = Array.isArray(row) ? row : [];
    if (typeof id !== 'string') continue;
    found.set(id, { connected: count(connected), polling: count(polling), away: count(away) });
  }
  return found;
}

const count = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0);
