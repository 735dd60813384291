import type { Flag, Segment } from '@dimmer/core/model';
import { createDigestSum } from '@dimmer/core/protocol';
import { auditHash, changeFingerprint, CHAIN_START } from '../changes/audit-chain.ts';
import { canonicalJson } from '../changes/etag.ts';
import { toObjectRow } from '../changes/wire.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { ObjectRow } from '../storage/object-store.ts';
import type { ReadTx, Storage } from '../storage/storage.ts';

/** What one check found. */
export interface Finding {
  readonly check: string;
  /** What was looked at: "2 environments". */
  readonly scope: string;
  /** One line for each thing wrong. */
  readonly problems: readonly string[];
}

const PAGE = 1000;

/** Everything that must agree in a database, each checked from its own source. */
export async function examine(storage: Storage): Promise<readonly Finding[]> {
  const integrity = { check: 'file', scope: 'integrity and references', problems: await storage.check() };
  return storage.read(async (tx) => {
    const environments = await tx.environments.all();
    return [
      integrity,
      await checkVersions(tx, environments),
      await checkDigests(tx, environments),
      await checkAudit(tx),
    ];
  });
}

/** The log ends at the counter, with the same digest, and has no hole. */
async function checkVersions(tx: ReadTx, environments: readonly EnvironmentRow[]): Promise<Finding> {
  const problems: string[] = [];
  for (const { id, key, version, digest } of environments) {
    const head = await tx.log.get(id, version);
    if (head === undefined) problems.push(`${key}: the log has no version ${version}, where the counter stands`);
    else if (head.digest !== digest) problems.push(`${key}: log and counter differ about the digest of ${version}`);
    const expected = version - (await tx.log.oldest(id)) + 1;
    const count = await tx.log.count(id);
    if (count !== expected) problems.push(`${key}: the log has ${count} versions where ${expected} belong`);
  }
  return { check: 'versions', scope: `${environments.length} environments`, problems };
}

/** Every object is canonical, its hash is right, and all of them add up to the digest of the head. */
async function checkDigests(tx: ReadTx, environments: readonly EnvironmentRow[]): Promise<Finding> {
  const problems: string[] = [];
  let objects = 0;
  for (const { id, key, digest } of environments) {
    const sum = createDigestSum();
    for (const row of await tx.objects.all(id)) {
      objects += 1;
      sum.add(row.h);
      if (!isIntact(row)) problems.push(`${key}: ${row.kind} ${row.key} is not what its hash says`);
    }
    if (sum.hex() !== digest) problems.push(`${key}: the objects add up to ${sum.hex()}, the head says ${digest}`);
  }
  return { check: 'digests', scope: `${objects} objects`, problems };
}

function isIntact(row: ObjectRow): boolean {
  try {
    const definition: Flag | Segment = JSON.parse(row.def);
    const made = toObjectRow(row.kind, row.key, definition);
    return made.h === row.h && made.def === row.def;
  } catch {
    return false;
  }
}

/** Every chain is unbroken from its first row, and each change is the one that its row speaks of. */
async function checkAudit(tx: ReadTx): Promise<Finding> {
  const problems: string[] = [];
  let rows = 0;
  const chains = await tx.audit.chains();
  for (const chain of chains) {
    let expected = { seq: 1, previous: CHAIN_START };
    for (let page = await tx.audit.range(chain, 0, PAGE); page.length > 0;) {
      for (const row of page) {
        rows += 1;
        const linked = row.seq === expected.seq && row.previous === expected.previous && auditHash(row) === row.hash;
        if (!linked) problems.push(`chain ${chain}: row ${row.seq} does not follow from the one before`);
        if (row.kind === 'change' && !(await speaksOf(tx, row.subject, row.detail))) {
          problems.push(`chain ${chain}: change ${row.subject} is not the one that row ${row.seq} speaks of`);
        }
        expected = { seq: row.seq + 1, previous: row.hash };
      }
      page = await tx.audit.range(chain, expected.seq - 1, PAGE);
    }
  }
  return { check: 'audit', scope: `${rows} rows, chains: ${chains.length}`, problems };
}

async function speaksOf(tx: ReadTx, changeId: string, detail: string): Promise<boolean> {
  const change = await tx.changes.byId(changeId);
  return change !== undefined && canonicalJson(changeFingerprint(change)) === detail;
}
