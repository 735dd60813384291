/** Time, passed in so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds that only ever go forward, from any start. */
  now(): number;
  /** Epoch milliseconds, which people may set back. */
  wall(): number;
  /** Calls back once, after `ms`; gives a function that prevents it. */
  after(ms: number, callback: () => void): () => void;
}
