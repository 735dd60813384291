import type { FlagDescription, FlagView, MatrixCell, MatrixRow, SettingsView } from '@dimmer/core/api';
import type { Rule, Serve } from '@dimmer/core/model';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { FlagRow, RawSettingsRow, SettingsRow } from '../storage/flag-store.ts';
import type { ReadTx } from '../storage/storage.ts';
import { AUDIENCE_RULE, toRollout } from './rollout.ts';

/** A flag as the API shows it, without settings. */
export function toFlagDescription(flag: FlagRow): FlagDescription {
  const { key, name, description, type, kind, variants, tags, owner, clientVisible, metadata } = flag;
  return {
    key,
    name,
    description,
    type,
    kind,
    variants,
    tags,
    owner,
    clientVisible,
    metadata,
    archived: flag.archivedAt !== null,
    createdAt: new Date(flag.createdAt).toISOString(),
  };
}

/** Settings as the API shows them. */
export function toSettingsView(flag: Pick<FlagRow, 'type'>, row: SettingsRow): SettingsView {
  const { enabled, off, rules, default: serve, seed } = row;
  return { enabled, off, rules, default: serve, seed, rollout: toRollout(flag, row) };
}

/** A flag as the API shows it, with its settings in these environments. */
export async function loadFlagView(
  tx: Pick<ReadTx, 'flags'>,
  flag: FlagRow,
  environments: readonly EnvironmentRow[],
): Promise<FlagView> {
  const rows = await tx.flags.settingsOf(
    flag.key,
    environments.map(({ id }) => id),
  );
  return toFlagView(flag, environments, (id) => rows.find((row) => row.environmentId === id));
}

/** The same from rows at hand. */
export function toFlagView(
  flag: FlagRow,
  environments: readonly EnvironmentRow[],
  settingsIn: (environmentId: string) => SettingsRow | undefined,
): FlagView {
  const settings: Record<string, SettingsView> = {};
  for (const { id, key } of environments) {
    const row = settingsIn(id);
    if (row) settings[key] = toSettingsView(flag, row);
  }
  return { ...toFlagDescription(flag), settings };
}

/** A row of the list of flags. */
export function toMatrixRow(flag: FlagRow, cells: Readonly<Record<string, MatrixCell>>): MatrixRow {
  const { key, name, description, type, kind, tags, owner } = flag;
  const lastChange = { at: new Date(flag.changedAt).toISOString(), actor: flag.changedBy };
  return { key, name, description, type, kind, tags, owner, cells, lastChange };
}

/** A cell of the list of flags. Nearly all settings have no rules and a plain default: those are not parsed. */
export function toMatrixCell(flag: Pick<FlagRow, 'type'>, row: RawSettingsRow): MatrixCell {
  const rules: readonly Rule[] = row.rules === '[]' ? NO_RULES : JSON.parse(row.rules);
  const serve: Serve = JSON.parse(row.default);
  const rollout = toRollout(flag, { ...row, rules, default: serve });
  const audience = rollout?.audience ?? [];
  const others = audience.length > 0 ? rules.filter(({ id }) => id !== AUDIENCE_RULE) : rules;
  return { enabled: row.enabled, percent: rollout?.percent ?? null, audience, rules: others.length };
}

const NO_RULES: readonly Rule[] = [];
