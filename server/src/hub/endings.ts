import { CLOSE } from '@dimmer/core/protocol';
import type { Ending } from './control-frames.ts';

/** What is wrong with the client: it need not try again unchanged. */
export const BAD_MESSAGE = (message: string): Ending => ({
  code: 'bad-message',
  retryable: true,
  message,
  close: CLOSE.badMessage,
});
export const UNKNOWN_KEY: Ending = {
  code: 'key',
  retryable: false,
  message: 'The SDK key is unknown, expired or revoked',
  close: CLOSE.key,
};
export const WRONG_KIND: Ending = {
  code: 'kind',
  retryable: false,
  message: 'This is a server key; browsers need a client key',
  close: CLOSE.originOrKind,
};
export const WRONG_ORIGIN: Ending = {
  code: 'origin',
  retryable: false,
  message: 'The SDK key may not be used from this origin',
  close: CLOSE.originOrKind,
};
export const NO_HELLO: Ending = {
  code: 'no-hello',
  retryable: true,
  message: 'No hello came in time',
  close: CLOSE.noHello,
};

/** What is too much, or not possible now: it may try again after a while. */
export const LIMIT = (message: string, retryAfterMs: number): Ending => ({
  code: 'limit',
  retryable: true,
  retryAfterMs,
  message,
  close: CLOSE.limit,
});
export const OVERLOADED = (retryAfterMs: number): Ending => ({
  code: 'overloaded',
  retryable: true,
  retryAfterMs,
  close: CLOSE.limit,
});
export const DRAINING = (retryAfterMs: number): Ending => ({ ...OVERLOADED(retryAfterMs), close: CLOSE.drain });
