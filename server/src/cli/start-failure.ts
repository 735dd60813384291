import type { Config } from '../config.ts';
import { CliError, EXIT } from './exit-code.ts';

/** Why a program cannot listen, as people can do something about it; undefined: that is not what is wrong. */
export function listenFailure(error: unknown, config: Pick<Config, 'host' | 'port'>): CliError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? error.code : undefined;
  const address = `${config.host}:${config.port}`;
  if (code === 'EADDRINUSE') {
    return new CliError(
      EXIT.cannotStart,
      `${addressOf(error) ?? address} is in use by another program. Choose another port with --port or DIMMER_PORT.`,
    );
  }
  if (code === 'EACCES' && 'syscall' in error && error.syscall === 'listen') {
    return new CliError(
      EXIT.cannotStart,
      `This user may not listen on ${address}. Ports below 1024 usually need rights.`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new CliError(EXIT.cannotStart, `${config.host} is no address of this machine (--host or DIMMER_HOST).`);
  }
  return undefined;
}

/** Which of our ports it was, for there may be two. */
function addressOf(error: Error): string | undefined {
  return 'address' in error && 'port' in error ? `${String(error.address)}:${String(error.port)}` : undefined;
}
