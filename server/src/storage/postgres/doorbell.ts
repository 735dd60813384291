import type { Client } from 'pg';

/** The channel on which servers ring. */
export const CHANNEL = 'dimmer';
/** The one on which they say that they have told each other something. */
export const REPLICAS_CHANNEL = 'dimmer_replicas';

/** Rings whenever another server may have written something, and when it may have been missed. */
export interface Doorbell {
  /** Resolves when it listens, or has failed to for the first time: it tries again by itself. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** What it needs. */
export interface DoorbellDeps {
  readonly connect: () => Client;
  /** With the number of an announcement, or without when any may have been missed. */
  readonly ring: (upTo?: number) => void;
  /** With what was said, or without when any of it may have been missed. */
  readonly ringReplicas?: (payload?: string) => void;
  readonly onError: (error: unknown) => void;
  /** Between two looks at the connection. */
  readonly watchMs?: number;
  /** Before it tries again. */
  readonly retryMs?: number;
}

/**
 * Holds one connection that listens. A connection can die without a word, so it is asked for something every ten
 * seconds; a lost one is replaced. After each replacement it rings: what was said meanwhile is read, not heard.
 */
export function createDoorbell(deps: DoorbellDeps): Doorbell {
  const { ring, ringReplicas = () => {}, onError, watchMs = 10_000, retryMs = 1000 } = deps;
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const drop = (lost: Client, error: unknown): void => {
    if (client !== lost) return;
    client = undefined;
    lost.removeAllListeners('end');
    lost.end().catch(() => {});
    if (closed) return;
    onError(error);
    later(() => void open(), retryMs);
  };
  const watch = async (watched: Client): Promise<void> => {
    if (client !== watched) return;
    try {
      await watched.query('SELECT 1');
      later(() => void watch(watched), watchMs);
    } catch (error) {
      drop(watched, error);
    }
  };
  const open = async (): Promise<void> => {
    if (closed) return;
    const next = deps.connect();
    client = next;
    next.on('error', (error) => drop(next, error));
    next.on('end', () => drop(next, new Error('the listening connection ended')));
    next.on('notification', ({ channel, payload }) => {
      if (channel === REPLICAS_CHANNEL) ringReplicas(payload);
      else ring(Number(payload) || undefined);
    });
    try {
      await next.connect();
      await next.query(`LISTEN ${CHANNEL}; LISTEN ${REPLICAS_CHANNEL}`);
      ring();
      ringReplicas();
      later(() => void watch(next), watchMs);
    } catch (error) {
      drop(next, error);
    }
  };
  function later(work: () => void, ms: number): void {
    clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(work, ms);
    timer.unref();
  }
  return {
    open,
    async close() {
      closed = true;
      clearTimeout(timer);
      const last = client;
      client = undefined;
      await last?.end().catch(() => {});
    },
  };
}
