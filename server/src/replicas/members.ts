import type { ReplicaRow } from '../storage/replica-board.ts';

/** A server whose beat has not been seen for so many looks, a second apart, is gone. */
const MISSED = 5;
/** The same by the database's clock, for one that is seen for the first time. */
const STALE_MS = 5_000;

interface Member {
  readonly row: ReplicaRow;
  readonly missed: number;
}

/** Who has come and who has gone between two looks. */
export interface Turnover {
  readonly joined: readonly string[];
  readonly left: readonly string[];
}

/**
 * The other servers that are there. Whether one is, is told by a number that grows, seen again and again: neither
 * the clocks of the servers nor a database that stood still for a while can make one look gone.
 */
export class Members {
  readonly #own: string;
  #members: ReadonlyMap<string, Member> = new Map();

  constructor(own: string) {
    this.#own = own;
  }

  /** What the database says now. `counts`: a second has passed since the last time that counted. */
  look(rows: readonly ReplicaRow[], counts: boolean): Turnover {
    const before = this.#members;
    const now = new Map<string, Member>();
    for (const row of rows) {
      const known = before.get(row.id);
      if (row.id === this.#own || (known === undefined && row.ageMs > STALE_MS)) continue;
      const hasMoved = known?.row.beats !== row.beats;
      const missed = known === undefined || hasMoved ? 0 : known.missed + (counts ? 1 : 0);
      if (missed < MISSED) now.set(row.id, { row, missed });
    }
    this.#members = now;
    return {
      joined: [...now.keys()].filter((id) => !before.has(id)),
      left: [...before.keys()].filter((id) => !now.has(id)),
    };
  }

  /** The others that are there. */
  others(): readonly ReplicaRow[] {
    return [...this.#members.values()].map(({ row }) => row);
  }

  has(id: string): boolean {
    return this.#members.has(id);
  }

  get isAlone(): boolean {
    return this.#members.size === 0;
  }
}
