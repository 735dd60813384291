import { invalid } from '../refusal.ts';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** Epoch milliseconds of a time to come; 422 for anything else. */
export function parseFuture(text: string, now: number, path: string): number {
  const time = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  if (!(time > now)) throw invalid([{ path, message: 'must be a date-time to come, like 2030-01-31T12:00:00Z' }]);
  return time;
}
