import type { MatrixCell, WriteAnswer, WriteOptions } from '@dimmer/core/api';
import { path, request } from '../../../lib/http.ts';
import type { Rung } from '../../../lib/ladder.ts';

interface Cell {
  readonly project: string;
  readonly flag: string;
  readonly environment: string;
}

/** The switch: on with what is set, or off. */
export async function setEnabled(cell: Cell, enabled: boolean, options: WriteOptions): Promise<WriteAnswer> {
  return (await request<WriteAnswer>('PATCH', settingsPath(cell), { body: { enabled, ...options } })).data;
}

/** A step on the ladder, in one version. */
export async function setRung(cell: Cell, rung: Rung, after: MatrixCell, options: WriteOptions): Promise<WriteAnswer> {
  if (rung === 'off') return setEnabled(cell, false, options);
  const body = { percent: after.percent ?? 0, audience: after.audience, enabled: true, ...options };
  return (await request<WriteAnswer>('PUT', `${settingsPath(cell)}/rollout`, { body })).data;
}

function settingsPath({ project, flag, environment }: Cell): string {
  return path('projects', project, 'flags', flag, 'settings', environment);
}
