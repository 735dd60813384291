import type { FieldError } from '@dimmer/core/api';
import {
  LIMITS,
  NO_REFERENCES,
  checkFlag,
  checkSegment,
  cycleMessage,
  findCycles,
  references,
  updateGraph,
  usesIn,
  variantsAskedFor,
} from '@dimmer/core/model';
import type { Flag, NodeName, PatternCheck, ReferenceGraph, Segment } from '@dimmer/core/model';
import { invalid } from '../refusal.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { ObjectKind } from '../storage/object-store.ts';
import type { Draft } from './draft.ts';
import type { ChangedObject, EnvironmentStep } from './environment-step.ts';
import { bytesAfter } from './publish.ts';

/** Throws 422 with every place of the request that breaks an invariant in some environment. */
export async function checkObjects(
  draft: Draft,
  steps: readonly EnvironmentStep[],
  checkPattern: PatternCheck,
): Promise<void> {
  const errors = new Map<string, FieldError>();
  const note = (error: FieldError): void => void errors.set(`${error.path} ${error.message}`, error);
  for (const { environment, objects } of steps) {
    checkSize(environment, objects).forEach(note);
    for (const object of objects) checkForm(object, checkPattern).forEach(note);
    // What a new environment refers to has been checked where it comes from; flags made while there was none have not.
    if (errors.size > 0 || draft.addedEnvironments.has(environment.id)) continue;
    const read = reader(draft, environment, objects);
    for (const object of objects) (await checkReferences(object, read)).forEach(note);
    (await checkCycles(objects, read)).forEach(note);
  }
  if (errors.size > 0) throw invalid([...errors.values()]);
}

function checkSize(environment: EnvironmentRow, objects: readonly ChangedObject[]): FieldError[] {
  const bytes = bytesAfter(environment, objects);
  if (bytes <= LIMITS.rulesetBytes || bytes <= environment.bytes) return [];
  const message = `the ruleset of ${environment.key} would have ${bytes} bytes; at most ${LIMITS.rulesetBytes} reach an SDK`;
  return [{ path: objects[0]?.path ?? '', message, code: 'TOO_LARGE' }];
}

/** Paths into the object become paths into the request. */
function checkForm({ kind, definition, path, settingsPath }: ChangedObject, checkPattern: PatternCheck): FieldError[] {
  if (!definition) return [];
  const errors = kind === 'flag' ? checkFlag(definition, '', checkPattern) : checkSegment(definition, '', checkPattern);
  return errors.map((error) => ({
    ...error,
    path: (SETTINGS.test(error.path) ? settingsPath : path) + error.path,
  }));
}

const SETTINGS = /^\/(enabled|off|rules|default)(\/|$)/;

type Read = (kind: ObjectKind, key: string) => Promise<Flag | Segment | undefined>;

/** Objects as they will be. */
function reader({ tx }: Draft, environment: EnvironmentRow, objects: readonly ChangedObject[]): Read {
  return async (kind, key) => {
    const changed = objects.find((object) => object.kind === kind && object.key === key);
    if (changed) return changed.definition;
    const row = await tx.objects.get(environment.id, kind, key);
    return row && JSON.parse(row.def);
  };
}

const UNKNOWN = { flag: 'UNKNOWN_FLAG', segment: 'UNKNOWN_SEGMENT' } as const;

/** A condition on what is not there never holds, which nobody means. */
async function checkReferences({ definition, settingsPath }: ChangedObject, read: Read): Promise<FieldError[]> {
  if (!definition) return [];
  const { flags, segments } = references(definition);
  const errors: FieldError[] = [];
  for (const [kind, keys] of [
    ['flag', flags],
    ['segment', segments],
  ] as const) {
    for (const key of keys) {
      if ((await read(kind, key)) !== undefined) continue;
      const places = usesIn(definition, { kind, key }, settingsPath);
      errors.push(...places.map((path) => ({ path, message: `there is no ${kind} "${key}"`, code: UNKNOWN[kind] })));
    }
  }
  for (const { path, flag: key, name } of variantsAskedFor(definition, settingsPath)) {
    const flag = await read('flag', key);
    if (!flag || !('variants' in flag) || Object.hasOwn(flag.variants, name)) continue;
    errors.push({ path, message: `the flag "${key}" has no variant "${name}"`, code: 'UNKNOWN_VARIANT' });
  }
  return errors;
}

/** A circle that was not there before goes through something that changed: only what that reaches is looked at. */
async function checkCycles(objects: readonly ChangedObject[], read: Read): Promise<FieldError[]> {
  const referring = objects.filter(({ definition }) => definition && refersToAny(definition));
  if (referring.length === 0) return [];
  const graph = await reachable(referring, read);
  const from = {
    flags: referring.filter(({ kind }) => kind === 'flag').map(({ key }) => key),
    segments: referring.filter(({ kind }) => kind === 'segment').map(({ key }) => key),
  };
  return findCycles(graph, from).flatMap((cycle) => {
    const at = cycle.findIndex((node) => findObject(referring, node) !== undefined);
    const [here, next] = [cycle[at], cycle[(at + 1) % cycle.length]];
    const place = here && findObject(referring, here);
    const uses = place?.definition && next ? usesIn(place.definition, next, place.settingsPath) : [];
    return uses.map((path) => ({ path, message: cycleMessage(cycle), code: 'CIRCLE' }));
  });
}

function findObject(objects: readonly ChangedObject[], { kind, key }: NodeName): ChangedObject | undefined {
  return objects.find((object) => object.kind === kind && object.key === key);
}

function refersToAny(definition: Flag | Segment): boolean {
  const { flags, segments } = references(definition);
  return flags.size + segments.size > 0;
}

async function reachable(from: readonly ChangedObject[], read: Read): Promise<ReferenceGraph> {
  let graph = NO_REFERENCES;
  const seen = new Set<string>();
  const waiting = from.map(({ kind, key }) => ({ kind, key }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { kind, key } = next;
    if (seen.has(`${kind} ${key}`)) continue;
    seen.add(`${kind} ${key}`);
    const definition = await read(kind, key);
    if (!definition) continue;
    graph = updateGraph(
      graph,
      'condition' in definition ? { segments: [[key, definition]] } : { flags: [[key, definition]] },
    );
    const { flags, segments } = references(definition);
    waiting.push(...[...flags].map((flag) => ({ kind: 'flag' as const, key: flag })));
    waiting.push(...[...segments].map((segment) => ({ kind: 'segment' as const, key: segment })));
  }
  return graph;
}
