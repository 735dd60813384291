import type { Options } from '../lib/options.ts';
import type { Verdict } from '../lib/print.ts';
import type { NodeFigures, Part } from './parts.ts';

/** The parts by name, in the order in which they run. */
const PARTS: Readonly<Record<string, () => Promise<Part>>> = {
  exchange: async () => (await import('./exchange.ts')).exchange,
  propagation: async () => (await import('./propagation.ts')).propagation,
  storm: async () => (await import('./storm.ts')).storm,
  resume: async () => (await import('./resume-cost.ts')).resumeCost,
  steady: async () => (await import('./steady.ts')).steady,
  browsers: async () => (await import('./browsers.ts')).browsers,
  'catch-up': async () => (await import('./catch-up.ts')).catchUp,
  paper: async () => (await import('./paper-model.ts')).paperModel,
};

/** The names of the parts. */
export const DELIVERY_PARTS: readonly string[] = Object.keys(PARTS);

/** Runs the parts asked for by name, or all. */
export async function run(options: Options): Promise<readonly Verdict[]> {
  const wanted = options.words.filter((word) => word in PARTS);
  const figures: NodeFigures = { lastMs: new Map() };
  const verdicts: Verdict[] = [];
  for (const name of wanted.length > 0 ? wanted : DELIVERY_PARTS) {
    // oxlint-disable-next-line no-await-in-loop -- parts never run beside each other
    const part = await PARTS[name]?.();
    // oxlint-disable-next-line no-await-in-loop
    verdicts.push(...((await part?.(options, figures)) ?? []));
  }
  return verdicts;
}
