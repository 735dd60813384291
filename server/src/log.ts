import type { Logger } from 'pino';
import type { LogLevel } from './config.ts';

/** Facts beside a message; secrets among them are blotted out. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where every part of the server writes what happened. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** The same log with more fields on every line. */
  child(fields: LogFields): Log;
}

/** A log with the end that its owner holds. */
export interface RootLog extends Log {
  /** Resolves when everything logged so far has been written. */
  flush(): Promise<void>;
}

/** Options of `createLog`. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly format: 'pretty' | 'json';
  /** Takes the finished lines; default: standard output. */
  readonly write?: (line: string) => void;
}

type Method = 'debug' | 'info' | 'warn' | 'error';
interface Line {
  readonly method: Method;
  readonly fields: LogFields;
  readonly message: string;
}

const ORDER: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * Makes the server's log. The logging library is loaded only with the first line to write: start-up must
 * not wait for it, so lines are kept until it is there.
 */
export function createLog(options: LogOptions): RootLog {
  const threshold = ORDER.indexOf(options.level);
  let pending: Line[] = [];
  let logger: Logger | undefined;
  let loading: Promise<void> | undefined;
  const write = (line: Line): void => {
    if (ORDER.indexOf(line.method) < threshold) return;
    if (logger !== undefined) return logger[line.method](line.fields, line.message);
    pending.push(line);
    loading ??= loadLogger(options).then((loaded) => {
      logger = loaded;
      for (const kept of pending) loaded[kept.method](kept.fields, kept.message);
      pending = [];
    });
  };
  const flush = async (): Promise<void> => {
    await loading;
    await new Promise<void>((resolve) => (logger === undefined ? resolve() : logger.flush(() => resolve())));
  };
  return { ...logWith(write, {}), flush };
}

/** A log that keeps nothing. */
export const SILENT: Log = logWith(() => {}, {});

function logWith(write: (line: Line) => void, bindings: LogFields): Log {
  const at =
    (method: Method) =>
    (fields: LogFields, message: string): void =>
      write({ method, fields: redact({ ...bindings, ...fields }), message: redactText(message) });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => logWith(write, { ...bindings, ...fields }),
  };
}

async function loadLogger(options: LogOptions): Promise<Logger> {
  const { pino } = await import('pino');
  const settings = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const write = options.write ?? ((line: string): void => void process.stdout.write(line));
  if (options.format === 'json') return pino(settings, { write });
  const { prettyFactory } = await import('pino-pretty');
  const pretty = prettyFactory({ colorize: options.write === undefined && process.stdout.isTTY });
  return pino(settings, { write: (line) => write(pretty(line)) });
}

const SECRET_NAME =
  /^(?:authorization|cookie|set-cookie|x-api-key|password|passwordhash|secret|token|admintoken|setuptoken)$/i;
const SECRET_TEXT = /\b(dmr_[a-z]+_)[\w-]+/g;
const REDACTED = '[redacted]';
const MAX_DEPTH = 6;

/** Blots out secrets, by the name of their field and by the prefix that all our own secrets have. */
function redact(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redactField(name, value, 0)]));
}

function redactField(name: string, value: unknown, depth: number): unknown {
  if (SECRET_NAME.test(name)) return REDACTED;
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Error)
    return { type: value.name, message: redactText(value.message), stack: redactText(value.stack ?? '') };
  if (Array.isArray(value)) return value.map((item) => redactField('', item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactField(key, item, depth + 1)]));
}

function redactText(text: string): string {
  return text.includes('dmr_') ? text.replace(SECRET_TEXT, `$1${REDACTED}`) : text;
}
