import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';

/** Epoch milliseconds with fractions, the same in all processes of a machine. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

/** How busy the machine is: whatever is measured has to be read beside it. */
export function load(): string {
  const [one = 0, five = 0] = loadavg();
  return `load ${one.toFixed(1)} (1 min), ${five.toFixed(1)} (5 min) on ${cpus().length} cores, shared with the clients`;
}

/** Throws when one process may not have so many files open; Node itself raises its limit up to the hard one. */
export function requireFiles(count: number): void {
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' });
  const limit = Number.parseInt(stdout, 10);
  if (Number.isNaN(limit) || limit >= count) return;
  throw new Error(
    `One process needs ${count} open files and may have ${limit}: raise it first with ulimit -n ${count}`,
  );
}
