import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from './page-runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'dimmer-site-'));

describe('the site', () => {
  // VitePress itself fails on a link to a page that does not exist.
  beforeAll(async () => {
    const vitepress = join(ROOT, 'node_modules/vitepress/bin/vitepress.js');
    await promisify(execFile)(process.execPath, [vitepress, 'build', join(ROOT, 'docs'), '--outDir', folder]);
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('loads nothing from elsewhere', () => {
    const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
    expect(pages.length).toBeGreaterThan(10);
    const loads = /<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?\/\/[^"]+"/g;
    const found = pages.flatMap((name) => readFileSync(join(folder, name), 'utf8').match(loads) ?? []);
    expect(found).toEqual([]);
  });

  test('links to headings that exist', () => {
    const broken: string[] = [];
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.html')) continue;
      const html = readFileSync(join(folder, name), 'utf8');
      for (const [, path = '', anchor = ''] of html.matchAll(/href="(\/[^"#]*)?#([^"]+)"/g)) {
        const target = path === '' ? name : `${path === '/' ? '/index' : path.replace(/\/$/, '/index')}.html`;
        if (anchor === 'VPContent') continue;
        const page = readFileSync(join(folder, target), 'utf8');
        if (!page.includes(`id="${decodeURIComponent(anchor)}"`)) broken.push(`${name}: ${path}#${anchor}`);
      }
    }
    expect(broken).toEqual([]);
  });
});
