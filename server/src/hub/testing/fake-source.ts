import { createEvaluator } from '@dimmer/core/evaluation';
import type { Flag, Ruleset, Segment } from '@dimmer/core/model';
import { createDigestSum, encodeCursor } from '@dimmer/core/protocol';
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../changes/etag.ts';
import { notFound } from '../../refusal.ts';
import type { CatchUp, RulesetSource, RulesetStep, RulesetVersion, WireObject } from '../../ruleset/ruleset-source.ts';

/** One change of a fake environment. */
export interface FakeChange {
  readonly flags?: Readonly<Record<string, Flag | null>>;
  readonly segments?: Readonly<Record<string, Segment | null>>;
  /** Flags that refer to what changed. */
  readonly dependants?: readonly string[];
}

/** A source in memory whose versions a test makes, and whose database it can take away. */
export interface FakeSource extends RulesetSource {
  epoch: string;
  since: RulesetSource['since'];
  commit(environmentId: string, change: FakeChange): RulesetVersion;
  addEnvironment(id: string, key?: string): void;
  removeEnvironment(id: string): void;
  /** All versions, from the first. */
  history(environmentId: string): readonly RulesetVersion[];
  /** What reading the database's head gives; undefined: it cannot be read. */
  database: ((environmentId: string) => RulesetVersion) | undefined;
  /** Makes the log begin after this version. */
  forgetLog(environmentId: string, upTo: number): void;
}

const EPOCH = '0123456789abcdef0123456789abcdef';

export function createFakeSource(now: () => number = Date.now): FakeSource {
  const names = new Map<string, { id: string; key: string; projectKey: string }>();
  const histories = new Map<string, RulesetVersion[]>();
  const logStarts = new Map<string, number>();
  const versionListeners = new Set<(version: RulesetVersion) => void>();
  const environmentListeners = new Set<Parameters<RulesetSource['onEnvironment']>[0]>();
  const headOf = (id: string): RulesetVersion => {
    const head = histories.get(id)?.at(-1);
    if (head === undefined) throw notFound('environment');
    return head;
  };
  const source: FakeSource = {
    epoch: EPOCH,
    database: headOf,
    history: (id) => histories.get(id) ?? [],
    environments: () => [...names.values()],
    peek: (id) => histories.get(id)?.at(-1),
    head: async (id) => headOf(id),
    async refresh(id) {
      if (source.database === undefined) throw new Error('The database does not answer');
      return source.database(id);
    },
    async since(id, version, digest) {
      return catchUp(headOf(id), histories.get(id) ?? [], logStarts.get(id) ?? 0, version, digest);
    },
    at: async (id, version) => histories.get(id)?.[version - 1]?.ruleset(),
    onVersion(listener) {
      versionListeners.add(listener);
      return () => void versionListeners.delete(listener);
    },
    onEnvironment(listener) {
      environmentListeners.add(listener);
      return () => void environmentListeners.delete(listener);
    },
    commit(id, change) {
      const version = nextVersion(headOf(id), change, source.epoch, now());
      histories.get(id)?.push(version);
      for (const listener of versionListeners) listener(version);
      return version;
    },
    addEnvironment(id, key = id) {
      names.set(id, { id, key, projectKey: 'default' });
      histories.set(id, [firstVersion(id, key, source.epoch, now())]);
    },
    removeEnvironment(id) {
      const name = names.get(id);
      names.delete(id);
      histories.delete(id);
      if (name !== undefined) for (const listener of environmentListeners) listener({ ...name, removed: true });
    },
    forgetLog: (id, upTo) => void logStarts.set(id, upTo),
  };
  return source;
}

function catchUp(
  head: RulesetVersion,
  history: readonly RulesetVersion[],
  logStart: number,
  version: number,
  digest: string,
): CatchUp {
  if (version > head.version) return { kind: 'ahead' };
  if (version <= logStart) return { kind: 'compacted' };
  const known = history[version - 1];
  if (known?.digest !== digest) return { kind: 'diverged' };
  if (known === head) return { kind: 'current' };
  const steps = history.slice(version).flatMap(({ step }) => step ?? []);
  const flags = new Set(steps.flatMap(({ put, remove }) => [...put.flags, ...remove.flags]));
  const segments = new Set(steps.flatMap(({ put, remove }) => [...put.segments, ...remove.segments]));
  const frame = deltaFrame(known, head, flags, segments);
  return { kind: 'delta', frame, bytes: frame.length, to: head };
}

