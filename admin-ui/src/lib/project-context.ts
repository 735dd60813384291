import type { Environment, Role, SessionView } from '@dimmer/core/api';
import { createContext, use } from 'react';
import { useStore, type Store } from './external-store.ts';
import type { T } from './i18n/i18n.ts';
import { useText } from './i18n/i18n.ts';
import type { LiveStatus } from './live.ts';
import type { MatrixStore } from './matrix-store.ts';
import { barrierTo } from './permissions.ts';
import type { ReceiptStore } from './receipt-store.ts';

/** What every page of a project needs and the feed keeps true. */
export interface ProjectContextValue {
  readonly key: string;
  /** In pipeline order. */
  readonly environments: readonly Environment[];
  readonly user: SessionView['user'];
  readonly matrix: MatrixStore;
  readonly receipts: ReceiptStore;
  /** Connected instances by environment key. */
  readonly instances: Store<Readonly<Record<string, number>>>;
  /** Newest version of each environment by its key. */
  readonly heads: Store<Readonly<Record<string, number>>>;
  readonly live: Store<LiveStatus>;
}

export const ProjectContext = createContext<ProjectContextValue | null>(null);

export function useProject(): ProjectContextValue {
  const project = use(ProjectContext);
  if (project === null) throw new Error('useProject needs a ProjectContext around it');
  return project;
}

/** Why a control that writes to this environment (or to all, without one) does nothing now; null when it works. */
export function useBarred(environment?: Pick<Environment, 'protected'>): string | null {
  const { user, live } = useProject();
  const online = useStore(live).state === 'live';
  return barredText(useText().t, user.role, online, environment);
}

export function barredText(
  t: T,
  role: Role,
  online: boolean,
  environment?: Pick<Environment, 'protected'>,
): string | null {
  const barrier = barrierTo(role, online, environment);
  return barrier === null ? null : t(`barrier.${barrier}`);
}

export function useInstances(environment: string): number {
  return useStore(useProject().instances)[environment] ?? 0;
}

export function useHeads(): Readonly<Record<string, number>> {
  return useStore(useProject().heads);
}
