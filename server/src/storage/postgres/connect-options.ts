import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { ClientConfig } from 'pg';
import type { PostgresTarget } from '../../config/database-url.ts';

/** How long the database may take before a request is refused instead of waiting on. */
const CONNECT_MS = 3000;
const LOCK_MS = 3000;
const STATEMENT_MS = 4000;
/** When nothing comes back at all, not even the refusal of the database. */
const ANSWER_MS = 5000;
/** A transaction that its server has left alone ends then, and its locks with it. */
const IDLE_IN_TRANSACTION_MS = 5000;

/** How to reach the database, without any limit on statements. */
export function connectOptions(target: PostgresTarget): ClientConfig {
  const { host, port, user, password, database, applicationName = 'dimmer', channelBinding } = target;
  return {
    host,
    port,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { database }),
    ssl: tlsOptions(target),
    application_name: applicationName,
    enableChannelBinding: channelBinding,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // Every number stored is one that JavaScript can hold.
    types: {
      getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)),
    },
  };
}

/** The same for everyday work: nothing waits for long. */
export function boundedOptions(target: PostgresTarget): ClientConfig {
  return {
    ...connectOptions(target),
    lock_timeout: LOCK_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: ANSWER_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  };
}

function tlsOptions({ sslMode, rootCertFile, certFile, keyFile }: PostgresTarget): ClientConfig['ssl'] {
  if (sslMode === 'disable') return false;
  const files = {
    ...(rootCertFile !== undefined && { ca: readFileSync(rootCertFile, 'utf8') }),
    ...(certFile !== undefined && { cert: readFileSync(certFile, 'utf8') }),
    ...(keyFile !== undefined && { key: readFileSync(keyFile, 'utf8') }),
  };
  if (sslMode === 'require') return { ...files, rejectUnauthorized: false };
  return sslMode === 'verify-full' ? files : { ...files, checkServerIdentity: () => undefined };
}
