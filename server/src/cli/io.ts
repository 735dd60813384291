/** What a command may touch of its process. */
export interface CliIo {
  /** Results, for people or, with `--json`, for scripts. */
  out(text: string): void;
  /** Notes, warnings and errors: never part of the result. */
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The real process. */
export function processIo(): CliIo {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    env: process.env,
  };
}
