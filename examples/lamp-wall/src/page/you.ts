import { createClient } from '@dimmer/sdk-browser';
import type { PageConfig } from '../app.ts';
import { FLAG, user } from '../users.ts';

/** What Dimmer says about "you". `hidden`: the flag does not exist for browsers. */
export interface You {
  readonly state: 'waiting' | 'on' | 'off' | 'hidden';
}

/** "You", who keeps up with changes. */
export interface Somebody {
  /** Asks as user number `n` from now on. */
  become(n: number): void;
  /** Looks whether there is another key by now, as after a restart of the wall or of Dimmer. */
  renewKey(): Promise<void>;
  /** Stops asking. */
  leave(): void;
}

/** Asks as user number `n`; when the key is refused, `readConfig` tells the present one. */
export function beSomebody(
  config: PageConfig,
  n: number,
  onAnswer: (you: You) => void,
  readConfig: () => Promise<PageConfig>,
): Somebody {
  let { clientKey } = config;
  const client = createClient({ url: config.dimmerUrl, key: clientKey, context: user(n) });
  const tell = (): void => {
    const { value, version, errorCode } = client.details(FLAG, false);
    if (version === 0 || errorCode === 'PROVIDER_NOT_READY') onAnswer({ state: 'waiting' });
    else if (errorCode === 'FLAG_NOT_FOUND') onAnswer({ state: 'hidden' });
    else onAnswer({ state: value ? 'on' : 'off' });
  };
  const renewKey = async (): Promise<void> => {
    // While the wall is away, nobody can tell; it is asked again when its feed is back.
    const now = await readConfig().catch(() => undefined);
    if (now === undefined || now.clientKey === clientKey) return;
    ({ clientKey } = now);
    client.setKey(clientKey);
    await client.ready();
    tell();
  };
  client.on('change', tell);
  client.on('error', ({ code }) => {
    if (code !== 'key') return;
    // What was answered for a key that is no longer good may be wrong by now.
    onAnswer({ state: 'waiting' });
    void renewKey();
  });
  void client.ready().then(tell);
  return {
    become(next) {
      // Until the answer is here, the client serves fallbacks: an answer for somebody else would be a lie.
      onAnswer({ state: 'waiting' });
      void client.setContext(user(next)).then(tell);
    },
    renewKey,
    leave: () => client.close(),
  };
}
