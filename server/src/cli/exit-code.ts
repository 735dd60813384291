/** Exit codes of the `dimmer` command; documented in docs/cli.md. */
export const EXIT = {
  ok: 0,
  /** Done, but not everything hoped for: instances still late, problems found, something unexpected. */
  failed: 1,
  /** The command line or a setting is wrong. */
  usage: 2,
  /** The server understood and refused. */
  refused: 3,
  /** The server did not answer, or answered with a failure of its own. */
  unreachable: 4,
  /** `serve` cannot start: the address or the database is in use. */
  cannotStart: 5,
} as const;

/** One of the documented exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure the user can do something about: shown as its message alone, without a stack. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}
