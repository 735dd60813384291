import { and, eq, isNull } from 'drizzle-orm';
import type { ProjectRow, ProjectStore } from '../project-store.ts';
import { lazy } from '../lazy.ts';
import { param } from './db.ts';
import type { Db, Tables } from './db.ts';

export function createProjectStore(db: Db, { projects }: Tables): ProjectStore {
  const columns = { id: projects.id, key: projects.key, name: projects.name, createdAt: projects.createdAt };
  const present = isNull(projects.deletedAt);
  const select = lazy(() =>
    db
      .select(columns)
      .from(projects)
      .where(and(eq(projects.key, param('key')), present))
      .prepare(),
  );
  const byKey = async (key: string): Promise<ProjectRow | undefined> => (await select().execute({ key }))[0];
  return {
    byKey,
    // One writer at a time: the transaction itself is the lock.
    lock: byKey,
    async list() {
      return db.select(columns).from(projects).where(present).orderBy(projects.key);
    },
    async insert(row) {
      await db.insert(projects).values(row);
    },
    async rename(id, name) {
      await db.update(projects).set({ name }).where(eq(projects.id, id));
    },
    async delete(id, at) {
      await db.update(projects).set({ deletedAt: at }).where(eq(projects.id, id));
    },
  };
}
