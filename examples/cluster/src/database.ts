import { startPostgres } from '@dimmer/server/testing';

/** A PostgreSQL database for all servers. */
export interface Database {
  readonly url: string;
  /** Where it is, without a password. */
  readonly name: string;
  stop(): Promise<void>;
}

/** The one given, which is left alone at the end; else a fresh one of our own, which ends with us. */
export async function openDatabase(url: string | undefined): Promise<Database> {
  if (url !== undefined) {
    const { host, pathname } = new URL(url);
    return { url, name: `PostgreSQL, ${host}${pathname}`, stop: () => Promise.resolve() };
  }
  const postgres = await startPostgres();
  return {
    url: await postgres.createDatabase(),
    name: `PostgreSQL of its own, port ${postgres.port}; it is gone at the end`,
    stop: () => postgres.stop(),
  };
}
