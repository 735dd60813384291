/**
 * How an SDK stands with its server. It answers from what it holds in every state, `closed` included.
 * - `connecting`: has not been live yet
 * - `live`: connected, and holds the head as far as the server has told
 * - `stale`: was live, link lost
 * - `offline`: link lost for longer than the grace
 * - `closed`: closed by the application, for good
 */
export type LinkState = 'connecting' | 'live' | 'stale' | 'offline' | 'closed';

/** What happens to a link. */
export type LinkTurn = 'answered' | 'lost' | 'grace-over' | 'close';

/** Every state on every turn; the compiler demands each cell. */
export const LINK_STATES: Readonly<Record<LinkState, Readonly<Record<LinkTurn, LinkState>>>> = {
  connecting: { answered: 'live', lost: 'connecting', 'grace-over': 'offline', close: 'closed' },
  live: { answered: 'live', lost: 'stale', 'grace-over': 'live', close: 'closed' },
  stale: { answered: 'live', lost: 'stale', 'grace-over': 'offline', close: 'closed' },
  offline: { answered: 'live', lost: 'offline', 'grace-over': 'offline', close: 'closed' },
  closed: { answered: 'closed', lost: 'closed', 'grace-over': 'closed', close: 'closed' },
};
