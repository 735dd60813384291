import { KEY_PATTERN } from '@dimmer/core/model';
import type { Serve, Variant } from '@dimmer/core/model';
import type { Draft } from '../changes/draft.ts';
import { handle } from '../changes/intent-handler.ts';
import type { AnyHandler } from '../changes/intent-handler.ts';
import type { IntentOf } from '../changes/intent.ts';
import { conflict, invalid } from '../refusal.ts';
import type { FlagRow } from '../storage/flag-store.ts';
import { currentLiveFlag } from './current-flag.ts';
import { toFlagDescription } from './flag-view.ts';
import { archived } from './load-flag.ts';
import { newSeed, withSeed } from './seeds.ts';
import { usualSettings } from './usual-settings.ts';

type Create = IntentOf<'flag.create'>;

const BOOLEAN_VARIANTS: Readonly<Record<string, Variant>> = { off: { value: false }, on: { value: true } };

/** A new flag is disabled everywhere: it shows nobody anything, so developers may make it in protected environments. */
export const flagCreate: AnyHandler = handle({
  kind: 'flag.create',
  current: (draft, { input }) => currentLiveFlag(draft, input.key),
  async apply(draft, intent) {
    draft.require('describe');
    await checkKey(draft, intent);
    const flag = newFlag(draft, intent);
    const { off, serve } = firstSettings(intent, flag);
    await draft.tx.flags.insert(flag);
    const rows = draft.environments.map((environment) => {
      const seed = newSeed(draft.random);
      const settings = { enabled: false, off, rules: [], default: withSeed(serve, seed), seed };
      return { environmentId: environment.id, flag: flag.key, ...settings };
    });
    await draft.tx.flags.insertSettings(rows);
    const { archived: _archived, createdAt: _createdAt, key, ...after } = toFlagDescription(flag);
    const object = { kind: 'flag', key } as const;
    draft.effects.push({ object, action: 'create', after: { ...after, off, default: serve } });
    draft.touchEverywhere({ kind: 'flag', key, path: intent.path ?? '' });
  },
});

async function checkKey({ tx, project }: Draft, { input: { key }, path = '' }: Create): Promise<void> {
  if (!KEY_PATTERN.test(key)) throw invalid([{ path: `${path}/key`, message: `must match ${KEY_PATTERN.source}` }]);
  const existing = await tx.flags.byKey(project.id, key);
  if (!existing) return;
  if (existing.archivedAt !== null) throw archived(project.key, key);
  throw conflict('ALREADY_EXISTS', `There is a flag "${key}" already.`);
}

function newFlag({ project, now, principal }: Draft, { input, path = '' }: Create): FlagRow {
  const type = input.type ?? 'boolean';
  const variants = input.variants ?? (type === 'boolean' ? BOOLEAN_VARIANTS : undefined);
  if (!variants) throw invalid([{ path: `${path}/variants`, message: `a flag of type ${type} names its variants` }]);
  return {
    projectId: project.id,
    key: input.key,
    name: input.name ?? input.key,
    description: input.description ?? '',
    type,
    kind: input.kind ?? 'release',
    variants,
    tags: input.tags ?? [],
    owner: input.owner ?? null,
    clientVisible: input.clientVisible ?? false,
    metadata: input.metadata ?? {},
    createdAt: now,
    archivedAt: null,
    changedAt: now,
    changedBy: principal.actor.name,
  };
}

function firstSettings({ input }: Create, flag: FlagRow): { readonly off: string | null; readonly serve: Serve } {
  const usual = usualSettings(flag);
  return {
    off: input.off === undefined ? usual.off : input.off,
    serve: input.default === undefined ? usual.default : input.default,
  };
}
