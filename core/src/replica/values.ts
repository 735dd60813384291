import type { ReplicaRules } from './replica.ts';

/** How a browser takes values over: as they are. */
export const VALUE_RULES: ReplicaRules<'values'> = {
  empty: { values: new Map() },
};
