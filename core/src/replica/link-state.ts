import { GRACE_MS } from './backoff.ts';
import type { Timers } from './timers.ts';

/**
 * How an SDK stands with its server. It answers from what it holds in every state, `closed` included.
 * - `connecting`: has not been live yet
 * - `live`: connected, and holds the head as far as the server has told
 * - `stale`: was live, link lost
 * - `offline`: link lost for longer than the grace
 * - `closed`: closed by the application, for good
 */
export type LinkState = 'connecting' | 'live' | 'stale' | 'offline' | 'closed';

/** What happens to a link; `late`: it has been lost for longer than the grace. */
export type LinkTurn = 'answered' | 'lost' | 'late' | 'close';

/** Every state on every turn; the compiler demands each cell. */
export const LINK_STATES: Readonly<Record<LinkState, Readonly<Record<LinkTurn, LinkState>>>> = {
  connecting: { answered: 'live', lost: 'connecting', late: 'offline', close: 'closed' },
  live: { answered: 'live', lost: 'stale', late: 'live', close: 'closed' },
  stale: { answered: 'live', lost: 'stale', late: 'offline', close: 'closed' },
  offline: { answered: 'live', lost: 'offline', late: 'offline', close: 'closed' },
  closed: { answered: 'closed', lost: 'closed', late: 'closed', close: 'closed' },
};

/** Keeps the state, tells of each change, and lets a lost link be `offline` once the grace is over. */
export function createLinkState(
  timers: Timers,
  tell: (state: LinkState) => void,
  asleep?: () => boolean,
): (happened: LinkTurn) => void {
  const grace = timers.create();
  let state: LinkState = 'connecting';
  const turn = (happened: LinkTurn): void => {
    const before = state;
    state = LINK_STATES[before][happened];
    if (state === before) return;
    grace(GRACE_MS, state === 'stale' ? late : undefined);
    tell(state);
  };
  // Nobody is there to miss a link that was given up on purpose.
  const late = (): void => (asleep?.() ? grace(GRACE_MS, late) : turn('late'));
  grace(GRACE_MS, late);
  return turn;
}
