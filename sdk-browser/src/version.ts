/** Version of this package; a test compares it with `package.json`. */
export const VERSION: string = '0.1.0';

/** What this SDK calls itself. */
export const SDK: string = `browser/${VERSION}`;
