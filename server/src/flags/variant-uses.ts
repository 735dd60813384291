import type { FieldError } from '@dimmer/core/api';
import { servesOf, usesIn } from '@dimmer/core/model';
import type { Flag, Segment } from '@dimmer/core/model';
import type { Draft } from '../changes/draft.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';

/** Every place where one of these variants of a flag is served or asked for, as an error at that variant. */
export async function variantUses(
  draft: Draft,
  flag: string,
  variants: readonly string[],
  path: string,
): Promise<FieldError[]> {
  const errors: FieldError[] = [];
  for (const name of variants) {
    for (const environment of draft.environments) {
      const settings = await draft.tx.flags.settings(environment.id, flag);
      const own = `/flags/${flag}/settings/${environment.key}`;
      const places = [
        ...(settings ? servesOf(settings, name, own) : []),
        ...(await askedFor(draft, environment, flag, name)),
      ];
      errors.push(
        ...places.map((place) => ({
          path: `${path}/variants/${name}`,
          message: `"${name}" is in use at ${place}`,
          code: 'IN_USE',
        })),
      );
    }
  }
  return errors;
}

/** Where others ask for a variant with `{flag, is}`. */
async function askedFor(draft: Draft, environment: EnvironmentRow, flag: string, name: string): Promise<string[]> {
  const rows = await draft.tx.objects.containing(environment.id, `"flag":"${flag}"`);
  return rows.flatMap((row) => {
    const definition: Flag | Segment = JSON.parse(row.def);
    const place = `/${row.kind}s/${row.key}/settings/${environment.key}`;
    return usesIn(definition, { kind: 'variant', flag, name }, place);
  });
}
