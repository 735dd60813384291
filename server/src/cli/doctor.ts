import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { openToExamine, unreadable, type DatabaseOptions } from './open-database.ts';
import { table } from './table.ts';

/** `dimmer doctor`: reads everything, changes nothing; the exit code tells whether all is well. */
export async function doctor(options: DatabaseOptions, io: CliIo): Promise<number> {
  const { name, storage } = await openToExamine(options, io);
  try {
    const { examine } = await import('../ruleset/doctor.ts');
    const findings = await examine(storage).catch((error: unknown) => {
      throw unreadable(name, error);
    });
    const rows = findings.map(({ check, scope, problems }) => [problems.length === 0 ? 'ok' : 'WRONG', check, scope]);
    io.out(table(rows));
    const problems = findings.flatMap((finding) => finding.problems);
    if (problems.length > 0) io.out(['', ...problems].join('\n'));
    return problems.length === 0 ? EXIT.ok : EXIT.failed;
  } finally {
    await storage.close();
  }
}
