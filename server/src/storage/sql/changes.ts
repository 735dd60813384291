import { and, desc, eq, exists, gte, isNull, lt, or, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { ChangeFilter, ChangeRow, ChangeStore } from '../change-store.ts';
import { lazy } from '../lazy.ts';
import { chunks, param } from './db.ts';
import type { Db, Tables } from './db.ts';
import type { Dialect } from './dialect.ts';

/** From so many rows on, one statement for all is quicker than a prepared one for each. */
const MANY = 8;

export function createChangeStore(db: Db, tables: Tables, dialect: Dialect): ChangeStore {
  const { changes, changeObjects } = tables;
  const insertChange = lazy(() =>
    db
      .insert(changes)
      .values({
        id: param('id'),
        projectId: param('projectId'),
        seq: param('seq'),
        at: param('at'),
        actor: param('actor'),
        comment: param('comment'),
        versions: param('versions'),
        effects: param('effects'),
        reverts: param('reverts'),
      })
      .prepare(),
  );
  const insertObject = lazy(() =>
    db
      .insert(changeObjects)
      .values({
        changeId: param('changeId'),
        projectId: param('projectId'),
        seq: param('seq'),
        kind: param('kind'),
        key: param('key'),
      })
      .prepare(),
  );
  return {
    async byId(id) {
      return (await db.select().from(changes).where(eq(changes.id, id)))[0];
    },
    async list(projectId, filter) {
      return db
        .select()
        .from(changes)
        .where(
          and(
            projectId === null ? isNull(changes.projectId) : eq(changes.projectId, projectId),
            ...conditions({ db, tables, dialect }, projectId, filter),
          ),
        )
        .orderBy(desc(changes.seq))
        .limit(filter.limit);
    },
    async insert(row) {
      await insertChange().execute({ ...row });
      const { id: changeId, projectId, seq } = row;
      const objects = objectsOf(row).map((object) => ({ changeId, projectId, seq, ...object }));
      if (objects.length > MANY) for (const part of chunks(objects)) await db.insert(changeObjects).values(part);
      else for (const object of objects) await insertObject().execute(object);
    },
  };
}

interface Source {
  readonly db: Db;
  readonly tables: Tables;
  readonly dialect: Dialect;
}

function conditions({ db, tables, dialect }: Source, projectId: string | null, filter: ChangeFilter): SQL[] {
  const { changes, changeObjects } = tables;
  const list: (SQL | undefined)[] = [];
  const about = (kind: string, key: string): SQL =>
    exists(
      db
        .select({ one: sql`1` })
        .from(changeObjects)
        .where(
          and(
            projectId === null ? isNull(changeObjects.projectId) : eq(changeObjects.projectId, projectId),
            eq(changeObjects.kind, kind),
            eq(changeObjects.key, key),
            eq(changeObjects.changeId, changes.id),
          ),
        ),
    );
  if (filter.environment !== undefined) list.push(about('environment', filter.environment));
  if (filter.flag !== undefined) list.push(about('flag', filter.flag));
  if (filter.since !== undefined) list.push(gte(changes.at, filter.since));
  if (filter.before !== undefined) list.push(lt(changes.seq, filter.before));
  if (filter.actor !== undefined) {
    const field = (name: string): SQL => dialect.member(changes.actor, name);
    list.push(or(eq(field('id'), filter.actor), eq(field('name'), filter.actor)));
  }
  return list.filter((condition) => condition !== undefined);
}

function objectsOf(row: ChangeRow): { kind: string; key: string }[] {
  const flags = new Set<string>();
  const environments = new Set(Object.keys(row.versions));
  for (const { object } of row.effects) {
    if (object.kind === 'flag' || object.kind === 'flag-settings') flags.add(object.key);
    if (object.kind === 'environment') environments.add(object.key);
    else if (object.environment !== undefined) environments.add(object.environment);
  }
  return [
    ...[...flags].map((key) => ({ kind: 'flag', key })),
    ...[...environments].map((key) => ({ kind: 'environment', key })),
  ];
}
