import { ZERO_DIGEST } from '@dimmer/core/protocol';
import type { Cache, DataSource, HeldFlag, HeldSegment, State } from '@dimmer/core/replica';
import type { Bootstrap } from './options.ts';

type Kind = 'flags' | 'segments';

/** What a client serves until its server has answered. */
export interface Start {
  readonly source: DataSource;
  readonly environmentId: string | undefined;
  /** What a cursor needs besides; absent: not known. */
  readonly environmentKey?: string | undefined;
  readonly epoch?: string;
  /** Epoch ms at which the server last confirmed it; null: unknown. */
  readonly savedAt: number | null;
  readonly state: State<Kind>;
}

/**
 * Chooses between cache and bootstrap: of one environment and epoch the higher version, and where they cannot be
 * compared the cache, because it came from the server.
 */
export function chooseStart(
  cache: Cache<Kind> | undefined,
  bootstrap: Bootstrap | undefined,
  log: (message: string) => void,
): Start | undefined {
  const loaded = cache?.load();
  if (loaded && !loaded.kept) log(`Starting without a cached ruleset: ${loaded.reason}`);
  const kept = loaded?.kept;
  if (!bootstrap) return kept && { ...kept, source: 'cache' };
  const comparable = kept?.environmentId === bootstrap.environmentId && kept?.epoch === bootstrap.epoch;
  const newer = comparable && (bootstrap.version ?? 0) > (kept?.state.version ?? 0);
  return kept && !newer ? { ...kept, source: 'cache' } : fromBootstrap(bootstrap);
}

/** A bootstrap has no hashes, so nothing can be resumed from it: the first answer will be a snapshot. */
function fromBootstrap({ flags, segments, version = 0, environmentId }: Bootstrap): Start {
  const state: State<Kind> = {
    version,
    digest: ZERO_DIGEST,
    tables: {
      flags: new Map<string, HeldFlag>(Object.entries(flags).map(([key, def]) => [key, { h: '', def }])),
      segments: new Map<string, HeldSegment>(Object.entries(segments).map(([key, def]) => [key, { h: '', def }])),
    },
  };
  return { source: 'bootstrap', environmentId, savedAt: null, state };
}
