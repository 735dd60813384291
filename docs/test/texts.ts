import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './page-runner.ts';

const markdownIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);

/** Every text that people read before they have an installation: the READMEs, and the site. */
export const TEXTS: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'core/README.md',
  'server/README.md',
  'sdk-node/README.md',
  'sdk-browser/README.md',
  'examples/lamp-wall/README.md',
  'examples/server-rendered/README.md',
  ...markdownIn('docs'),
].filter((page) => existsSync(join(ROOT, page)));

/** The same, and why things are as they are. */
export const ALL_TEXTS: readonly string[] = [...TEXTS, ...markdownIn('docs/decisions')];
