import { databaseFile } from '../config.ts';
import { isPostgresUrl } from '../config/database-url.ts';
import type { CheckName, Finding } from '../ruleset/doctor.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { openToExamine, unreadable, type DatabaseOptions, type OpenedDatabase } from './open-database.ts';
import { readSettings } from './settings.ts';
import { table } from './table.ts';

/** Options of `dimmer doctor`. */
export interface DoctorOptions extends DatabaseOptions {
  readonly json?: boolean;
}

/** `dimmer doctor`: reads everything, changes nothing; the exit code tells whether all is well. */
export async function doctor(options: DoctorOptions, io: CliIo): Promise<number> {
  const opened = await openToExamine(options, io);
  try {
    const findings = await examineAll(opened, options, io);
    const isWell = findings.every(({ problems }) => problems.length === 0);
    if (options.json === true) io.out(JSON.stringify(toJson(opened.name, isWell, findings), null, 2));
    else describe(findings, io);
    return isWell ? EXIT.ok : EXIT.failed;
  } finally {
    await opened.storage.close();
  }
}

async function examineAll(
  { name, storage }: OpenedDatabase,
  options: DatabaseOptions,
  io: CliIo,
): Promise<readonly Finding[]> {
  const [{ examine }, { checkRights }] = await Promise.all([
    import('../ruleset/doctor.ts'),
    import('../repair/file-rights.ts'),
  ]);
  const findings = await examine(storage).catch((error: unknown) => {
    throw unreadable(name, error);
  });
  const config = readSettings({ databaseUrl: options.databaseUrl ?? options.database }, io);
  return isPostgresUrl(config.databaseUrl) ? findings : [...findings, checkRights(databaseFile(config))];
}

function describe(findings: readonly Finding[], io: CliIo): void {
  io.out(table(findings.map(({ check, scope, problems }) => [problems.length === 0 ? 'ok' : 'WRONG', check, scope])));
  for (const finding of findings) {
    const { problems } = finding;
    if (problems.length > 0) io.out(['', ...problems, `  What to do: ${remedyFor(finding)}`].join('\n'));
  }
}

function remedyFor({ check, unreadable: isUnreadable }: Finding): string {
  return REMEDIES[isUnreadable === true ? 'file' : check];
}

function toJson(database: string, ok: boolean, findings: readonly Finding[]): object {
  const checks = findings.map((finding) => ({
    check: finding.check,
    ok: finding.problems.length === 0,
    scope: finding.scope,
    problems: finding.problems,
    ...(finding.problems.length > 0 && { remedy: remedyFor(finding) }),
  }));
  return { database, ok, checks };
}

/** What helps, by what is wrong. */
const REMEDIES: Readonly<Record<CheckName, string>> = {
  file: 'the file is damaged. Stop the server, keep the file, look at the disk, and restore the newest copy that the doctor finds nothing wrong with: dimmer restore COPY.',
  versions:
    'the log does not lead to the present state. Restore a copy: dimmer restore COPY. SDKs are served whole states meanwhile.',
  digests:
    'what SDKs are sent is not what the flags say. Restore a copy: dimmer restore COPY. If there is none, change each flag named: that writes it anew.',
  audit:
    'somebody has changed the history, or the end of it is missing. Keep this file as evidence, and compare it with a copy from before.',
  rights: 'chmod go-w,o-rwx on the files named; their folder should be open to the user of the server only.',
};
