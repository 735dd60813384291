import type { Effect, EffectObject, SegmentSettings } from '@dimmer/core/api';
import type { Intent } from './intent.ts';

/** What undoes a change. */
export type Inverse =
  | { readonly kind: 'intents'; readonly intents: readonly Intent[] }
  /** These effects have no inverse: secrets are gone, people have been told. */
  | { readonly kind: 'impossible'; readonly effects: readonly Effect[] };

type Fields = Record<string, unknown>;

/** The intents that undo effects, the last one first. */
export function toInverse(effects: readonly Effect[]): Inverse {
  const intents: Intent[] = [];
  const impossible: Effect[] = [];
  const whole = new Set(effects.filter(({ action }) => action !== 'update').map(({ object }) => nameOf(object)));
  const fields = new Map<string, { readonly object: EffectObject; readonly values: Fields }>();
  for (const effect of effects.toReversed()) {
    if (effect.action === 'update') {
      // What happens to a flag or segment as a whole takes its fields along.
      if (effect.field === undefined || whole.has(nameOf(effect.object))) continue;
      const id = `${effect.object.kind} ${effect.object.key} ${effect.object.environment ?? ''}`;
      const group = fields.get(id) ?? { object: effect.object, values: {} };
      group.values[effect.field] = effect.before;
      fields.set(id, group);
      continue;
    }
    const inverse = inverseOfWhole(effect);
    if (inverse) intents.push(...inverse);
    else impossible.push(effect);
  }
  for (const { object, values } of fields.values()) {
    const intent = inverseOfFields(object, values);
    if (intent) intents.push(intent);
    else impossible.push({ object, action: 'update' });
  }
  return impossible.length > 0 ? { kind: 'impossible', effects: impossible } : { kind: 'intents', intents };
}

/** Settings are of the flag, conditions of the segment. */
function nameOf({ kind, key }: EffectObject): string {
  return `${kind.replace('-settings', '')} ${key}`;
}

/** Reverting a creation archives what can be archived. */
function inverseOfWhole({ object, action, before }: Effect): readonly Intent[] | undefined {
  const { kind, key } = object;
  switch (`${kind} ${action}`) {
    case 'flag create':
    case 'flag restore':
      return [{ kind: 'flag.archive', flag: key }];
    case 'flag archive':
      return [{ kind: 'flag.restore', flag: key }];
    case 'segment create':
      return [{ kind: 'segment.delete', segment: key }];
    case 'segment delete':
      return remakeSegment(key, before);
    case 'environment create':
      return [{ kind: 'environment.delete', environment: key }];
    case 'key create':
      return object.environment === undefined
        ? undefined
        : [{ kind: 'key.revoke', environment: object.environment, id: key }];
    default:
      return undefined;
  }
}

function remakeSegment(key: string, before: unknown): readonly Intent[] {
  // What the deletion itself recorded.
  const { name, description, settings } = fieldsOf(before);
  const conditions: Intent[] = Object.entries(fieldsOf(settings)).map(([environment, value]) => {
    const input: SegmentSettings = { condition: JSON.parse(JSON.stringify(fieldsOf(value)['condition'])) };
    return { kind: 'segment.settings', segment: key, environment, input };
  });
  const input = { key, name: String(name), description: String(description) };
  return [{ kind: 'segment.create', input }, ...conditions];
}

function inverseOfFields(object: EffectObject, values: Fields): Intent | undefined {
  const { kind, key } = object;
  // The history's fields are those of the requests, and were such a request's when they were recorded.
  const input = JSON.parse(JSON.stringify(values));
  switch (kind) {
    case 'flag':
      return { kind: 'flag.update', flag: key, input };
    case 'flag-settings':
      return { kind: 'settings.update', flag: key, environment: object.environment, input };
    case 'segment':
      return { kind: 'segment.update', segment: key, input };
    case 'segment-settings':
      return { kind: 'segment.settings', segment: key, environment: object.environment, input };
    case 'environment':
      return { kind: 'environment.update', environment: key, input };
    case 'project':
      return { kind: 'project.update', project: key, input };
    case 'key':
    case 'token':
    case 'user':
    default:
      return undefined;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
