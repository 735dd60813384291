import type { Actor, Effect } from '@dimmer/core/api';
import type { ObjectRow } from '../storage/object-store.ts';
import { createListeners } from './listeners.ts';

/** What one version of one environment changed. */
export interface VersionStep {
  readonly digest: string;
  readonly committedAt: number;
  /** Size of the whole state after it, in bytes of entries on the wire. */
  readonly bytes: number;
  readonly put: readonly ObjectRow[];
  readonly remove: readonly Pick<ObjectRow, 'kind' | 'key'>[];
}

/** A version that has just become durable. */
export interface PublishedVersion {
  readonly environmentId: string;
  readonly environment: string;
  readonly version: number;
  readonly step: VersionStep;
}

/** An environment that has just come or gone. */
export interface EnvironmentEvent {
  readonly id: string;
  readonly key: string;
  readonly projectKey: string;
  readonly removed: boolean;
}

/** A change set that has just become durable. */
export interface ChangeEvent {
  readonly changeId: string;
  /** Null: a change of the installation. */
  readonly projectKey: string | null;
  readonly at: number;
  readonly actor: Actor;
  readonly published: readonly PublishedVersion[];
  readonly environments: readonly EnvironmentEvent[];
  readonly effects: readonly Effect[];
}

/** An SDK key that ends; its sockets are to be closed within 5 s of `expiresAt`. */
export interface KeyRevoked {
  readonly keyId: string;
  readonly hash: string;
  readonly environmentId: string;
  /** Epoch milliseconds; later than now when it was revoked with a delay. */
  readonly expiresAt: number;
}

/** Tells the rest of this process what was committed, in the order of commits. A listener that throws is isolated. */
export interface ChangeFeed {
  onChange(listener: (event: ChangeEvent) => void): () => void;
  onKeyRevoked(listener: (event: KeyRevoked) => void): () => void;
  emitChange(event: ChangeEvent): void;
  emitKeyRevoked(event: KeyRevoked): void;
}

/** A feed without listeners. `onError` hears what a listener threw. */
export function createChangeFeed(onError: (error: unknown) => void = () => {}): ChangeFeed {
  const changes = createListeners<ChangeEvent>(onError);
  const keys = createListeners<KeyRevoked>(onError);
  return {
    onChange: changes.on,
    onKeyRevoked: keys.on,
    emitChange: changes.tell,
    emitKeyRevoked: keys.tell,
  };
}
