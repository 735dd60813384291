// Adds up what `npm test` and `npm run check` reported. A report that is missing counts as one failure.
import { countsLine, readSummary } from './lib/report.mjs';

const MISSING = { passed: 0, failed: 1, skipped: 0 };
const reports = ['tests', 'check'].map((name) => readSummary(name) ?? MISSING);
const sum = (field) => reports.reduce((total, report) => total + report[field], 0);
const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
console.log(countsLine(total));
process.exitCode = total.failed === 0 ? 0 : 1;
