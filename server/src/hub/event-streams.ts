import { Caps } from './admission.ts';
import type { HubLimits } from './limits.ts';
import type { RulesetVersion } from '../ruleset/ruleset-source.ts';

/** Somebody who wants to know that there is something new, and will ask for it. */
export interface EventSubscription {
  readonly environmentId: string;
  /** Only versions that may change the value of a client-visible flag. */
  readonly onlyVisible: boolean;
  readonly keyId: string;
  readonly kind: 'server' | 'client';
  readonly address: string;
  /** End of its key in epoch milliseconds, as known when it began; null: none. */
  readonly expiresAt: number | null;
  /** Hears of every version from now on. */
  readonly onVersion: (version: RulesetVersion) => void;
  /** The stream must end: its key was revoked, its environment deleted, or the server goes down. */
  readonly onEnd: () => void;
}

/** Notices of new versions, for event streams over HTTP. */
export interface EventStreams {
  /** The answer ends it; undefined: there are as many of its key or its address as may be. */
  subscribe(subscription: EventSubscription): (() => void) | undefined;
}

/** What the hub does with them. */
export interface EventHub extends EventStreams {
  publish(version: RulesetVersion, touchesVisible: () => boolean): void;
  /** Ends those that fit. */
  end(fits: (subscription: EventSubscription) => boolean): void;
}

/** @param onCome hears who came; its answer runs when they go */
export function createEventStreams(
  onCome: (subscription: EventSubscription) => () => void,
  limits: Pick<HubLimits, 'eventStreamsPerKey' | 'eventStreamsPerAddress'>,
): EventHub {
  const keys = new Caps(limits.eventStreamsPerKey);
  const addresses = new Caps(limits.eventStreamsPerAddress);
  const environments = new Map<string, Map<EventSubscription, () => void>>();
  const leave = (subscription: EventSubscription): void => {
    const members = environments.get(subscription.environmentId);
    const onGo = members?.get(subscription);
    if (members?.delete(subscription) === true) {
      keys.leave(subscription.keyId);
      addresses.leave(subscription.address);
    }
    if (members?.size === 0) environments.delete(subscription.environmentId);
    onGo?.();
  };
  return {
    subscribe(subscription) {
      if (keys.isFull(subscription.keyId) || addresses.isFull(subscription.address)) return undefined;
      keys.enter(subscription.keyId);
      addresses.enter(subscription.address);
      const members = environments.get(subscription.environmentId) ?? new Map<EventSubscription, () => void>();
      environments.set(subscription.environmentId, members);
      members.set(subscription, onCome(subscription));
      return () => leave(subscription);
    },
    publish(version, touchesVisible) {
      for (const subscription of environments.get(version.environmentId)?.keys() ?? []) {
        if (!subscription.onlyVisible || touchesVisible()) subscription.onVersion(version);
      }
    },
    end(fits) {
      for (const members of environments.values()) {
        for (const subscription of members.keys()) {
          if (!fits(subscription)) continue;
          leave(subscription);
          subscription.onEnd();
        }
      }
    },
  };
}
