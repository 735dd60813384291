import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { slug } from '../.vitepress/slug.ts';

/** A link or picture in a page. */
export interface PageLink {
  readonly line: number;
  readonly target: string;
}

/** Every Markdown link and picture outside code. */
export function findLinks(markdown: string): PageLink[] {
  const links: PageLink[] = [];
  let inFence = false;
  for (const [index, text] of markdown.split('\n').entries()) {
    if (/^\s*```/.test(text)) inFence = !inFence;
    if (inFence) continue;
    const prose = text.replaceAll(/`[^`]*`/g, (code) => (code.includes('](') ? '' : code));
    for (const [, target = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g)) links.push({ line: index + 1, target });
  }
  return links;
}

/** What is wrong with a link of the page `file`, read as a file on disk; undefined when it leads somewhere. */
export function wrongWith(file: string, { target }: PageLink): string | undefined {
  if (/^(https?|mailto):/.test(target)) return undefined;
  if (target.startsWith('/')) return 'starts with a slash: it works on the site only';
  const [path = '', anchor] = target.split('#');
  const found = path === '' ? file : join(dirname(file), path);
  if (!existsSync(found) || !statSync(found).isFile()) return 'no such file';
  if (anchor === undefined) return undefined;
  return anchorsOf(readFileSync(found, 'utf8')).has(anchor) ? undefined : 'no such heading';
}

function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  const prose = markdown.replaceAll(/^```[\s\S]*?^```/gm, '');
  for (const [, heading = ''] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const base = slug(heading.replaceAll(/\]\([^)]*\)/g, ''));
    let anchor = base;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${base}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}
