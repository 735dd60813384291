/** How the session travels: a cookie that no script can read and no other site can send with a write. */
export interface SessionCookie {
  readonly name: string;
  /** The header that sets it, for so many seconds. */
  set(token: string, maxAgeS: number): string;
  /** The header that removes it. */
  clear(): string;
  /** The token in a Cookie header, if it is there. */
  read(header: string | undefined): string | undefined;
}

/** On https the name's prefix makes browsers refuse the cookie from any other host or path. */
export function createSessionCookie(publicUrl: string): SessionCookie {
  const secure = publicUrl.startsWith('https:');
  const name = secure ? '__Host-dimmer' : 'dimmer';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return {
    name,
    set: (token, maxAgeS) => `${name}=${token}; Max-Age=${maxAgeS}; ${attributes}`,
    clear: () => `${name}=; Max-Age=0; ${attributes}`,
    read(header) {
      const pairs = header?.split(';').map((pair) => pair.trim()) ?? [];
      return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
    },
  };
}
