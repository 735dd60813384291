import { createClient } from '@dimmer/sdk-browser';
import type { PageConfig } from '../app.ts';
import { FLAG, user } from '../users.ts';

/** What Dimmer says about "you". `hidden`: the flag does not exist for browsers. */
export interface You {
  readonly state: 'waiting' | 'on' | 'off' | 'hidden';
}

/** Asks as user number `n` and keeps up with changes. `become` asks as somebody else. */
export function beSomebody(config: PageConfig, n: number, onAnswer: (you: You) => void): { become(n: number): void } {
  const client = createClient({ url: config.dimmerUrl, key: config.clientKey, context: user(n) });
  const tell = (): void => {
    const { value, version, errorCode } = client.details(FLAG, false);
    if (version === 0 || errorCode === 'PROVIDER_NOT_READY') onAnswer({ state: 'waiting' });
    else if (errorCode === 'FLAG_NOT_FOUND') onAnswer({ state: 'hidden' });
    else onAnswer({ state: value ? 'on' : 'off' });
  };
  client.on('change', tell);
  void client.ready().then(tell);
  return {
    become(next) {
      // Until the answer is here, the client serves fallbacks: an answer for somebody else would be a lie.
      onAnswer({ state: 'waiting' });
      void client.setContext(user(next)).then(tell);
    },
  };
}
