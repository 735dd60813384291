import { parseFrame } from './codec.ts';
import type { Parsed, Shapes } from './codec.ts';
import type { Down } from './down.ts';
import { amount, count, fields, flag, isObject, optional, recordOf, text, texts } from './shape.ts';
import type { Check } from './shape.ts';

/** Reads a frame from a server; never throws. */
export function parseDown(frame: string): Parsed<Down> {
  return parseFrame<Down>(frame, DOWN);
}

/** What is inside a definition is left to the evaluator: one it cannot read fails alone, not with all others. */
const definitions: Check = optional(recordOf(fields({ h: text, def: isObject })));
const values: Check = optional(recordOf(fields({ h: text, reason: text })));

const DOWN: Shapes<Down> = {
  welcome: {
    environment: fields({ id: text, key: text, project: text }),
    epoch: text,
    heartbeatMs: count,
    receiptJitterMs: count,
    maxAgeMs: count,
    limits: fields({ messageBytes: count, usageMs: count }),
  },
  snapshot: {
    cursor: text,
    version: count,
    digest: text,
    part: count,
    parts: count,
    contextGeneration: optional(count),
    flags: definitions,
    segments: definitions,
    values,
  },
  delta: {
    from: count,
    to: count,
    cursor: text,
    digest: text,
    contextGeneration: optional(count),
    put: fields({ flags: definitions, segments: definitions, values }),
    remove: recordOf(texts),
  },
  current: { version: count, cursor: text, contextGeneration: optional(count) },
  heartbeat: { version: count, cursor: text },
  goodbye: { reconnectAfterMs: amount, spreadMs: amount },
  error: { code: text, retryable: flag, retryAfterMs: optional(amount) },
};
