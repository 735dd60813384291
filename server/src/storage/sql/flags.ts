import { and, asc, eq, gt, inArray, isNotNull, isNull } from 'drizzle-orm';
import type { FlagReads, FlagStore } from '../flag-store.ts';
import { lazy } from '../lazy.ts';
import { chunks, param, sqlParam } from './db.ts';
import type { Db, Tables } from './db.ts';
import { createFlagSettingsReads, toStored } from './flag-settings.ts';

export function createFlagStore(db: Db, tables: Tables): FlagStore {
  const { flags, flagSettings } = tables;
  const markChanged = lazy(() =>
    db
      .update(flags)
      .set({ changedAt: sqlParam('at'), changedBy: sqlParam('by') })
      .where(and(eq(flags.projectId, param('projectId')), eq(flags.key, param('key'))))
      .prepare(),
  );
  const updateSettings = lazy(() =>
    db
      .update(flagSettings)
      .set({
        enabled: sqlParam('enabled'),
        off: sqlParam('off'),
        rules: sqlParam('rules'),
        default: sqlParam('default'),
      })
      .where(and(eq(flagSettings.environmentId, param('environmentId')), eq(flagSettings.flag, param('flag'))))
      .prepare(),
  );
  return {
    ...createFlagSettingsReads(db, tables),
    ...createReads(db, tables),
    async insert(row) {
      await db.insert(flags).values(row);
    },
    async update({ projectId, key, type: _type, createdAt: _createdAt, ...words }) {
      await db
        .update(flags)
        .set(words)
        .where(and(eq(flags.projectId, projectId), eq(flags.key, key)));
    },
    async markChanged(projectId, key, at, by) {
      await markChanged().execute({ projectId, key, at, by });
    },
    async insertSettings(rows) {
      for (const part of chunks(rows, 100)) await db.insert(flagSettings).values(part.map(toStored));
    },
    async updateSettings({ environmentId, flag, enabled, off, rules, default: serve }) {
      await updateSettings().execute({
        environmentId,
        flag,
        enabled: enabled ? 1 : 0,
        off,
        rules: JSON.stringify(rules),
        default: JSON.stringify(serve),
      });
    },
    async deleteSettings(environmentId) {
      await db.delete(flagSettings).where(eq(flagSettings.environmentId, environmentId));
    },
  };
}

function createReads(db: Db, { flags }: Tables): Pick<FlagReads, 'byKey' | 'list' | 'existing'> {
  const select = lazy(() =>
    db
      .select()
      .from(flags)
      .where(and(eq(flags.projectId, param('projectId')), eq(flags.key, param('key'))))
      .prepare(),
  );
  return {
    async byKey(projectId, key) {
      return (await select().execute({ projectId, key }))[0];
    },
    async list(projectId, { archived, after, limit }) {
      const query = db
        .select()
        .from(flags)
        .where(
          and(
            eq(flags.projectId, projectId),
            archived ? isNotNull(flags.archivedAt) : isNull(flags.archivedAt),
            after === undefined ? undefined : gt(flags.key, after),
          ),
        )
        .orderBy(asc(flags.key));
      return limit === undefined ? query : query.limit(limit);
    },
    async existing(projectId, keys) {
      const found = [];
      for (const part of chunks(keys)) {
        const where = and(eq(flags.projectId, projectId), isNull(flags.archivedAt), inArray(flags.key, part));
        found.push(...(await db.select().from(flags).where(where)));
      }
      return found;
    },
  };
}
