import type { Config } from '../config.ts';
import type { CliIo } from './io.ts';

/** Says something to people: whoever reads JSON lines from the standard output must be able to parse all of them. */
export function say(text: string, { logFormat }: Pick<Config, 'logFormat'>, io: CliIo): void {
  if (logFormat === 'json') io.err(text);
  else io.out(text);
}

/** Said at once, because nothing else is for as long as clients take to go. */
export function describeStop({
  connections,
  atMostMs,
}: {
  readonly connections: number;
  readonly atMostMs: number;
}): string {
  if (connections === 0) return 'Stopping.';
  const what = connections === 1 ? 'connection' : 'connections';
  const seconds = Math.ceil(atMostMs / 1000);
  return `Closing ${connections} ${what}, at most ${seconds} s; press Ctrl-C again to stop now.`;
}

/** An address and port as one writes them. */
export function listeningOn({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
