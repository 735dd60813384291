import { createEvaluator } from '@dimmer/core/evaluation';
import type { DefinitionSource, Evaluator } from '@dimmer/core/evaluation';
import type { Flag, Ruleset, Segment } from '@dimmer/core/model';
import { encodeCursor } from '@dimmer/core/protocol';
import type { SnapshotReason } from '@dimmer/core/protocol';
import type { VersionStep } from '../changes/change-feed.ts';
import { compilePattern } from '../changes/patterns.ts';
import type { ServedHead } from '../storage/serving-reads.ts';
import { deltaFrame, snapshotBytes, snapshotFrames } from './frames.ts';
import type { RulesetStep, RulesetVersion } from './ruleset-source.ts';
import { StoredObject } from './stored-object.ts';

/** Objects of a version, by key. */
export interface VersionObjects {
  readonly flags: ReadonlyMap<string, StoredObject<Flag>>;
  readonly segments: ReadonlyMap<string, StoredObject<Segment>>;
}

/** What was compiled before, and what has changed since. Not the version before: that would keep all of them. */
interface CompiledBefore {
  readonly evaluator: Evaluator;
  readonly changedFlags: ReadonlySet<string>;
  readonly changedSegments: ReadonlySet<string>;
}

interface VersionFields {
  readonly environmentId: string;
  readonly environmentKey: string;
  readonly projectKey: string;
  readonly epoch: string;
  readonly version: number;
  readonly digest: string;
  readonly committedAt: number;
  readonly bytes: number;
  readonly objects: VersionObjects;
  readonly step?: RulesetStep;
  readonly before?: CompiledBefore;
}

/** What one version changed, with everything that depends on it. */
export interface ResolvedStep extends RulesetStep {
  readonly changedSegments: readonly string[];
}

/** One environment at one version, parsed, framed and compiled as far as somebody asked. */
export class CachedVersion implements RulesetVersion {
  readonly environmentId: string;
  readonly environmentKey: string;
  readonly projectKey: string;
  readonly epoch: string;
  readonly version: number;
  readonly digest: string;
  readonly cursor: string;
  readonly committedAt: number;
  readonly snapshotBytes: number;
  readonly objects: VersionObjects;
  readonly step?: RulesetStep;
  #before: CompiledBefore | undefined;
  #ruleset: Ruleset | undefined;
  #evaluator: Evaluator | undefined;
  #delta: Buffer | undefined;
  readonly #snapshots = new Map<SnapshotReason | undefined, readonly Buffer[]>();

  private constructor(fields: VersionFields) {
    this.environmentId = fields.environmentId;
    this.environmentKey = fields.environmentKey;
    this.projectKey = fields.projectKey;
    this.epoch = fields.epoch;
    this.version = fields.version;
    this.digest = fields.digest;
    this.cursor = encodeCursor(fields);
    this.committedAt = fields.committedAt;
    this.snapshotBytes = snapshotBytes(fields.bytes);
    this.objects = fields.objects;
    if (fields.step) this.step = fields.step;
    this.#before = fields.before;
  }

  /** The head as the database has it: nothing is parsed or framed. */
  static load(head: ServedHead, epoch: string): CachedVersion {
    const flags = new Map<string, StoredObject<Flag>>();
    const segments = new Map<string, StoredObject<Segment>>();
    for (const { kind, key, h, def } of head.objects) {
      if (kind === 'flag') flags.set(key, new StoredObject(h, def));
      else segments.set(key, new StoredObject(h, def));
    }
    const { id, key, projectKey, version, digest, committedAt, bytes } = head;
    const names = { environmentId: id, environmentKey: key, projectKey, epoch };
    return new CachedVersion({ ...names, version, digest, committedAt, bytes, objects: { flags, segments } });
  }

