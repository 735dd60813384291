/** When an SDK key or API token was made, was last used, and ends, in epoch milliseconds. */
interface StoredTimes {
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly expiresAt: number | null;
}

/** The same as the API shows it: ISO 8601; null for never. */
export function credentialTimes({ createdAt, lastUsedAt, expiresAt }: StoredTimes): {
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
} {
  const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());
  return { createdAt: new Date(createdAt).toISOString(), lastUsedAt: iso(lastUsedAt), expiresAt: iso(expiresAt) };
}
