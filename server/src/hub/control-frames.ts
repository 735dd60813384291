import type { Current, Goodbye, Heartbeat, Parameters, StreamError, Welcome } from '@dimmer/core/protocol';
import type { HubLimits } from './limits.ts';

/** Where a stream's head is: the parameters of `welcome` that depend on it. */
export interface WelcomeFacts {
  readonly environment: Parameters['environment'];
  readonly epoch: string;
  readonly receiptJitterMs: number;
}

/** The server's parameters, as `welcome` and the HTTP answers give them. */
export function toParameters(facts: WelcomeFacts, limits: HubLimits): Parameters {
  const { environment, epoch, receiptJitterMs } = facts;
  return {
    environment,
    epoch,
    heartbeatMs: limits.heartbeatMs,
    receiptJitterMs,
    maxAgeMs: limits.maxAgeMs,
    limits: { messageBytes: limits.messageBytes, usageMs: limits.usageMs },
  };
}

/**
 * Receipts of few sockets come at once; those of many are spread over several times what it takes to write to all of
 * them, so that a change is not answered by a burst, and reading receipts does not keep it from those who wait for it.
 */
export function receiptJitterMs(sockets: number, limits: HubLimits): number {
  if (sockets <= limits.receiptsAtOnce) return 0;
  return Math.min(limits.receiptJitterMs, Math.round(sockets * limits.receiptSpacingMs));
}

/** The bytes of a message that carries no state. */
export function toFrame(message: Welcome | Current | Heartbeat | Goodbye | StreamError): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/** Why a connection is refused or ended: the message that says so, and the close code that follows it. */
export type Ending = Pick<StreamError, 'code' | 'retryable' | 'retryAfterMs' | 'message'> & { readonly close: number };

export function toErrorFrame({ code, retryable, retryAfterMs, message }: Ending): Buffer {
  return toFrame({
    type: 'error',
    code,
    retryable,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(message !== undefined && { message }),
  });
}
