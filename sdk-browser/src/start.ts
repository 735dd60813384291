import type { DataSource, State } from '@dimmer/core/replica';
import type { ClientOptions } from './options.ts';

/** What a client serves before it has heard from its server. */
export interface Start {
  readonly source: Extract<DataSource, 'bootstrap' | 'cache'>;
  readonly state: State<'values'>;
}

/**
 * Values for this very context: those in the page, which are newer, or else those kept. `contextHash` is that of the
 * context. Whether they are of the right environment shows in the server's first answer, which replaces them if not.
 */
export function chooseStart(
  { bootstrap, cache }: Pick<ClientOptions, 'bootstrap' | 'cache'>,
  contextHash: string,
  owner: () => string,
): Start | undefined {
  if (bootstrap?.v === 1 && bootstrap.contextHash === contextHash) {
    const { values, ...state } = bootstrap;
    return {
      source: 'bootstrap',
      state: { ...state, generation: 1, tables: { values: new Map(Object.entries(values)) } },
    };
  }
  const state = cache?.load(owner());
  return state && { source: 'cache', state };
}
