import { CliError, EXIT } from './exit-code.ts';

/**
 * The context that `--context` options describe, in order, later ones winning: each a JSON object or one `key=value`.
 * A value that reads as JSON is taken as such (`age=42`, `beta=true`, `zip='"01234"'`), anything else is a string.
 * The targeting key is always a string.
 */
export function parseContext(texts: readonly string[]): Record<string, unknown> {
  return Object.assign(
    {},
    ...texts.map((text) => (text.trimStart().startsWith('{') ? parseObject(text) : parsePair(text))),
  );
}

function parseObject(text: string): object {
  const value = tryJson(text);
  if (typeof value === 'object' && value !== null) return value;
  throw new CliError(EXIT.usage, `--context is '${text}', which is not JSON`);
}

function parsePair(text: string): object {
  const at = text.indexOf('=');
  if (at <= 0) {
    throw new CliError(
      EXIT.usage,
      `--context is '${text}'; expected a JSON object or KEY=VALUE, such as targetingKey=ann`,
    );
  }
  const [key, value] = [text.slice(0, at), text.slice(at + 1)];
  return { [key]: key === 'targetingKey' ? value : (tryJson(value) ?? value) };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
