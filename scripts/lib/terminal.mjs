// What a person sees: one line for each step, with its time; nothing that only fits a terminal goes into a log file.

const interactive = process.stdout.isTTY;
const coloured = (interactive && process.env.NO_COLOR === undefined) || process.env.FORCE_COLOR !== undefined;
const paint = (code) => (text) => (coloured ? `\u001B[${code}m${text}\u001B[0m` : text);

export const bold = paint('1');
export const dim = paint('2');
export const red = paint('31');
export const green = paint('32');
export const yellow = paint('33');

export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * Starts a step and shows that it is alive: on a terminal one line with a running clock, elsewhere a line now and then.
 * `note` says what it is doing, `done` and `fail` end it.
 */
export function step(title) {
  const started = performance.now();
  let noted = '';
  const elapsed = () => duration(performance.now() - started);
  const paintLine = () => {
    const line = `  ${title} ${elapsed()} ${noted}`.slice(0, (process.stdout.columns ?? 80) - 1);
    process.stdout.write(`\r\u001B[2K${dim(line)}`);
  };
  const sayAlive = () => console.log(dim(`  ${title}: ${elapsed()}${noted === '' ? '' : `, ${noted}`}`));
  const timer = setInterval(interactive ? paintLine : sayAlive, interactive ? 200 : 20_000);
  const end = (mark, text) => {
    clearInterval(timer);
    if (interactive) process.stdout.write('\r\u001B[2K');
    console.log(`${mark} ${title} ${dim(elapsed())}${text === undefined ? '' : ` ${dim(text)}`}`);
    return performance.now() - started;
  };
  if (interactive) paintLine();
  return {
    note: (text) => {
      noted = text;
    },
    done: (text) => end(green('✓'), text),
    fail: (text) => end(red('✗'), text),
  };
}

/** The last lines of a program's output, indented; where it went wrong is usually there. */
export function tail(output, lines = 40) {
  const all = output.trimEnd().split('\n');
  const shown = all.slice(-lines).map((line) => `    ${line}`);
  return all.length > lines ? [dim(`    … ${all.length - lines} lines before`), ...shown].join('\n') : shown.join('\n');
}
