import type { Flag, Segment } from '@dimmer/core/model';
import { CHAIN_START, auditHash, auditHead, changeFingerprint } from '../changes/audit-chain.ts';
import { canonicalJson } from '../changes/etag.ts';
import { toObjectRow } from '../changes/wire.ts';
import type { AuditRow } from '../storage/audit-store.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { ObjectRow } from '../storage/object-store.ts';
import type { ReadTx, Storage } from '../storage/storage.ts';
import { buildRuleset, sumOf } from './build-ruleset.ts';

/** What one check found. */
export interface Finding {
  readonly check: CheckName;
  /** What was looked at: "2 environments". */
  readonly scope: string;
  /** One line for each thing wrong. */
  readonly problems: readonly string[];
  /** The file does not give away what was to be looked at. */
  readonly unreadable?: boolean;
}

/** What the checks are about. */
export type CheckName = 'file' | 'versions' | 'digests' | 'audit' | 'rights';

const PAGE = 1000;

/** Everything that must agree in a database, each checked from its own source; reads only. */
export async function examine(storage: Storage): Promise<readonly Finding[]> {
  const integrity = await asFarAsReadable('file', async () => ({
    check: 'file' as const,
    scope: 'integrity and references',
    problems: await storage.check(),
  }));
  return storage.read(async (tx) => {
    let environments: readonly EnvironmentRow[] = [];
    const known = await asFarAsReadable('versions', async () => {
      environments = await tx.environments.all();
      return checkVersions(tx, environments);
    });
    return [
      integrity,
      known,
      await asFarAsReadable('digests', () => checkDigests(tx, environments)),
      await asFarAsReadable('audit', () => checkAudit(tx)),
    ];
  });
}

/** What a damaged file does not give away is found wrong; that a database does not answer is no finding. */
async function asFarAsReadable(check: CheckName, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    const damage = damageIn(error);
    if (damage === undefined) throw error;
    return { check, scope: 'cannot be read', problems: [`${check}: cannot be read: ${damage}`], unreadable: true };
  }
}

function damageIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const isDamage = 'code' in error && typeof error.code === 'string' && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
  return isDamage ? error.message : damageIn(error.cause);
}

/** The log ends at the counter, with the same digest, and has no hole. */
async function checkVersions(tx: ReadTx, environments: readonly EnvironmentRow[]): Promise<Finding> {
  const problems: string[] = [];
  for (const { id, key, version, digest } of environments) {
    const head = await tx.log.get(id, version);
    if (head === undefined) problems.push(`${key}: the log has no version ${version}, where the counter stands`);
    else if (head.digest !== digest) problems.push(`${key}: log and counter differ about the digest of ${version}`);
    // What was pruned is summed up in the base.
    const first = ((await tx.log.base(id))?.version ?? 0) + 1;
    const count = await tx.log.count(id);
    const oldest = await tx.log.oldest(id);
    const belong = version - first + 1;
    if (count !== belong || oldest !== first) {
      problems.push(`${key}: the log has ${count} versions from ${oldest} on, where ${belong} from ${first} on belong`);
    }
  }
  return { check: 'versions', scope: `${environments.length} environments`, problems };
}

/** Objects are what their hashes say, add up to the head's digest, and are what flags and segments amount to. */
async function checkDigests(tx: ReadTx, environments: readonly EnvironmentRow[]): Promise<Finding> {
  const problems: string[] = [];
  let objects = 0;
  for (const environment of environments) {
    const { id, key } = environment;
    const stored = await tx.objects.all(id);
    objects += stored.length;
    const broken = stored.filter((row) => !isIntact(row));
    problems.push(...broken.map((row) => `${key}: ${nameOf(row)} is not what its hash says`));
    const { digest, bytes } = sumOf(stored);
    if (digest !== environment.digest) {
      problems.push(`${key}: the objects add up to ${digest}, the head says ${environment.digest}`);
    }
    if (bytes !== environment.bytes) {
      problems.push(`${key}: the objects have ${bytes} bytes, the head says ${environment.bytes}`);
    }
    const built = await buildRuleset(tx, environment);
    problems.push(...differences(stored, built.objects).map((difference) => `${key}: ${difference}`));
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

function differences(stored: readonly ObjectRow[], built: readonly ObjectRow[]): string[] {
  const expected = new Map(built.map((row) => [nameOf(row), row]));
  const found: string[] = [];
  for (const row of stored) {
    const own = expected.get(nameOf(row));
    expected.delete(nameOf(row));
    if (!own) found.push(`${nameOf(row)} is served and does not exist`);
    else if (own.h !== row.h) found.push(`${nameOf(row)} is served differently from what it is`);
  }
  return [...found, ...[...expected.keys()].map((name) => `${name} exists and is not served`)];
}

function nameOf({ kind, key }: ObjectRow): string {
  return `${kind} ${key}`;
}

/** Every chain is unbroken from its first row, and each change is the one that its row speaks of. */
async function checkAudit(tx: ReadTx): Promise<Finding> {
  const problems: string[] = [];
  let rows = 0;
  const heads = await tx.meta.auditHeads();
  // One of which every row was removed is known by its head alone.
  const chains = [...new Set([...(await tx.audit.chains()), ...heads.keys()])];
  for (const chain of chains) {
    let expected = { seq: 1, previous: CHAIN_START };
    for (let page = await tx.audit.range(chain, 0, PAGE); page.length > 0;) {
      for (const row of page) {
        rows += 1;
        const linked = row.seq === expected.seq && row.previous === expected.previous && auditHash(row) === row.hash;
        if (!linked) problems.push(`chain ${chain}: row ${row.seq} does not follow from the one before`);
        if (row.kind === 'change' && !(await speaksOf(tx, row))) {
          problems.push(`chain ${chain}: change ${row.subject} is not the one that row ${row.seq} speaks of`);
        }
        expected = { seq: row.seq + 1, previous: row.hash };
      }
      page = await tx.audit.range(chain, expected.seq - 1, PAGE);
    }
    const head = heads.get(chain);
    const end = auditHead({ seq: expected.seq - 1, hash: expected.previous });
    // Chains of earlier releases have none until something is added to them.
    if (head !== undefined && head !== end) {
      problems.push(`chain ${chain}: ends at row ${expected.seq - 1}, where row ${head.split(':')[0]} was the last`);
    }
  }
  return { check: 'audit', scope: `${rows} rows, chains: ${chains.length}`, problems };
}

async function speaksOf(tx: ReadTx, { subject, detail }: AuditRow): Promise<boolean> {
  const change = await tx.changes.byId(subject);
  return change !== undefined && canonicalJson(changeFingerprint(change)) === detail;
}
