/** The small life that every long-lived part has. */
export interface Service {
  /** Starts it; resolves when it does its work. */
  run(): Promise<void>;
  /** Ends it and frees what it holds; resolves when that is done. Safe to call twice. */
  stop(): Promise<void>;
}

/** A part that holds clients, which it asks to go before it stops. */
export interface Drainable extends Service {
  /** Resolves when the clients have gone or the time for it is over. */
  drain(): Promise<void>;
}
