import type { Flag, Segment } from '@dimmer/core/model';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { ObjectRow } from '../storage/object-store.ts';
import type { ReadTx } from '../storage/storage.ts';
import type { Draft, TouchedObject } from './draft.ts';
import { byKey, toObjectRow, toWireFlag } from './wire.ts';

/** An object that comes out differently. */
export interface ChangedObject extends TouchedObject {
  readonly before: ObjectRow | undefined;
  readonly after: ObjectRow | undefined;
  /** What `after` says. */
  readonly definition: Flag | Segment | undefined;
}

/** What a change set does to the wire state of one environment. */
export interface EnvironmentStep {
  readonly environment: EnvironmentRow;
  /** By key. */
  readonly objects: readonly ChangedObject[];
}

/** The environments whose ruleset comes out differently, and those that are new, in their order. */
export async function environmentSteps(draft: Draft): Promise<EnvironmentStep[]> {
  const steps: EnvironmentStep[] = [];
  for (const environment of draft.environments) {
    const isNew = draft.addedEnvironments.has(environment.id);
    const objects = isNew ? await everything(draft, environment) : await differing(draft, environment);
    if (isNew || objects.length > 0) steps.push({ environment, objects });
  }
  return steps;
}

/** From so many objects on, all are read at once: every statement may be a journey to another machine. */
const MANY = 50;

async function differing(draft: Draft, environment: EnvironmentRow): Promise<ChangedObject[]> {
  const all = draft.touchedIn(environment);
  const known = all.length < MANY ? undefined : await readAll(draft, environment);
  const changed: ChangedObject[] = [];
  for (const touched of all) {
    const { kind, key } = touched;
    const definition = known ? known.definition(touched) : await definitionOf(draft, environment, touched);
    const before = known ? known.before(touched) : await draft.tx.objects.get(environment.id, kind, key);
    const after = definition && toObjectRow(kind, key, definition);
    if (before?.def !== after?.def) changed.push({ ...touched, before, after, definition });
  }
  return changed.sort(byKey);
}

type Named = Pick<TouchedObject, 'kind' | 'key'>;

async function readAll(
  { tx }: Draft,
  environment: EnvironmentRow,
): Promise<{
  definition: (object: Named) => Flag | Segment | undefined;
  before: (object: Named) => ObjectRow | undefined;
}> {
  const nameOf = ({ kind, key }: Named): string => `${kind}:${key}`;
  const stored = new Map((await tx.objects.all(environment.id)).map((row) => [nameOf(row), row]));
  const built = new Map((await readDefinitions(tx, environment)).map((one) => [nameOf(one), one.definition]));
  return { definition: (object) => built.get(nameOf(object)), before: (object) => stored.get(nameOf(object)) };
}

async function definitionOf(
  { tx, project }: Draft,
  environment: EnvironmentRow,
  { kind, key }: TouchedObject,
): Promise<Flag | Segment | undefined> {
  if (kind === 'segment') {
    const settings = await tx.segments.settings(environment.id, key);
    return settings && { condition: settings.condition };
  }
  const flag = await tx.flags.byKey(project.id, key);
  const settings = await tx.flags.settings(environment.id, key);
  return flag && settings && flag.archivedAt === null ? toWireFlag(flag, settings) : undefined;
}

async function everything(draft: Draft, environment: EnvironmentRow): Promise<ChangedObject[]> {
  const rows = await buildObjects(draft.tx, environment);
  return rows.map(({ row, definition }) => ({
    kind: row.kind,
    key: row.key,
    path: `/${row.kind}s/${row.key}`,
    settingsPath: `/${row.kind}s/${row.key}/settings/${environment.key}`,
    before: undefined,
    after: row,
    definition,
  }));
}

/** The whole wire state of an environment, made anew from flags and segments; flags by key, then segments by key. */
export async function buildObjects(
  tx: Pick<ReadTx, 'flags' | 'segments'>,
  environment: Pick<EnvironmentRow, 'id' | 'projectId'>,
): Promise<{ row: ObjectRow; definition: Flag | Segment }[]> {
  const definitions = await readDefinitions(tx, environment);
  return definitions.map(({ kind, key, definition }) => ({ row: toObjectRow(kind, key, definition), definition }));
}

async function readDefinitions(
  tx: Pick<ReadTx, 'flags' | 'segments'>,
  environment: Pick<EnvironmentRow, 'id' | 'projectId'>,
): Promise<(Named & { readonly definition: Flag | Segment })[]> {
  const flags = await tx.flags.list(environment.projectId, { archived: false });
  const settings = new Map((await tx.flags.settingsIn(environment.id)).map((row) => [row.flag, row]));
  const segments = await tx.segments.settingsIn(environment.id);
  return [
    ...flags.flatMap((flag) => {
      const own = settings.get(flag.key);
      return own ? [{ kind: 'flag' as const, key: flag.key, definition: toWireFlag(flag, own) }] : [];
    }),
    ...segments.map(({ segment, condition }) => ({
      kind: 'segment' as const,
      key: segment,
      definition: { condition },
    })),
  ];
}
