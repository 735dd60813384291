import { createClient } from '@dimmer/sdk-node';
import type { Client, ClientOptions } from '@dimmer/sdk-node';
import type { Watch } from '../checker.ts';

/** What a whole SDK under watch is made of. */
export interface FullClientOptions extends ClientOptions {
  readonly watch: Watch;
  readonly random: () => number;
  /** Flags that it asks for all the time. */
  readonly flags: readonly string[];
}

/** A whole SDK that evaluates all the time. */
export interface FullClient {
  readonly client: Client;
  close(): Promise<void>;
}

/** Time between two rounds of evaluations. */
const EVERY_MS = 25;

/** Makes one and starts connecting. */
export function createFullClient({ watch, random, flags, ...options }: FullClientOptions): FullClient {
  const client = createClient(options, {
    clock: {
      now: () => performance.now(),
      wall: () => Date.now(),
      after(ms, callback) {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
    },
    random,
  });
  let rounds = 0;
  const look = (): void => {
    const { version, digest, source } = client.status;
    // The SDK does not tell its epoch; a restored server is watched by the light clients.
    if (source === 'live' && version !== watch.last?.version) watch.saw({ epoch: '', version, digest });
  };
  client.on('change', look);
  const timer = setInterval(() => {
    look();
    rounds += 1;
    for (const flag of flags) evaluate(client, flag, { targetingKey: `user-${rounds % 100}` }, watch);
  }, EVERY_MS);
  return {
    client,
    async close() {
      clearInterval(timer);
      await client.close();
    },
  };
}

function evaluate(client: Client, flag: string, context: { targetingKey: string }, watch: Watch): void {
  try {
    client.isEnabled(flag, context);
    watch.evaluated(client.details(flag, false, context));
  } catch (error) {
    watch.evaluated({ threw: error });
  }
}
