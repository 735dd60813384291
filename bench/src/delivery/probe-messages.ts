/** What a probe is asked: to begin a measurement, what it has cost since, and what memory is in use. */
export interface ToProbe {
  readonly probe: 'mark' | 'cost' | 'memory';
}

/** What serving has cost since the mark. */
export interface Cost {
  /** User and system time. */
  readonly cpuMs: number;
  /** How late the event loop came. */
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
}

/** Bytes. */
export interface Memory {
  readonly rss: number;
  /** Of objects and buffers. */
  readonly used: number;
  /** Most that `rss` has ever been. */
  readonly maxRss: number;
}

/** What a probe answers. */
export type FromProbe =
  | { readonly probe: 'marked' }
  | ({ readonly probe: 'cost' } & Cost)
  | ({ readonly probe: 'memory' } & Memory);
