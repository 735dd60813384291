/** What this SDK calls itself; a test compares the version with `package.json`. */
export const SDK: string = 'node/0.1.0';
