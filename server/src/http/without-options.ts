import type { WriteOptions } from '@dimmer/core/api';

/** A body's own fields: the door takes the comment and the confirmation beside them. */
export function withoutOptions<T extends WriteOptions>(body: T): Omit<T, keyof WriteOptions> {
  const { comment: _comment, confirm: _confirm, ...own } = body;
  return own;
}
