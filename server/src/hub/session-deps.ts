import type { KeyIdentity } from '../auth/key-identity.ts';
import type { RulesetSource } from '../ruleset/ruleset-source.ts';
import type { Admission } from './admission.ts';
import type { Clock } from './clock.ts';
import type { EnvironmentHub } from './environment-hub.ts';
import type { Instances } from './instances.ts';
import type { HubLimits } from './limits.ts';
import type { HubDeps } from './ports.ts';
import type { ReceiptCounter } from './receipts.ts';
import type { HubStats } from './stats.ts';
import type { UsageCounter } from './usage.ts';

/** What the sessions of a hub share. */
export interface SessionDeps {
  readonly source: RulesetSource;
  readonly clock: Clock;
  readonly random: () => number;
  readonly limits: HubLimits;
  readonly stats: HubStats;
  readonly admission: Admission;
  readonly instances: Instances;
  readonly receipts: ReceiptCounter;
  readonly usage: UsageCounter;
  readonly authenticateKey: HubDeps['authenticateKey'];
  readonly environmentOf: (key: KeyIdentity) => EnvironmentHub;
  readonly onClosed: (session: { readonly connection: unknown }) => void;
  readonly onError: (error: unknown) => void;
}
