import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { notFound } from '../refusal.ts';
import { HttpRefusal } from './problem.ts';

/** Serves the admin UI; throws a `Refusal` for what is not there. */
export type AdminFiles = (method: string, path: string) => Promise<Response>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** A bundle that carries the UI along comes first, then the workspace beside this package. */
const PLACES = ['../admin', '../../dist/admin', '../../../admin-ui/dist'];

/**
 * The built admin UI, from one fixed folder. Its routes are not files: any path without a file type is answered with
 * the page, which finds its way itself. Names under `assets` carry a hash, so those may be kept for ever.
 */
export function createAdminFiles(root: string | null = findRoot()): AdminFiles {
  return async (method, path) => {
    if (method !== 'GET' && method !== 'HEAD') {
      throw new HttpRefusal(405, 'METHOD_NOT_ALLOWED', 'This address takes GET.', { Allow: 'GET, HEAD' });
    }
    const file = toFile(path);
    if (file === undefined) throw notFound(`page ${path}`);
    if (root === null) return notBuilt();
    const content = await readInside(root, file);
    if (content === undefined) throw notFound(`page ${path}`);
    const cache = file.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    const headers = { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Cache-Control': cache };
    return new Response(method === 'HEAD' ? null : new Uint8Array(content), { headers });
  };
}

function findRoot(): string | null {
  const places = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return places.find((place) => existsSync(join(place, 'index.html'))) ?? null;
}

/** The file a path means; undefined for what is never served: dotfiles, source maps, types we do not know. */
function toFile(path: string): string | undefined {
  let parts: string[];
  try {
    parts = decodeURIComponent(path)
      .split('/')
      .filter((part) => part !== '');
  } catch {
    return undefined;
  }
  if (parts.some((part) => part.startsWith('.') || part.includes('\\') || part.includes('\0'))) return undefined;
  const last = parts.at(-1) ?? '';
  if (parts[0] === 'assets') return extname(last) in TYPES ? parts.join('/') : undefined;
  // Keys of flags may have dots, so only the few files beside the page count as such.
  return parts.length === 1 && extname(last) in TYPES ? last : 'index.html';
}

/** The content of a file that is truly in the folder, symbolic links followed. */
async function readInside(root: string, file: string): Promise<Buffer | undefined> {
  try {
    const [base, real] = await Promise.all([realpath(root), realpath(join(root, file))]);
    return real.startsWith(base + sep) ? await readFile(real) : undefined;
  } catch {
    return undefined;
  }
}

function notBuilt(): Response {
  const text = 'The admin UI is not built. Run: npm run build\nThe HTTP API is at /api/docs.\n';
  return new Response(text, { headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' } });
}
