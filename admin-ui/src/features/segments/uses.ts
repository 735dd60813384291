import type { FieldError } from '@dimmer/core/api';

/** Something that refers to a segment, and the environments in which it does. */
export interface Use {
  readonly kind: 'flag' | 'segment';
  readonly key: string;
  readonly environments: readonly string[];
}

/** Who uses a segment, from the places that a refusal to delete it names. */
export function usesOf(errors: readonly FieldError[]): readonly Use[] {
  const uses = new Map<string, { kind: Use['kind']; key: string; environments: Set<string> }>();
  for (const { path } of errors) {
    const [, kind, key, , environment] = path.split('/');
    if ((kind !== 'flags' && kind !== 'segments') || key === undefined || environment === undefined) continue;
    const use = uses.get(`${kind}/${key}`) ?? {
      kind: kind === 'flags' ? 'flag' : 'segment',
      key,
      environments: new Set<string>(),
    };
    uses.set(`${kind}/${key}`, use);
    use.environments.add(environment);
  }
  return [...uses.values()].map((use) => ({ ...use, environments: [...use.environments] }));
}
