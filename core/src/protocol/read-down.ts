import type { Down } from './down.ts';

/**
 * The fields of each message that a client relies on, by example. Kept this terse because browsers load it. What is
 * inside the objects shows when they are used.
 */
const FIELDS: ReadonlyMap<string, object> = new Map(
  Object.entries({
    welcome: { heartbeatMs: 0, receiptJitterMs: 0, epoch: '', environment: {}, limits: {} },
    snapshot: { version: 0, part: 0, parts: 0, cursor: '', digest: '' },
    delta: { from: 0, to: 0, cursor: '', digest: '', put: {}, remove: {} },
    current: { version: 0, cursor: '' },
    heartbeat: { version: 0, cursor: '' },
    goodbye: { reconnectAfterMs: 0, spreadMs: 0 },
    error: { code: '', retryable: true },
  } satisfies Record<Down['type'], object>),
);

/**
 * Reads a frame from a server; undefined for a message of a type that this code does not know, which is to be ignored.
 * Throws for a breach of a known shape, which is to be answered by dropping the connection.
 */
export function readDown(frame: string): Down | undefined {
  // The one place where its text becomes a known message.
  const message: Down = JSON.parse(frame);
  const fields = FIELDS.get(message.type);
  const values: Readonly<Record<string, unknown>> = { ...message };
  for (const [name, example] of Object.entries(fields ?? { type: '' })) {
    if (typeof values[name] !== typeof example) throw new TypeError(`${message.type}.${name}`);
  }
  return fields && message;
}
