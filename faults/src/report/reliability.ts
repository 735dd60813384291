import { ROWS, rowsOf } from '../rows.ts';
import type { Row } from '../rows.ts';

/** One test of a run. */
export interface TestResult {
  readonly title: string;
  /** `passed`, or anything else. */
  readonly status: string;
}

/** What is known of a row after a run. */
export type RowResult = 'passed' | 'failed' | 'no test' | `pending: ${string}` | `not applicable: ${string}`;

/** What a run says about a row. */
export function resultOf({ id, pending, notApplicable }: Row, tests: readonly TestResult[]): RowResult {
  if (pending !== undefined) return `pending: ${pending}`;
  if (notApplicable !== undefined) return `not applicable: ${notApplicable}`;
  const own = tests.filter(({ title }) => rowsOf(title).includes(id));
  if (own.length === 0) return 'no test';
  return own.every(({ status }) => status === 'passed') ? 'passed' : 'failed';
}

/** The page `docs/reliability.md` after a run. */
export function toPage(tests: readonly TestResult[], full: boolean): string {
  const rows = ROWS.map((row) => `| ${row.id} | ${row.fault} | ${row.expected} | ${resultOf(row, tests)} |`);
  const size = full ? 'full size (`npm run faults -- --full`)' : 'everyday size (`npm run faults`)';
  return `${PROMISES}
The table was written by a run of the ${size}.

| # | when | then | result |
| --: | --- | --- | --- |
${rows.join('\n')}
${AFTER}`;
}

/** The rows of a page: number and the three texts. */
export function rowsOfPage(page: string): readonly (readonly string[])[] {
  return page
    .split('\n')
    .filter((line) => /^\| \d+ \|/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const PROMISES = `# Reliability

<!-- Generated: npm run faults -- --write -->

What holds when something breaks, what does not, and how both are known.

## What Dimmer promises

- **An acknowledged change is kept.** It is synced to disk before the answer goes out, with its history, its audit entry and its version, or not at all. Repeated with the same \`Idempotency-Key\`, a write is done once.
- **Versions have no gaps and one order.** A change set is one version in each environment it touches. Readers see one complete version, never a part of one.
- **An evaluation never throws and never waits.** Once an SDK has had a state it answers from that, in every state of its connection, and after a restart from its cache.
- **An SDK that can reach its server ends at the head.** Within the longest delay between two attempts (30 s, random) and 5 s, with the digest that the server has. It never goes back inside an epoch, unless somebody has put back the database itself.
- **What a client confirms, it evaluates with.** Receipts are sent after the swap, with the digest.
- **One client cannot harm the others**: by reading slowly or not at all, by reconnecting in a loop, by saying nothing, or by sending what is no message.

## What it does not

- **Nothing tells an SDK what it cannot hear.** Without a connection it goes on with the last state; \`status\` tells the state of the link and the age of the data, and the application decides.
- **Receipts are counts, not guarantees.** Browsers come and go, and polling clients report by the cursor they send.
- **On SQLite there is one server.** While it is down nothing can be changed, and SDKs serve what they hold.
- **A change that was not acknowledged may be there.** Whoever does not know repeats it with its \`Idempotency-Key\`.
- **A back-up that is put back takes back what came after it**, in SDKs too.

## What is tried

Each row is at least one test with real processes, real sockets and a real database: servers are killed by SIGKILL, stopped by SIGSTOP, ended between two chosen instructions; a proxy stalls, throttles, cuts and edits what goes over the wire; clocks are set by a day. Only clocks and randomness are ever replaced. The everyday run has smaller numbers and shorter heartbeats than the full one.
`;

const AFTER = `
## Beyond the table

\`npm run chaos -- --minutes 10 --seed 7\` breaks one thing after the other at random while there are writes, and looks after each whether every client recovers. It ends with a verdict, and with the seed, by which the same faults come again in the same order.
`;
