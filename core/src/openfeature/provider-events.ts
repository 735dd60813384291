import type { LinkState } from '../replica/link-state.ts';

/** Names of the provider events that a change of state leads to, as OpenFeature spells them. */
export type StateEvent = 'PROVIDER_READY' | 'PROVIDER_STALE' | 'PROVIDER_ERROR';

/** How the provider's initialisation stands. */
export type Initialization = 'pending' | 'ready' | 'failed';

/**
 * The event that a provider owes for a change of state: STALE at the loss of the link, ERROR once the grace is over,
 * READY when it is back, or there for the first time after an initialisation that failed. During initialisation none:
 * the SDK reports its end itself, and would run every handler twice.
 */
export function stateEvent(
  before: LinkState,
  after: LinkState,
  initialization: Initialization,
): StateEvent | undefined {
  if (initialization === 'pending' || before === after) return undefined;
  if (after === 'live') return before === 'connecting' && initialization === 'ready' ? undefined : 'PROVIDER_READY';
  if (initialization === 'failed') return undefined;
  if (after === 'stale') return 'PROVIDER_STALE';
  return after === 'offline' ? 'PROVIDER_ERROR' : undefined;
}
