// Runs around `npm pack` and `npm publish`: the package carries the admin UI, which is built in a workspace of its own,
// and the license. They are taken away again, so that in the clone the server always shows the one that was built last.
import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../admin-ui/dist', import.meta.url));
const carried = fileURLToPath(new URL('dist/admin', import.meta.url));
const license = new URL('LICENSE', import.meta.url);

await rm(carried, { recursive: true, force: true });
await rm(license, { force: true });
if (process.argv[2] === 'before') {
  if (!existsSync(`${built}/index.html`) || !existsSync(new URL('dist/bin/dimmer.js', import.meta.url))) {
    throw new Error('Not built yet: run `npm run build` first.');
  }
  await cp(built, carried, { recursive: true });
  await cp(new URL('../LICENSE', import.meta.url), license);
}
