import type { Page, TokenView } from '@dimmer/core/api';
import { withEtag } from '../changes/etag.ts';
import type { Read } from '../changes/etag.ts';
import type { ChangeRow } from '../storage/change-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { TokenRow } from '../storage/token-store.ts';
import { credentialTimes } from './credential-times.ts';

/** API tokens as the API shows them: never the secret, only its first characters. */
export interface TokenViews {
  listTokens(): Promise<Read<Page<TokenView>>>;
}

/** The history of the installation is short; who made a token longer ago than this stays unsaid. */
const MAX_CHANGES = 2_000;

/** The tokens in a database that are good. The list is short: one page. */
export function createTokenViews(storage: Pick<Storage, 'read'>, now: () => number = Date.now): TokenViews {
  return {
    listTokens: () =>
      storage.read(async (tx) => {
        const makers = makersOf(await tx.changes.list(null, { limit: MAX_CHANGES }));
        return withEtag({ items: (await tx.tokens.list(now())).map((row) => toTokenView(row, makers)) });
      }),
  };
}

function toTokenView(row: TokenRow, makers: ReadonlyMap<string, string>): TokenView {
  const { id, name, role, hint } = row;
  return { id, name, role, hint, createdBy: makers.get(id) ?? null, ...credentialTimes(row) };
}

/** Names of those who made tokens, by the token's id. */
function makersOf(changes: readonly ChangeRow[]): ReadonlyMap<string, string> {
  const made = changes.flatMap(({ actor, effects }) =>
    effects
      .filter(({ object, action }) => object.kind === 'token' && action === 'create')
      .map(({ object }) => [object.key, actor.name] as const),
  );
  return new Map(made);
}
