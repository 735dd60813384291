import type { Flag, FlagType, Json, Segment } from '@dimmer/core/model';
import type { Context } from '@dimmer/core/model';
import type { DataSource } from '@dimmer/core/replica';
import type { BootstrapSource } from './bootstrap.ts';
import type { Client, Status } from './client.ts';
import { HeldRuleset } from './held-ruleset.ts';
import { RulesetClient } from './ruleset-client.ts';

/** A flag of a test: a value that everybody gets, or a whole flag with rules. */
export type TestFlag = Json | Flag;

/** What a test client starts with. */
export interface TestClientOptions {
  readonly flags?: Readonly<Record<string, TestFlag>>;
  readonly segments?: Readonly<Record<string, Segment>>;
  /** Attributes that every context gets unless it has its own. */
  readonly context?: Context;
}

/** A client without a server, whose flags the test sets. */
export interface TestClient extends Client {
  /** Puts a flag; `change` is emitted before this returns. */
  set(key: string, flag: TestFlag): void;
  /** Puts several at once, as one change. */
  set(flags: Readonly<Record<string, TestFlag>>): void;
  /** Removes a flag. */
  remove(key: string): void;
  /** Puts a segment. */
  setSegment(key: string, segment: Segment): void;
}

/** Makes a client that answers from flags in memory: ready at once, no network, no timers. */
export function createTestClient(options: TestClientOptions = {}): TestClient {
  return new InMemoryClient(options);
}

class InMemoryClient extends RulesetClient implements TestClient {
  readonly #held = new HeldRuleset();
  #flags: ReadonlyMap<string, { h: string; def: Flag }> = new Map();
  #segments: ReadonlyMap<string, { h: string; def: Segment }> = new Map();
  #version = 0;
  #closed = false;

  constructor({ flags = {}, segments = {}, context }: TestClientOptions) {
    super(context);
    this.#put(Object.entries(flags), Object.entries(segments));
  }

  get status(): Status {
    const state = this.#closed ? 'closed' : 'live';
    return { state, source: 'live', version: this.#version, digest: '0'.repeat(16), ageMs: 0, transport: null };
  }

  async ready(): Promise<DataSource> {
    return 'live';
  }

  set(key: string, flag: TestFlag): void;
  set(flags: Readonly<Record<string, TestFlag>>): void;
  set(...put: [string, TestFlag] | [Readonly<Record<string, TestFlag>>]): void {
    const flags = put.length === 2 ? { [put[0]]: put[1] } : put[0];
    this.#put(Object.entries(flags), []);
  }

  remove(key: string): void {
    const flags = new Map(this.#flags);
    flags.delete(key);
    this.#swap(flags, this.#segments, { flags: [key] });
  }

  setSegment(key: string, segment: Segment): void {
    this.#put([], [[key, segment]]);
  }

  setKey(): void {}

  async close(): Promise<void> {
    this.#closed = true;
  }

  protected bootstrapSource(): BootstrapSource {
    const { evaluator } = this;
    return { environment: 'test', epoch: '0'.repeat(32), version: this.#version, flags: this.#flags, evaluator };
  }

  #put(flags: readonly [string, TestFlag][], segments: readonly [string, Segment][]): void {
    const entry = <D>(def: D): { h: string; def: D } => ({ h: '', def });
    this.#swap(
      new Map([...this.#flags, ...flags.map(([key, flag]) => [key, entry(toFlag(flag))] as const)]),
      new Map([...this.#segments, ...segments.map(([key, segment]) => [key, entry(segment)] as const)]),
      { flags: flags.map(([key]) => key), segments: segments.map(([key]) => key) },
    );
  }

  #swap(
    flags: ReadonlyMap<string, { h: string; def: Flag }>,
    segments: ReadonlyMap<string, { h: string; def: Segment }>,
    changed: { readonly flags?: readonly string[]; readonly segments?: readonly string[] },
  ): void {
    this.#flags = flags;
    this.#segments = segments;
    const affected = this.#held.swap({ flags, segments }, changed);
    this.evaluator = this.#held.evaluator;
    this.#version++;
    this.emit('change', { version: this.#version, flags: affected });
  }
}

/** A flag as it is; a value as the flag that serves it to everybody. */
function toFlag(flag: TestFlag): Flag {
  if (isFlag(flag)) return flag;
  if (typeof flag === 'boolean') {
    const variants = { on: { value: true }, off: { value: false } };
    return { type: 'boolean', variants, enabled: true, default: flag ? 'on' : 'off' };
  }
  return { type: typeOf(flag), variants: { value: { value: flag } }, enabled: true, default: 'value' };
}

function isFlag(flag: TestFlag): flag is Flag {
  return typeof flag === 'object' && flag !== null && 'variants' in flag && 'enabled' in flag && 'type' in flag;
}

function typeOf(value: Json): FlagType {
  const type = typeof value;
  return type === 'boolean' || type === 'string' || type === 'number' ? type : 'object';
}
