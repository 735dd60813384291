import type { ContextMessage } from './context-message.ts';
import type { Hello } from './hello.ts';
import type { Receipt } from './receipt.ts';
import type { Resync } from './resync.ts';
import type { PresenceMessage, SpreadMessage } from './spread.ts';
import type { Usage } from './usage.ts';

/** Everything a client may send. */
export type Up = Hello | Receipt | Resync | ContextMessage | Usage | SpreadMessage | PresenceMessage;
