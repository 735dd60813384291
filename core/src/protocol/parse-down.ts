import { parseFrame } from './codec.ts';
import type { Parsed, Shapes } from './codec.ts';
import type { Down } from './down.ts';
import { amount, count, fields, flag, optional, recordOf, text, texts } from './shape.ts';
import type { Check } from './shape.ts';

/** Reads a frame from a server; never throws. */
export function parseDown(frame: string): Parsed<Down> {
  return parseFrame<Down>(frame, DOWN);
}

/** Definitions are left to the evaluator: one it cannot read fails alone, not with all others. */
const entries: Check = recordOf(fields({ h: text }));

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
    flags: optional(entries),
    segments: optional(entries),
    values: optional(entries),
  },
  delta: {
    from: count,
    to: count,
    cursor: text,
    digest: text,
    contextGeneration: optional(count),
    put: recordOf(entries),
    remove: recordOf(texts),
  },
  current: { version: count, cursor: text, contextGeneration: optional(count) },
  heartbeat: { version: count, cursor: text },
  goodbye: { reconnectAfterMs: amount, spreadMs: amount },
  error: { code: text, retryable: flag, retryAfterMs: optional(amount) },
};
