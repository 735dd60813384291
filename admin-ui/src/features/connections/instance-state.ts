import type { InstanceView } from '@dimmer/core/api';

export const INSTANCE_FILTERS = ['all', 'live', 'behind', 'gone'] as const;
export type InstanceFilter = (typeof INSTANCE_FILTERS)[number];

/** Versions an instance is behind the head, those aside that make no difference to it; null before its first receipt. */
export function behindBy(instance: InstanceView, head: number): number | null {
  return instance.version === 0 ? null : Math.max(0, head - Math.max(instance.version, instance.sameUpTo ?? 0));
}

export function isIn(filter: InstanceFilter, instance: InstanceView, head: number): boolean {
  const live = instance.goneAt === null;
  const belongs: Readonly<Record<InstanceFilter, boolean>> = {
    all: true,
    live,
    behind: live && behindBy(instance, head) !== 0,
    gone: !live,
  };
  return belongs[filter];
}
