import { NO_REFERENCES, dependants, updateGraph } from '@dimmer/core/model';
import type { Flag, ReferenceGraph, Segment } from '@dimmer/core/model';
import type { VersionStep } from '../changes/change-feed.ts';
import type { ObjectKind } from '../storage/object-store.ts';
import type { ResolvedStep, VersionObjects } from './ruleset-version.ts';
import type { StoredObject } from './stored-object.ts';

/** Who refers to whom in one environment, brought along from version to version. */
export class DependencyGraph {
  #graph: ReferenceGraph | undefined;

  /** What a step changed, with everything that comes out differently for it. `objects` are those after it. */
  resolve(step: VersionStep, objects: VersionObjects): ResolvedStep {
    const put = keysOf(step.put);
    const remove = keysOf(step.remove);
    this.#graph = this.#graph
      ? updateGraph(
          this.#graph,
          { flags: pick(put.flags, objects.flags), segments: pick(put.segments, objects.segments) },
          remove,
        )
      : everything(objects);
    const changed = {
      flags: [...put.flags, ...remove.flags],
      segments: [...put.segments, ...remove.segments],
    };
    const reached = dependants(changed, this.#graph);
    return { put, remove, changedFlags: [...reached.flags], changedSegments: [...reached.segments] };
  }
}

function keysOf(rows: readonly { readonly kind: ObjectKind; readonly key: string }[]): {
  readonly flags: string[];
  readonly segments: string[];
} {
  const of = (kind: ObjectKind): string[] => rows.filter((row) => row.kind === kind).map(({ key }) => key);
  return { flags: of('flag'), segments: of('segment') };
}

function pick<T extends Flag | Segment>(
  keys: readonly string[],
  objects: ReadonlyMap<string, StoredObject<T>>,
): [string, T][] {
  return keys.flatMap((key): [string, T][] => {
    const object = objects.get(key);
    return object ? [[key, object.definition]] : [];
  });
}

/** Only objects that may refer to something are parsed: of thousands of flags, a few. */
function everything({ flags, segments }: VersionObjects): ReferenceGraph {
  return updateGraph(NO_REFERENCES, { flags: referring(flags), segments: referring(segments) });
}

function referring<T extends Flag | Segment>(objects: ReadonlyMap<string, StoredObject<T>>): [string, T][] {
  const found: [string, T][] = [];
  for (const [key, object] of objects) {
    if (object.text.includes('"segment":"') || object.text.includes('"flag":"')) found.push([key, object.definition]);
  }
  return found;
}
