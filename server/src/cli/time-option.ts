import { CliError, EXIT } from './exit-code.ts';

/** A date or time given on the command line, as the API wants it. */
export function toInstant(option: string, text: string): string {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) {
    throw new CliError(EXIT.usage, `${option} is "${text}"; expected a date or time such as 2027-01-31`);
  }
  return time.toISOString();
}
