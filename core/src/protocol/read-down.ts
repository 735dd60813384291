import type { Down } from './down.ts';

/**
 * The fields of each message that a client relies on: its numbers, texts, objects and booleans. Kept this terse because
 * browsers load it. What is inside the objects shows when they are used.
 */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['welcome', 'heartbeatMs receiptJitterMs|epoch|environment limits'],
  ['snapshot', 'version part parts|cursor digest'],
  ['delta', 'from to|cursor digest|put remove'],
  ['current', 'version|cursor'],
  ['heartbeat', 'version|cursor'],
  ['goodbye', 'reconnectAfterMs spreadMs'],
  ['error', '|code||retryable'],
]);

const TYPES = ['number', 'string', 'object', 'boolean'];

/**
 * Reads a frame from a server; undefined for a message of a type that this code does not know, which is to be ignored.
 * Throws for a breach of a known shape, which is to be answered by dropping the connection.
 */
export function readDown(frame: string): Down | undefined {
  // The one place where its text becomes a known message.
  const message: Down = JSON.parse(frame);
  const fields = FIELDS.get(message.type);
  const values: Readonly<Record<string, unknown>> = { ...message };
  for (const [i, names] of (fields ?? '|type').split('|').entries()) {
    for (const name of names.split(' ')) {
      if (name && typeof values[name] !== TYPES[i]) throw new TypeError(`${message.type}.${name}`);
    }
  }
  return fields ? message : undefined;
}
