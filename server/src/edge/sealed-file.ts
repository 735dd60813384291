import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Upstream } from './upstream.ts';

/** Shortest time between two writes, in ms, and as a multiple of what the last one took: large states are not written all the time. */
const PAUSE_MS = 100;
const PAUSE_FACTOR = 10;

/** Age from which a file that was never finished will not be, in ms. */
const ABANDONED_MS = 60_000;

/** Second line of the file; the first is the SHA-256 of all that follows it, the third the body. */
interface Header {
  readonly format: 1;
  /** SHA-256 over url and key: whose file this is, without saying what the key is. */
  readonly owner: string;
}

/** What was kept, or why there is nothing to use; no reason: nothing was kept. */
export type Loaded<T> = { readonly value: T } | { readonly reason: string | undefined };

/** Keeps one value of one (url, key) on disk, readable by its owner only, and knows a torn or foreign file. */
export class SealedFile<T> {
  readonly path: string;
  readonly #directory: string;
  readonly #owner: string;
  readonly #failed: (message: string) => void;
  #next: { readonly value: T } | undefined;
  #writing: Promise<void> | undefined;
  /** The last write failed: a full disk is worth one line, not one a second. */
  #broken = false;
  #swept = false;

  /** `failed` gets to know why something could not be kept. */
  constructor(directory: string, name: string, { url, key }: Upstream, failed: (message: string) => void) {
    this.#directory = directory;
    this.#owner = sha256(JSON.stringify([url, key]));
    this.path = join(directory, `edge-${this.#owner.slice(0, 16)}.${name}.json`);
    this.#failed = failed;
  }

  load(): Loaded<T> {
    let content: string;
    try {
      content = readFileSync(this.path, 'utf8');
    } catch (error) {
      return { reason: isMissing(error) ? undefined : `it cannot be read: ${String(error)}` };
    }
    const [checksum, head = '', ...body] = content.split('\n');
    if (checksum !== sha256([head, ...body].join('\n'))) return { reason: 'it is damaged' };
    // The checksum has said that some version of this program wrote it; which, its format says.
    const header: Header = JSON.parse(head);
    if (header.format !== 1) return { reason: 'it is of another version' };
    if (header.owner !== this.#owner) return { reason: 'it is of another upstream or key' };
    const value: T = JSON.parse(body.join('\n'));
    return { value };
  }

  save(value: T): void {
    this.#next = { value };
    this.#writing ??= this.#writeAll();
  }

  /** Resolves once what was given to `save` is on disk, or could not be written. */
  async flushed(): Promise<void> {
    await this.#writing;
    if (this.#next) await this.#write(this.#next.value);
  }

  /** One write at a time; what came meanwhile is covered by the next, a while later. */
  async #writeAll(): Promise<void> {
    const begun = performance.now();
    if (this.#next) await this.#write(this.#next.value);
    this.#writing = undefined;
    if (!this.#next) return;
    const pause = Math.max(PAUSE_MS, PAUSE_FACTOR * (performance.now() - begun));
    const timer = setTimeout(() => {
      if (this.#next) this.save(this.#next.value);
    }, pause);
    timer.unref();
  }

  async #write(value: T): Promise<void> {
    this.#next = undefined;
    const temporary = `${this.path}.${randomBytes(6).toString('hex')}`;
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(this.#seal(value));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.path);
      this.#broken = false;
    } catch (error) {
      if (!this.#broken) this.#failed(`${this.path} cannot be written: ${String(error)}`);
      this.#broken = true;
      await rm(temporary, { force: true }).catch(() => undefined);
    }
    await this.#sweep();
  }

  /** What runs that were killed while they wrote have left behind; a younger file may belong to one that goes on. */
  async #sweep(): Promise<void> {
    if (this.#swept) return;
    this.#swept = true;
    const start = `${basename(this.path)}.`;
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

  #seal(value: T): string {
    const header: Header = { format: 1, owner: this.#owner };
    const content = `${JSON.stringify(header)}\n${JSON.stringify(value)}`;
    return `${sha256(content)}\n${content}`;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
