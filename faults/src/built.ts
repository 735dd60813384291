import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A compiled file of this package: what runs in processes of its own cannot be TypeScript. */
export function built(name: string): string {
  const places = [`./${name}.js`, `../dist/${name}.js`].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error('The fault kit is not built. Run: npm run build');
  return found;
}
