/** What a link that works once is for: making the account, or choosing a new password for one. */
export type OneTimeLink =
  | { readonly kind: 'set-up'; readonly token: string }
  | { readonly kind: 'reset'; readonly token: string; readonly email: string };

/** The link that stands in an address; null when none does. */
export function readLink({ hash, search }: Pick<Location, 'hash' | 'search'>): OneTimeLink | null {
  const parts = new URLSearchParams(hash.slice(1));
  const reset = parts.get('reset');
  if (reset !== null) return { kind: 'reset', token: reset, email: parts.get('email') ?? '' };
  const token = parts.get('token') ?? new URLSearchParams(search).get('token');
  return token === null ? null : { kind: 'set-up', token };
}

const KEPT = 'dimmer.link';

/** Keeps a link in this tab, so that it survives a reload after it left the address bar; null forgets it. */
export function keepLink(link: OneTimeLink | null): void {
  if (link === null) sessionStorage.removeItem(KEPT);
  else sessionStorage.setItem(KEPT, toHash(link));
}

/** The link that was kept and not used yet. */
export function keptLink(): OneTimeLink | null {
  return readLink({ hash: sessionStorage.getItem(KEPT) ?? '', search: '' });
}

function toHash(link: OneTimeLink): string {
  const parts = link.kind === 'reset' ? { reset: link.token, email: link.email } : { token: link.token };
  return `#${new URLSearchParams(parts).toString()}`;
}
