import type { Parameters } from '@dimmer/core/protocol';
import type { RulesetSource, RulesetVersion } from '../ruleset/ruleset-source.ts';
import { BrowserValues } from './browser-values.ts';
import type { EvaluateValue } from './browser-values.ts';
import { receiptJitterMs, toParameters } from './control-frames.ts';
import type { HubLimits } from './limits.ts';
import { Room } from './room.ts';
import type { Member } from './room.ts';
import { ValueDeltas } from './value-deltas.ts';

/** An environment as its key names it. */
export interface EnvironmentName {
  readonly id: string;
  readonly key: string;
  readonly project: string;
}

/** Somebody connected to an environment. */
export interface Guest extends Member {
  /** Time has passed: values may depend on it. */
  offerTime(): void;
}

/** Everything connected to one environment. */
export class EnvironmentHub {
  readonly name: EnvironmentName;
  readonly servers: Room<Guest>;
  readonly browsers: Room<Guest>;
  readonly values: BrowserValues;
  readonly deltas: ValueDeltas = new ValueDeltas();
  readonly #source: RulesetSource;
  readonly #limits: HubLimits;
  readonly #waiting = new Set<() => void>();

  constructor(
    name: EnvironmentName,
    source: RulesetSource,
    limits: HubLimits,
    evaluate: EvaluateValue,
    onError: (guest: Guest, error: unknown) => void,
  ) {
    this.name = name;
    this.#source = source;
    this.#limits = limits;
    this.values = new BrowserValues(evaluate);
    this.servers = new Room(limits.slice, onError);
    this.browsers = new Room(limits.slice, onError);
  }

  /** What `welcome` says. */
  parameters(): Parameters {
    const { receiptJitterMs } = this;
    return toParameters({ environment: this.name, epoch: this.#source.epoch, receiptJitterMs }, this.#limits);
  }

  /** How long receipts are to be held back at most, as many as are connected now. */
  get receiptJitterMs(): number {
    return receiptJitterMs(this.servers.members.size + this.browsers.members.size, this.#limits);
  }

  publish(version: RulesetVersion): void {
    // Before any browser is looked at, so that what was visible until now is still known.
    if (this.values.isFollowed) this.values.touched(version);
    this.servers.publish(version);
    this.browsers.publish(version);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Lets values that depend on the time be looked at again. */
  offerTime(): void {
    const head = this.#source.peek(this.name.id);
    if (head === undefined || this.browsers.members.size === 0 || this.values.timed(head).length === 0) return;
    for (const guest of this.browsers.members) guest.offerTime();
  }

  /** Runs once, with the next version; the answer calls it off. */
  onceVersion(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }
}
