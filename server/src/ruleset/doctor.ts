import { CHAIN_START, auditHash, changeFingerprint } from '../changes/audit-chain.ts';
import { canonicalJson } from '../changes/etag.ts';
import type { AuditRow } from '../storage/audit-store.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { ObjectRow } from '../storage/object-store.ts';
import type { ReadTx, Storage } from '../storage/storage.ts';
import { buildRuleset, sumOf } from './build-ruleset.ts';

/** Something that is not as it must be. */
export interface Finding {
  readonly area: 'integrity' | 'log' | 'digest' | 'audit';
  /** Environment or chain it is about. */
  readonly where: string;
  readonly message: string;
}

const PAGE = 1000;

/**
 * Checks a database against itself: the files, the log against the counter, the digests against the objects and
 * the objects against flags and segments, and the audit chains against the history. Empty when all is well.
 */
export async function doctor(storage: Storage): Promise<Finding[]> {
  const integrity = (await storage.check()).map((message): Finding => ({ area: 'integrity', where: '', message }));
  const rest = await storage.read(async (tx) => {
    const findings: Finding[] = [];
    for (const environment of await tx.environments.all()) {
      findings.push(...(await checkLog(tx, environment)), ...(await checkState(tx, environment)));
    }
    for (const chain of await tx.audit.chains()) findings.push(...(await checkChain(tx, chain)));
    return findings;
  });
  return [...integrity, ...rest];
}

async function checkLog(tx: ReadTx, environment: EnvironmentRow): Promise<Finding[]> {
  const { id, key, version, digest } = environment;
  const findings: Finding[] = [];
  const note = (message: string): void => void findings.push({ area: 'log', where: key, message });
  let last = (await tx.log.base(id))?.version ?? 0;
  while (last < version) {
    const rows = await tx.log.range(id, last, Math.min(last + PAGE, version));
    for (const row of rows) {
      if (row.version !== last + 1) note(`version ${last + 1} is missing from the log`);
      last = row.version;
    }
    if (rows.length === 0) {
      note(`versions ${last + 1} to ${version} are missing from the log`);
      break;
    }
  }
  const head = await tx.log.get(id, version);
  if (head && head.digest !== digest)
    note(`version ${version} has the digest ${head.digest}, its environment ${digest}`);
  if ((await tx.log.range(id, version, Number.MAX_SAFE_INTEGER)).length > 0) note(`the log goes beyond ${version}`);
  return findings;
}

async function checkState(tx: ReadTx, environment: EnvironmentRow): Promise<Finding[]> {
  const { id, key } = environment;
  const stored = await tx.objects.all(id);
  const built = await buildRuleset(tx, environment);
  const findings: Finding[] = [];
  const note = (message: string): void => void findings.push({ area: 'digest', where: key, message });
  const { digest, bytes } = sumOf(stored);
  if (digest !== environment.digest)
    note(`the objects add up to ${digest}, the environment says ${environment.digest}`);
  if (bytes !== environment.bytes) note(`the objects have ${bytes} bytes, the environment says ${environment.bytes}`);
  const expected = new Map(built.objects.map((row) => [nameOf(row), row]));
  for (const row of stored) {
    const own = expected.get(nameOf(row));
    expected.delete(nameOf(row));
    if (!own) note(`${nameOf(row)} is served and does not exist`);
    else if (own.h !== row.h || own.def !== row.def) note(`${nameOf(row)} is served differently from what it is`);
  }
  for (const name of expected.keys()) note(`${name} exists and is not served`);
  return findings;
}

function nameOf({ kind, key }: ObjectRow): string {
  return `${kind} "${key}"`;
}

async function checkChain(tx: ReadTx, chain: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  const note = (message: string): void => void findings.push({ area: 'audit', where: chain, message });
  let seq = 0;
  let previous = CHAIN_START;
  for (;;) {
    const rows = await tx.audit.range(chain, seq, PAGE);
    if (rows.length === 0) return findings;
    for (const row of rows) {
      if (row.seq !== seq + 1) note(`row ${seq + 1} is missing`);
      if (row.previous !== previous) note(`row ${row.seq} does not follow the row before it`);
      if (row.hash !== auditHash(row)) note(`row ${row.seq} was edited`);
      if (row.kind === 'change') (await checkChange(tx, row)).forEach(note);
      ({ seq, hash: previous } = row);
    }
  }
}

async function checkChange(tx: ReadTx, row: AuditRow): Promise<string[]> {
  const change = await tx.changes.byId(row.subject);
  if (!change) return [`change ${row.subject} of row ${row.seq} is missing from the history`];
  if (canonicalJson(changeFingerprint(change)) === row.detail) return [];
  return [`change ${row.subject} of row ${row.seq} was edited in the history`];
}