function deltaFrame(
  from: RulesetVersion,
  to: RulesetVersion,
  flags: Iterable<string>,
  segments: Iterable<string>,
): Buffer {
  const [putFlags, goneFlags] = pick(flags, to.objects.flags);
  const [putSegments, goneSegments] = pick(segments, to.objects.segments);
  return Buffer.from(
    JSON.stringify({
      type: 'delta',
      from: from.version,
      to: to.version,
      cursor: to.cursor,
      digest: to.digest,
      put: { flags: putFlags, segments: putSegments },
      remove: { flags: goneFlags, segments: goneSegments },
    }),
  );
}

function pick(keys: Iterable<string>, objects: ReadonlyMap<string, WireObject>): [Record<string, unknown>, string[]] {
  const put: Record<string, unknown> = {};
  const gone: string[] = [];
  for (const key of keys) {
    const object = objects.get(key);
    if (object === undefined) gone.push(key);
    else put[key] = toEntry(object);
  }
  return [put, gone];
}

const toEntry = ({ h, text }: WireObject): { h: string; def: unknown } => ({ h, def: JSON.parse(text) });

type Objects = RulesetVersion['objects'];

function firstVersion(id: string, key: string, epoch: string, at: number): RulesetVersion {
  return toVersion(id, key, epoch, at, 1, { flags: new Map(), segments: new Map() }, undefined, undefined);
}

function nextVersion(before: RulesetVersion, change: FakeChange, epoch: string, at: number): RulesetVersion {
  const flags = applied('flag', before.objects.flags, change.flags ?? {});
  const segments = applied('segment', before.objects.segments, change.segments ?? {});
  const step: RulesetStep = {
    put: { flags: flags.put, segments: segments.put },
    remove: { flags: flags.gone, segments: segments.gone },
    changedFlags: [...flags.put, ...flags.gone, ...(change.dependants ?? [])],
  };
  const objects = { flags: flags.objects, segments: segments.objects };
  const { environmentId, environmentKey, version } = before;
  return toVersion(environmentId, environmentKey, epoch, at, version + 1, objects, step, before);
}

function applied(
  kind: 'flag' | 'segment',
  before: ReadonlyMap<string, WireObject>,
  change: Readonly<Record<string, Flag | Segment | null>>,
): { objects: Map<string, WireObject>; put: string[]; gone: string[] } {
  const objects = new Map(before);
  const put: string[] = [];
  const gone: string[] = [];
  for (const [key, object] of Object.entries(change)) {
    (object === null ? gone : put).push(key);
    if (object === null) {
      objects.delete(key);
      continue;
    }
    const hash = createHash('sha256')
      .update(canonicalJson([kind, key, object]))
      .digest('hex');
    objects.set(key, { h: hash.slice(0, 16), text: canonicalJson(object) });
  }
  return { objects, put, gone };
}

function toVersion(
  environmentId: string,
  environmentKey: string,
  epoch: string,
  committedAt: number,
  version: number,
  objects: Objects,
  step: RulesetStep | undefined,
  before: RulesetVersion | undefined,
): RulesetVersion {
  const sum = createDigestSum();
  for (const { h } of [...objects.flags.values(), ...objects.segments.values()]) sum.add(h);
  const digest = sum.hex();
  const cursor = encodeCursor({ epoch, version, digest });
  const ruleset = (): Ruleset => {
    const parsed = { flags: {}, segments: {} };
    for (const [key, { text }] of objects.flags) Object.assign(parsed.flags, { [key]: JSON.parse(text) });
    for (const [key, { text }] of objects.segments) Object.assign(parsed.segments, { [key]: JSON.parse(text) });
    return parsed;
  };
  const snapshot = (reason?: string): Buffer => {
    const [flags] = pick(objects.flags.keys(), objects.flags);
    const [segments] = pick(objects.segments.keys(), objects.segments);
    const head = { type: 'snapshot', version, cursor, digest, ...(reason !== undefined && { reason }) };
    return Buffer.from(JSON.stringify({ ...head, part: 1, parts: 1, flags, segments }));
  };
  const made: RulesetVersion = {
    environmentId,
    environmentKey,
    projectKey: 'default',
    version,
    digest,
    cursor,
    committedAt,
    objects,
    snapshotBytes: snapshot().length,
    ...(step !== undefined && { step }),
    ruleset,
    evaluator: once(() => createEvaluator(ruleset())),
    deltaFrame: once(() => {
      if (before === undefined || step === undefined) return undefined;
      const { put, remove } = step;
      return deltaFrame(before, made, [...put.flags, ...remove.flags], [...put.segments, ...remove.segments]);
    }),
    snapshotFrames: (reason) => [snapshot(reason)],
  };
  return made;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
