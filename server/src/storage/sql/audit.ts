import { and, asc, desc, eq, gt } from 'drizzle-orm';
import type { AuditStore } from '../audit-store.ts';
import { lazy } from '../lazy.ts';
import { param } from './db.ts';
import type { Db, Tables } from './db.ts';

export function createAuditStore(db: Db, { audit }: Tables): AuditStore {
  const tip = lazy(() =>
    db
      .select({ seq: audit.seq, hash: audit.hash })
      .from(audit)
      .where(eq(audit.chain, param('chain')))
      .orderBy(desc(audit.seq))
      .limit(1)
      .prepare(),
  );
  const append = lazy(() =>
    db
      .insert(audit)
      .values({
        chain: param('chain'),
        seq: param('seq'),
        at: param('at'),
        kind: param('kind'),
        actor: param('actor'),
        subject: param('subject'),
        detail: param('detail'),
        previous: param('previous'),
        hash: param('hash'),
      })
      .prepare(),
  );
  return {
    async tip(chain) {
      return (await tip().execute({ chain }))[0];
    },
    async chains() {
      const rows = await db.selectDistinct({ chain: audit.chain }).from(audit).orderBy(asc(audit.chain));
      return rows.map((row) => row.chain);
    },
    async range(chain, after, limit) {
      return db
        .select()
        .from(audit)
        .where(and(eq(audit.chain, chain), gt(audit.seq, after)))
        .orderBy(asc(audit.seq))
        .limit(limit);
    },
    async append(row) {
      await append().execute({ ...row });
    },
  };
}
