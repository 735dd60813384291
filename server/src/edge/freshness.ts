/** How an edge stands with its origin. */
export interface Freshness {
  /** In touch with the upstream, and the upstream with its own. */
  readonly isLive: boolean;
  /** Milliseconds since the origin was last heard, as far as known; null: never. */
  readonly ageMs: number | null;
  /** Why the key of this edge is refused, as long as it is. */
  readonly refused?: string;
}

/** What it is judged by. */
export interface FreshnessFacts {
  readonly isLinked: boolean;
  /** Milliseconds since the upstream last said anything in this run; undefined: it has not. */
  readonly silentMs: number | undefined;
  /** Epoch ms at which what an earlier run kept was last confirmed; undefined: nothing was kept. */
  readonly keptAt: number | undefined;
  /** Epoch ms since when the upstream is itself out of touch; undefined: it is not. */
  readonly upstreamStaleSince: number | undefined;
  readonly refused: string | undefined;
  /** Epoch ms. */
  readonly now: number;
}

/** Judges it. */
export function judgeFreshness(facts: FreshnessFacts): Freshness {
  const { silentMs, keptAt, upstreamStaleSince, now, refused } = facts;
  const since = (time: number | undefined): number | undefined =>
    time === undefined ? undefined : Math.max(0, now - time);
  const own = silentMs ?? since(keptAt);
  const age = own === undefined ? null : Math.max(own, since(upstreamStaleSince) ?? 0);
  return {
    isLive: facts.isLinked && upstreamStaleSince === undefined,
    ageMs: age === null ? null : Math.round(age),
    ...(refused !== undefined && { refused }),
  };
}
