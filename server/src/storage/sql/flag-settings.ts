import type { Serve } from '@dimmer/core/model';
import { and, asc, eq, inArray } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import type { FlagReads, SettingsRow } from '../flag-store.ts';
import { lazy } from '../lazy.ts';
import { param } from './db.ts';
import type { Db, Tables } from './db.ts';

type SettingsReads = Pick<FlagReads, 'settings' | 'settingsOf' | 'settingsIn' | 'rawSettings'>;
type Stored = Omit<SettingsRow, 'default'> & { readonly default: string };

export function createFlagSettingsReads(db: Db, { flagSettings: t }: Tables): SettingsReads {
  const select = lazy(() =>
    db
      .select()
      .from(t)
      .where(and(eq(t.environmentId, param('environmentId')), eq(t.flag, param('flag'))))
      .prepare(),
  );
  return {
    async settings(environmentId, flag) {
      const [row] = await select().execute({ environmentId, flag });
      return row && fromStored(row);
    },
    async settingsOf(flag, environmentIds) {
      const rows: SettingsRow[] = [];
      for (const environmentId of environmentIds) {
        const [row] = await select().execute({ environmentId, flag });
        if (row) rows.push(fromStored(row));
      }
      return rows;
    },
    async settingsIn(environmentId) {
      const rows = await db.select().from(t).where(eq(t.environmentId, environmentId)).orderBy(asc(t.flag));
      return rows.map(fromStored);
    },
    async rawSettings(environmentIds) {
      if (environmentIds.length === 0) return [];
      return db
        .select({
          environmentId: t.environmentId,
          flag: t.flag,
          enabled: t.enabled,
          off: t.off,
          rules: sql<string>`${t.rules}`,
          default: t.default,
          seed: t.seed,
        })
        .from(t)
        .where(inArray(t.environmentId, [...environmentIds]));
    },
  };
}

/** A row as the table holds it. */
export function toStored(row: SettingsRow): Stored {
  return { ...row, default: JSON.stringify(row.default) };
}

function fromStored(row: Stored): SettingsRow {
  const serve: Serve = JSON.parse(row.default);
  return { ...row, default: serve };
}
