import { readFileSync } from 'node:fs';

/** Version of this package, as published. */
export function readServerVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
