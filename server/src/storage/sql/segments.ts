import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { SegmentReads, SegmentStore } from '../segment-store.ts';
import { chunks } from './db.ts';
import type { Db, Tables } from './db.ts';

export function createSegmentStore(db: Db, tables: Tables): SegmentStore {
  const { segments, segmentSettings: settings } = tables;
  return {
    ...createReads(db, tables),
    async insert(row) {
      await db.insert(segments).values(row);
    },
    async update({ projectId, key, name, description }) {
      await db
        .update(segments)
        .set({ name, description })
        .where(and(eq(segments.projectId, projectId), eq(segments.key, key)));
    },
    async insertSettings(rows) {
      for (const part of chunks(rows, 100)) await db.insert(settings).values(part);
    },
    async updateSettings({ environmentId, segment, condition }) {
      await db
        .update(settings)
        .set({ condition })
        .where(and(eq(settings.environmentId, environmentId), eq(settings.segment, segment)));
    },
    async delete(projectId, key, environmentIds) {
      for (const id of environmentIds) {
        await db.delete(settings).where(and(eq(settings.environmentId, id), eq(settings.segment, key)));
      }
      await db.delete(segments).where(and(eq(segments.projectId, projectId), eq(segments.key, key)));
    },
    async deleteSettings(environmentId) {
      await db.delete(settings).where(eq(settings.environmentId, environmentId));
    },
  };
}

function createReads(db: Db, { segments, segmentSettings: settings }: Tables): SegmentReads {
  return {
    async byKey(projectId, key) {
      const where = and(eq(segments.projectId, projectId), eq(segments.key, key));
      return (await db.select().from(segments).where(where))[0];
    },
    async list(projectId, after, limit) {
      const query = db
        .select()
        .from(segments)
        .where(and(eq(segments.projectId, projectId), after === undefined ? undefined : gt(segments.key, after)))
        .orderBy(asc(segments.key));
      return limit === undefined ? query : query.limit(limit);
    },
    async existing(projectId, keys) {
      const found = [];
      for (const part of chunks(keys)) {
        const where = and(eq(segments.projectId, projectId), inArray(segments.key, part));
        found.push(...(await db.select().from(segments).where(where)));
      }
      return found;
    },
    async settings(environmentId, segment) {
      const where = and(eq(settings.environmentId, environmentId), eq(settings.segment, segment));
      return (await db.select().from(settings).where(where))[0];
    },
    async settingsOf(keys, environmentIds) {
      if (environmentIds.length === 0) return [];
      const found = [];
      for (const part of chunks(keys)) {
        const where = and(inArray(settings.environmentId, [...environmentIds]), inArray(settings.segment, part));
        found.push(...(await db.select().from(settings).where(where)));
      }
      return found;
    },
    async settingsIn(environmentId) {
      return db.select().from(settings).where(eq(settings.environmentId, environmentId)).orderBy(asc(settings.segment));
    },
  };
}