  /** The version after this one. `resolve` finds what depends on the objects changed. */
  next(change: VersionStep, resolve: (step: VersionStep, objects: VersionObjects) => ResolvedStep): CachedVersion {
    const objects = applyStep(this.objects, change);
    const { changedSegments, ...step } = resolve(change, objects);
    const { digest, committedAt, bytes } = change;
    const before = this.#compiled(step.changedFlags, changedSegments);
    return new CachedVersion({
      environmentId: this.environmentId,
      environmentKey: this.environmentKey,
      projectKey: this.projectKey,
      epoch: this.epoch,
      version: this.version + 1,
      digest,
      committedAt,
      bytes,
      objects,
      step,
      ...(before && { before }),
    });
  }

  ruleset(): Ruleset {
    const definitions = <T extends Flag | Segment>(map: ReadonlyMap<string, StoredObject<T>>): Record<string, T> =>
      Object.freeze(Object.fromEntries([...map].map(([key, object]) => [key, object.definition])));
    const { flags, segments } = this.objects;
    return (this.#ruleset ??= Object.freeze({ flags: definitions(flags), segments: definitions(segments) }));
  }

  evaluator(): Evaluator {
    if (this.#evaluator) return this.#evaluator;
    const { flags, segments } = this.objects;
    const source: DefinitionSource = {
      flag: (key) => flags.get(key)?.definition,
      segment: (key) => segments.get(key)?.definition,
      flagKeys: () => flags.keys(),
    };
    const before = this.#before;
    this.#before = undefined;
    return (this.#evaluator = before
      ? before.evaluator.next(source, before.changedFlags, before.changedSegments)
      : createEvaluator(source, { patterns: compilePattern }));
  }

  deltaFrame(): Buffer | undefined {
    const { step } = this;
    if (!step) return undefined;
    return (this.#delta ??= this.deltaFrom(this.version - 1, {
      flags: new Set([...step.put.flags, ...step.remove.flags]),
      segments: new Set([...step.put.segments, ...step.remove.segments]),
    }));
  }

  /** A delta to this version from one since which no other objects were touched than these. */
  deltaFrom(from: number, touched: { readonly flags: Iterable<string>; readonly segments: Iterable<string> }): Buffer {
    const flags = split(touched.flags, this.objects.flags);
    const segments = split(touched.segments, this.objects.segments);
    return deltaFrame(
      from,
      this,
      { flags: flags.put, segments: segments.put },
      { flags: flags.remove, segments: segments.remove },
    );
  }

  snapshotFrames(reason?: SnapshotReason): readonly Buffer[] {
    const known = this.#snapshots.get(reason);
    if (known) return known;
    const frames = snapshotFrames(this, this.objects, reason);
    this.#snapshots.set(reason, frames);
    return frames;
  }

  #compiled(flags: readonly string[], segments: readonly string[]): CompiledBefore | undefined {
    const { evaluator, changedFlags, changedSegments } = this.#evaluator
      ? { evaluator: this.#evaluator, changedFlags: NOTHING, changedSegments: NOTHING }
      : (this.#before ?? {});
    return (
      evaluator && {
        evaluator,
        changedFlags: new Set([...(changedFlags ?? []), ...flags]),
        changedSegments: new Set([...(changedSegments ?? []), ...segments]),
      }
    );
  }
}

const NOTHING: ReadonlySet<string> = new Set();

function applyStep(objects: VersionObjects, { put, remove }: VersionStep): VersionObjects {
  const flags = new Map(objects.flags);
  const segments = new Map(objects.segments);
  for (const { kind, key, h, def } of put) {
    if (kind === 'flag') flags.set(key, new StoredObject(h, def));
    else segments.set(key, new StoredObject(h, def));
  }
  for (const { kind, key } of remove) (kind === 'flag' ? flags : segments).delete(key);
  return { flags, segments };
}

function split<T>(keys: Iterable<string>, map: ReadonlyMap<string, T>): { put: [string, T][]; remove: string[] } {
  const put: [string, T][] = [];
  const remove: string[] = [];
  for (const key of keys) {
    const object = map.get(key);
    if (object) put.push([key, object]);
    else remove.push(key);
  }
  return { put, remove };
}
