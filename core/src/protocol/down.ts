import type { Current } from './current.ts';
import type { RulesetDelta, ValueDelta } from './delta.ts';
import type { StreamError } from './error.ts';
import type { Goodbye } from './goodbye.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { RulesetSnapshot, ValueSnapshot } from './snapshot.ts';
import type { Welcome } from './welcome.ts';

/** Messages that carry no state. */
export type ControlMessage = Welcome | Current | Heartbeat | Goodbye | StreamError;

/** What a server SDK receives. */
export type RulesetDown = ControlMessage | RulesetSnapshot | RulesetDelta;

/** What a browser receives. */
export type ValueDown = ControlMessage | ValueSnapshot | ValueDelta;

/** Everything a server may send. */
export type Down = RulesetDown | ValueDown;
