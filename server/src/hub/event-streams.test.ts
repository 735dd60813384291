import { afterEach, describe, expect, it } from 'vitest';
import type { EventSubscription } from './event-streams.ts';
import { booleanFlag, visibleFlag } from './testing/flags.ts';
import { CLIENT_KEY, ENVIRONMENT, startTestHub } from './testing/test-hub.ts';
import type { TestHub } from './testing/test-hub.ts';

let hub: TestHub;
afterEach(() => hub.stop());

/** Subscribes, and writes down what it hears. */
function subscribe(more: Partial<EventSubscription> = {}): { heard: (number | 'end')[]; end: () => void } {
  const heard: (number | 'end')[] = [];
  const end = hub.hub.events.subscribe({
    environmentId: ENVIRONMENT,
    onlyVisible: true,
    keyId: 'k2',
    kind: 'client',
    address: '127.0.0.1',
    expiresAt: null,
    onVersion: ({ version }) => heard.push(version),
    onEnd: () => heard.push('end'),
    ...more,
  });
  return { heard, end: () => end?.() };
}

describe('an event stream', () => {
  it('of a browser hears only versions that may change a visible value, of a server all', async () => {
    hub = await startTestHub();
    const browser = subscribe();
    const server = subscribe({ onlyVisible: false, kind: 'server', keyId: 'k1' });
    hub.source.commit(ENVIRONMENT, { flags: { hidden: booleanFlag(true) } });
    hub.source.commit(ENVIRONMENT, { flags: { shown: visibleFlag(true) } });
    hub.source.commit(ENVIRONMENT, { segments: { s: { condition: { any: [] } } }, dependants: ['hidden'] });
    hub.source.commit(ENVIRONMENT, { segments: { s: { condition: { all: [] } } }, dependants: ['shown'] });
    hub.source.commit(ENVIRONMENT, { flags: { shown: booleanFlag(true) } });
    hub.source.commit(ENVIRONMENT, { flags: { shown: booleanFlag(false) } });
    expect(browser.heard).toEqual([3, 5, 6]);
    expect(server.heard).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it('is an instance for as long as it lasts', async () => {
    hub = await startTestHub();
    const stream = subscribe();
    expect(await hub.hub.instances(ENVIRONMENT)).toMatchObject([
      { transport: 'event-stream', kind: 'client', goneAt: null },
    ]);
    stream.end();
    expect(await hub.hub.instances(ENVIRONMENT)).toEqual([]);
    hub.source.commit(ENVIRONMENT, { flags: { shown: visibleFlag(true) } });
    expect(stream.heard).toEqual([]);
  });

  it('ends when the time of its key is over, though nobody was told while this server ran', async () => {
    hub = await startTestHub();
    const [short, long] = [subscribe({ expiresAt: hub.clock.now() + 3_600_000 }), subscribe()];
    hub.clock.advance(3_599_000);
    expect(short.heard).toEqual([]);
    hub.clock.advance(2_000);
    expect(short.heard).toEqual(['end']);
    expect(long.heard).toEqual([]);
  });

  it('ends with its key, its environment and the server', async () => {
    hub = await startTestHub();
    hub.source.addEnvironment('env-2');
    const [ofKey, ofEnvironment, other] = [
      subscribe(),
      subscribe({ environmentId: 'env-2', keyId: 'k5' }),
      subscribe({ keyId: 'k6' }),
    ];
    hub.revoke(CLIENT_KEY);
    expect(ofKey.heard).toEqual(['end']);
    hub.source.removeEnvironment('env-2');
    expect(ofEnvironment.heard).toEqual(['end']);
    expect(other.heard).toEqual([]);
    await hub.hub.drain();
    expect(other.heard).toEqual(['end']);
  });
});
