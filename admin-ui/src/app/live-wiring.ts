import type { ChangeView, LiveMessage } from '@dimmer/core/api';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { Store } from '../lib/external-store.ts';
import { createFrameQueue } from '../lib/frame-queue.ts';
import type { MatrixStore } from '../lib/matrix-store.ts';
import { queryKeys } from '../lib/query-keys.ts';
import type { ReceiptStore } from '../lib/receipt-store.ts';

export interface LiveWiring {
  readonly project: string;
  readonly userId: string;
  readonly queryClient: QueryClient;
  readonly matrix: MatrixStore;
  readonly receipts: ReceiptStore;
  readonly instances: Store<Readonly<Record<string, number>>>;
  /** Newest version of each environment, to begin with as they were read before the feed. */
  readonly heads: Store<Readonly<Record<string, number>>>;
  /** The feed is back after an interruption during which so many versions were made. */
  readonly onBack: (missed: number) => void;
}

type Change = Extract<LiveMessage, { type: 'change' }>;

/** Lists are asked for again at most this often, however many changes arrive. */
const AGAIN_MS = 1_000;

/** Turns the feed into what the page shows: rows into the store, everything else into "ask again". */
export function wireLive(wiring: LiveWiring): (message: LiveMessage) => void {
  const { project, receipts, instances, heads, queryClient } = wiring;
  const again = createAgain(queryClient);
  const paint = createFrameQueue<Change>((changes) => applyChanges(wiring, changes));
  let greeted = false;

  const onHello = (versions: Readonly<Record<string, number>>): void => {
    const known = heads.get();
    const missed = Object.entries(versions).reduce((sum, [key, version]) => sum + version - (known[key] ?? 0), 0);
    heads.set(versions);
    if (greeted || missed !== 0) void queryClient.invalidateQueries({ queryKey: queryKeys.project(project) });
    if (greeted) wiring.onBack(Math.max(0, missed));
    greeted = true;
  };

  return (message) => {
    switch (message.type) {
      case 'hello':
        instances.set(message.instances);
        return onHello(message.versions);
      case 'change':
        heads.set({ ...heads.get(), ...message.change.versions });
        paint(message);
        for (const key of touchedKeys(project, message.change)) again(key);
        return undefined;
      case 'receipts':
        return receipts.put(message.environment, message.version, message.receipts);
      case 'instances':
        instances.set(message.instances);
        return again(queryKeys.instances(project));
      case 'stale':
        return again(queryKeys[message.what](project));
      case 'heartbeat':
        return undefined;
    }
  };
}

function applyChanges({ matrix, userId }: LiveWiring, changes: readonly Change[]): void {
  for (const { change, rows, removed } of changes) {
    matrix.apply({ id: change.id, rows, removed, by: change.actor.id === userId ? null : change.actor.name });
  }
}

/** Cached answers that a change made old. */
function touchedKeys(project: string, change: ChangeView): readonly QueryKey[] {
  const keys: QueryKey[] = [queryKeys.changes(project)];
  for (const { object } of change.effects) {
    if (object.kind === 'flag' || object.kind === 'flag-settings') keys.push(queryKeys.flag(project, object.key));
    if (object.kind === 'segment' || object.kind === 'segment-settings') keys.push(queryKeys.segments(project));
    // A column comes or goes.
    if (object.kind === 'environment') keys.push(queryKeys.environments(project), queryKeys.matrix(project));
    if (object.kind === 'key') keys.push(queryKeys.keys(project));
  }
  return keys;
}

/** Invalidates the first time at once, then at most once a second, never forgetting the last. */
function createAgain(queryClient: QueryClient): (key: QueryKey) => void {
  const resting = new Map<string, boolean>();
  const run = (key: QueryKey, id: string): void => {
    resting.set(id, false);
    void queryClient.invalidateQueries({ queryKey: key });
    setTimeout(() => {
      if (resting.get(id) === true) run(key, id);
      else resting.delete(id);
    }, AGAIN_MS);
  };
  return (key) => {
    const id = JSON.stringify(key);
    if (resting.has(id)) resting.set(id, true);
    else run(key, id);
  };
}
