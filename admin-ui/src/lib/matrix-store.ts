import type { MatrixCell, MatrixRow } from '@dimmer/core/api';
import { same } from './exposure.ts';
import { byCodePoint } from './format.ts';

/** One cell as painted: the truth, with what the reader just asked for laid over it. */
export interface CellState {
  readonly cell: MatrixCell;
  readonly pending: boolean;
  /** Who changed it a moment ago, if it was somebody else. */
  readonly touchedBy: string | null;
}

/** A change as the feed told it. */
export interface MatrixChange {
  readonly id: string;
  readonly rows: readonly MatrixRow[];
  readonly removed: readonly string[];
  /** Name of the actor, null when it is the reader. */
  readonly by: string | null;
}

/** Something asked for and not yet told by the feed. */
export interface Expectation {
  /** The server did it (null: it changed nothing). What was asked stays on screen until the feed tells of it. */
  confirm(changeId: string | null): void;
  /** Refused: back to the truth. */
  drop(): void;
}

interface Overlay {
  readonly flag: string;
  readonly environment: string;
  readonly patch: Partial<MatrixCell>;
  awaits: string | null;
}

type Listener = () => void;

/** How long a cell changed by somebody else stays outlined. */
const TOUCH_MS = 2_000;
/** How long an acknowledged change waits for the feed before the truth is shown anyway. */
const CONFIRM_MS = 3_000;
const REMEMBERED = 200;

/**
 * All flags of one project by environment. Each cell has its own subscription, so that one change repaints one cell.
 * The feed is in order; an answer over HTTP may be older than what the feed has told since it was asked for, and then
 * never overwrites it: take `fence()` before asking and hand it to `load`.
 */
export class MatrixStore {
  readonly #rows = new Map<string, MatrixRow>();
  readonly #toldAt = new Map<string, number>();
  readonly #overlays = new Map<string, Overlay>();
  readonly #touchedBy = new Map<string, string>();
  readonly #states = new Map<string, CellState>();
  readonly #told = new Set<string>();
  readonly #rowListeners = new Set<Listener>();
  readonly #cellListeners = new Map<string, Set<Listener>>();
  readonly #later: (action: Listener, ms: number) => void;
  #sorted: readonly MatrixRow[] | null = null;
  #sequence = 0;
  #loaded = false;

  constructor(later: (action: Listener, ms: number) => void = delay) {
    this.#later = later;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  fence(): number {
    return this.#sequence;
  }

  load(rows: readonly MatrixRow[], fence: number): void {
    const toldSince = (key: string): boolean => (this.#toldAt.get(key) ?? 0) > fence;
    const present = new Set(rows.map((row) => row.key));
    for (const row of rows) if (!toldSince(row.key)) this.#put(row);
    for (const key of this.#rows.keys()) if (!present.has(key) && !toldSince(key)) this.#rows.delete(key);
    this.#loaded = true;
    this.#rowsChanged();
  }

  apply({ id, rows, removed, by }: MatrixChange): void {
    this.#sequence += 1;
    for (const row of rows) {
      this.#toldAt.set(row.key, this.#sequence);
      const differing = this.#put(row);
      if (by !== null) this.#touch(row.key, differing, by);
    }
    for (const key of removed) {
      this.#toldAt.set(key, this.#sequence);
      this.#rows.delete(key);
    }
    this.#remember(id);
    for (const overlay of this.#overlays.values()) if (overlay.awaits === id) this.#lift(overlay);
    this.#rowsChanged();
  }

  expect(flag: string, environment: string, patch: Partial<MatrixCell>): Expectation {
    const overlay: Overlay = { flag, environment, patch, awaits: null };
    this.#overlays.set(cellId(flag, environment), overlay);
    this.#cellChanged(flag, environment);
    return {
      confirm: (changeId) => {
        if (changeId === null || this.#told.has(changeId)) return this.#lift(overlay);
        overlay.awaits = changeId;
        this.#later(() => this.#lift(overlay), CONFIRM_MS);
      },
      drop: () => this.#lift(overlay),
    };
  }

  /** Sorted by key; a new array whenever a row changed. */
  rows(): readonly MatrixRow[] {
    return (this.#sorted ??= [...this.#rows.values()].sort((a, b) => byCodePoint(a.key, b.key)));
  }

  row(flag: string): MatrixRow | undefined {
    return this.#rows.get(flag);
  }

  cell(flag: string, environment: string): CellState | undefined {
    const id = cellId(flag, environment);
    const known = this.#states.get(id);
    if (known !== undefined) return known;
    const cell = this.#rows.get(flag)?.cells[environment];
    if (cell === undefined) return undefined;
    const overlay = this.#overlays.get(id);
    const state: CellState = {
      cell: overlay === undefined ? cell : { ...cell, ...overlay.patch },
      pending: overlay !== undefined,
      touchedBy: this.#touchedBy.get(id) ?? null,
    };
    this.#states.set(id, state);
    return state;
  }

  subscribeRows(listener: Listener): Listener {
    this.#rowListeners.add(listener);
    return () => this.#rowListeners.delete(listener);
  }

  subscribeCell(flag: string, environment: string, listener: Listener): Listener {
    const id = cellId(flag, environment);
    const listeners = this.#cellListeners.get(id) ?? new Set();
    this.#cellListeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#cellListeners.get(id) === listeners) this.#cellListeners.delete(id);
    };
  }

  /** Stores the row and repaints the cells that differ; returns their environments, none for a new row. */
  #put(row: MatrixRow): readonly string[] {
    const before = this.#rows.get(row.key);
    this.#rows.set(row.key, row);
    const differing = Object.keys(row.cells).filter((key) => !same(before?.cells[key], row.cells[key]));
    for (const environment of differing) this.#cellChanged(row.key, environment);
    return before === undefined ? [] : differing;
  }

  #touch(flag: string, environments: readonly string[], by: string): void {
    for (const environment of environments) {
      const id = cellId(flag, environment);
      this.#touchedBy.set(id, by);
      this.#cellChanged(flag, environment);
      this.#later(() => {
        this.#touchedBy.delete(id);
        this.#cellChanged(flag, environment);
      }, TOUCH_MS);
    }
  }

  #lift(overlay: Overlay): void {
    const id = cellId(overlay.flag, overlay.environment);
    if (this.#overlays.get(id) !== overlay) return;
    this.#overlays.delete(id);
    this.#cellChanged(overlay.flag, overlay.environment);
  }

  #remember(changeId: string): void {
    this.#told.add(changeId);
    const oldest = this.#told.values().next().value;
    if (this.#told.size > REMEMBERED && oldest !== undefined) this.#told.delete(oldest);
  }

  #cellChanged(flag: string, environment: string): void {
    const id = cellId(flag, environment);
    this.#states.delete(id);
    for (const listener of [...(this.#cellListeners.get(id) ?? [])]) listener();
  }

  #rowsChanged(): void {
    this.#sorted = null;
    for (const listener of [...this.#rowListeners]) listener();
  }
}

function cellId(flag: string, environment: string): string {
  return `${flag}\n${environment}`;
}

function delay(action: Listener, ms: number): void {
  setTimeout(action, ms);
}
