import Module from 'node:module';

/** What is used of a connection of better-sqlite3. */
interface Connection {
  pragma(text: string, options?: { readonly simple: boolean }): unknown;
}

type PragmaText = readonly [text: string, ...rest: unknown[]];

let writer: Connection | undefined;

/**
 * Notices the connection that the server writes with: the one it switches to a write-ahead log. `from`: a file of the
 * server, from whose folder its SQLite driver is found.
 */
export function watchDisk(from: string): void {
  const driver: { readonly prototype: Connection } = Module.createRequire(from)('better-sqlite3');
  const pragma: unknown = driver.prototype.pragma;
  if (typeof pragma !== 'function') throw new Error('This SQLite driver is another than expected');
  Object.defineProperty(driver.prototype, 'pragma', {
    configurable: true,
    value(this: Connection, ...args: PragmaText): unknown {
      if (args[0].startsWith('journal_mode')) remember(this);
      return Reflect.apply(pragma, this, args);
    },
  });
}

function remember(connection: Connection): void {
  writer = connection;
}

const MOST_PAGES = 4_294_967_294;

/** Lets the database grow no further, which SQLite reports as a full disk; or lets it grow again. */
export function setDiskFull(full: boolean): void {
  if (writer === undefined) throw new Error('The database is not open');
  const pages = full ? Number(writer.pragma('page_count', { simple: true })) : MOST_PAGES;
  writer.pragma(`max_page_count = ${pages}`);
}
