import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KNOWN_SCHEMA } from '@dimmer/core/model';
import type { Cache, HeldFlag, HeldSegment, Kept } from '@dimmer/core/replica';

type Kind = 'flags' | 'segments';

/** Second line of the file; the first is the SHA-256 of all that follows it, the third the body. */
interface Header {
  readonly format: 1;
  /** SHA-256 over url and key: whose file this is, without saying what the key is. */
  readonly owner: string;
  /** Objects of a newer schema are held only partly, so a newer SDK must fetch them anew. */
  readonly schema: number;
  readonly environmentId: string;
  readonly environmentKey?: string;
  readonly epoch: string;
  readonly version: number;
  readonly digest: string;
  readonly cursor: string;
  readonly savedAt: number;
}

interface Body {
  readonly flags: Readonly<Record<string, HeldFlag>>;
  readonly segments: Readonly<Record<string, HeldSegment>>;
}

/** Age from which a file that was never finished will not be. */
const ABANDONED_MS = 60_000;

/** Shortest time between two writes, in ms. */
const WRITE_EVERY_MS = 1000;

/** Keeps the last good ruleset of one (url, key) in a directory, readable by its owner only. */
export class FileCache implements Cache<Kind> {
  readonly #directory: string;
  readonly #owner: string;
  readonly #failed: (message: string) => void;
  #next: Kept<Kind> | undefined;
  #writing: Promise<void> | undefined;
  /** Runs for a while after each write. */
  #timer: NodeJS.Timeout | undefined;
  /** How often it was dropped: a write that began before is not to bring it back. */
  #drops = 0;
  /** The last write failed: a full disk is worth one line, not one a second. */
  #broken = false;
  #swept = false;

  /** `failed` gets to know why something could not be kept. */
  constructor(directory: string, url: string, key: string, failed: (message: string) => void) {
    this.#directory = directory;
    this.#owner = sha256(JSON.stringify([url, key]));
    this.#failed = failed;
  }

  /** Path of the file. */
  get file(): string {
    return join(this.#directory, `dimmer-${this.#owner.slice(0, 16)}.json`);
  }

  load(): { readonly kept: Kept<Kind> } | { readonly kept?: undefined; readonly reason: string } {
    let content: string;
    try {
      content = readFileSync(this.file, 'utf8');
    } catch (error) {
      return { reason: isMissing(error) ? 'no cache file' : `the cache file cannot be read: ${String(error)}` };
    }
    const [checksum, ...lines] = content.split('\n');
    if (checksum !== sha256(lines.join('\n'))) return { reason: 'the cache file is damaged' };
    const header = parseHeader(lines[0] ?? '');
    const tables = parseBody(lines[1] ?? '');
    if (header?.format !== 1 || !tables) return { reason: 'the cache file is of an unknown format' };
    if (header.owner !== this.#owner) return { reason: 'the cache file is of another url or key' };
    if (header.schema !== KNOWN_SCHEMA) return { reason: 'the cache file is of another version of this SDK' };
    const { environmentId, environmentKey, epoch, version, digest, cursor, savedAt } = header;
    const state = {
      version,
      digest,
      cursor,
      tables: { flags: new Map(Object.entries(tables.flags)), segments: new Map(Object.entries(tables.segments)) },
    };
    return { kept: { environmentId, environmentKey, epoch, savedAt, state } };
  }

  save(kept: Kept<Kind>): void {
    this.#next = kept;
    if (this.#timer === undefined) this.#writing ??= this.#writeAll();
  }

  drop(): void {
    this.#next = undefined;
    this.#drops += 1;
    try {
      rmSync(this.file, { force: true });
    } catch (error) {
      this.#failed(`The cache file cannot be removed: ${String(error)}`);
    }
  }

  /** Resolves once what was given to `save` is on disk. */
  async flushed(): Promise<void> {
    await this.#writing;
    if (this.#next) await this.#write(this.#next);
  }

  /** One write at a time; what came meanwhile is covered by the next, a while later. */
  async #writeAll(): Promise<void> {
    const kept = this.#next;
    if (kept) await this.#write(kept);
    this.#writing = undefined;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#next) this.save(this.#next);
    }, WRITE_EVERY_MS);
    this.#timer.unref();
  }

  async #write(kept: Kept<Kind>): Promise<void> {
    this.#next = undefined;
    const drops = this.#drops;
    const temporary = `${this.file}.${randomBytes(6).toString('hex')}`;
    try {
      makeDirectory(this.#directory);
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(serialize(kept, this.#owner));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.file);
      if (drops !== this.#drops) await rm(this.file, { force: true });
      await syncDirectory(this.#directory);
      this.#broken = false;
    } catch (error) {
      if (!this.#broken) this.#failed(`The cache file cannot be written: ${String(error)}`);
      this.#broken = true;
      await rm(temporary, { force: true }).catch(() => undefined);
    }
    await this.#sweep();
  }

  /** What processes that were killed while they wrote have left behind; a younger file may belong to one that runs. */
  async #sweep(): Promise<void> {
    if (this.#swept) return;
    this.#swept = true;
    const start = `${basename(this.file)}.`;
    try {
      for (const name of await readdir(this.#directory)) {
        if (!name.startsWith(start)) continue;
        const path = join(this.#directory, name);
        const { mtimeMs } = await stat(path);
        if (Date.now() - mtimeMs > ABANDONED_MS) await rm(path, { force: true });
      }
    } catch {
      // Another process may be doing the same.
    }
  }
}

function serialize({ environmentId, environmentKey, epoch, savedAt, state }: Kept<Kind>, owner: string): string {
  const body = JSON.stringify({
    flags: Object.fromEntries(state.tables.flags),
    segments: Object.fromEntries(state.tables.segments),
  } satisfies Body);
  const { version, digest, cursor = '' } = state;
  const whose = { environmentId, ...(environmentKey !== undefined && { environmentKey }) };
  const about = { ...whose, epoch, version, digest, cursor, savedAt };
  const header: Header = { format: 1, owner, schema: KNOWN_SCHEMA, ...about };
  const content = `${JSON.stringify(header)}\n${body}`;
  return `${sha256(content)}\n${content}`;
}

/** So that the new name, too, outlives a loss of power. Not every system can; the file is whole all the same. */
async function syncDirectory(path: string): Promise<void> {
  try {
    const directory = await open(path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch {
    // As on Windows.
  }
}

/** The checksum has said that some version of this SDK wrote it; which, its format says. */
function parseHeader(text: string): Header | undefined {
  try {
    const header: Header = JSON.parse(text);
    return header;
  } catch {
    return undefined;
  }
}

/** As long as the format is 1, this. */
function parseBody(text: string): Body | undefined {
  try {
    const body: Body = JSON.parse(text);
    return body;
  } catch {
    return undefined;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Makes a directory and those above it. Node's own way of doing so never comes back where a directory exists and yet
 * takes no other, as under /proc or in a working directory that was removed.
 */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  const above = dirname(directory);
  if (above !== directory) makeDirectory(above);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Another process may have been quicker.
    if (!existsSync(directory)) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
