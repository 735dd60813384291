import { parseFrame } from './codec.ts';
import type { Parsed } from './codec.ts';
import type { Down } from './down.ts';
import { amount, count, fields, flag, optional, recordOf, text, texts } from './shape.ts';
import type { Check, Shape } from './shape.ts';

/** Reads a frame from a server; never throws. */
export function parseDown(frame: string): Parsed<Down> {
  return parseFrame<Down>(frame, DOWN);
}

/** Definitions are left to the evaluator: one it cannot read fails alone, not with all others. */
const entries: Check = recordOf(fields({ h: text }));

const DOWN: Readonly<Record<Down['type'], Shape>> = {
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
    flags: optional(entries),
    segments: optional(entries),
    values: optional(entries),
  },
  delta: {
    from: count,
    to: count,
    cursor: text,
    digest: text,
    put: recordOf(entries),
    remove: recordOf(texts),
  },
  current: { version: count, cursor: text },
  heartbeat: { version: count, cursor: text },
  goodbye: { reconnectAfterMs: amount, spreadMs: amount },
  error: { code: text, retryable: flag, retryAfterMs: optional(amount) },
};
