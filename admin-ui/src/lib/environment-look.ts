import type { Environment } from '@dimmer/core/api';

/** Hue and well-known stage of an environment; letter and name depend on the language. */
export interface EnvironmentLook {
  /** Index of a `--hue-n` token. */
  readonly hue: number;
  /** A stage with a name in both languages, if the environment bears its usual name. */
  readonly stage: Stage | null;
}

export type Stage = 'development' | 'integration' | 'test' | 'staging' | 'production';

const STAGES: readonly Stage[] = ['development', 'integration', 'test', 'staging', 'production'];
const SHORT: Readonly<Record<string, Stage>> = { dev: 'development', int: 'integration', prod: 'production' };

export function lookOf(environment: Pick<Environment, 'key' | 'name' | 'position'>): EnvironmentLook {
  const stage = SHORT[environment.key] ?? STAGES.find((known) => known === environment.key) ?? null;
  if (stage === null) return { hue: (environment.position + 5) % 8, stage };
  const usual = [stage, environment.key].includes(environment.name.toLowerCase());
  return { hue: STAGES.indexOf(stage), stage: usual ? stage : null };
}

export function inPipelineOrder(environments: readonly Environment[]): readonly Environment[] {
  return [...environments].sort((a, b) => a.position - b.position);
}

/** The stage that matters most: the last protected one, or else the last. */
export function productionOf(environments: readonly Environment[]): Environment | undefined {
  return environments.findLast((environment) => environment.protected) ?? environments.at(-1);
}
