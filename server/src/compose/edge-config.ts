import type { Config } from '../config.ts';

/** Every setting of an edge, checked. */
export interface EdgeConfig extends Pick<
  Config,
  'host' | 'port' | 'trustedProxies' | 'logLevel' | 'logFormat' | 'metricsPort'
> {
  /** Where the server is, or another edge, without a slash at the end. */
  readonly upstream: string;
  /** A server key of the environment to serve. */
  readonly key: string;
  /** Where the last state is kept. */
  readonly dataFolder: string;
  /** For so long keys are good that the upstream cannot confirm, in hours. */
  readonly keysStaleHours: number;
}
