import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** None of the tools reports home. */
const QUIET = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', NO_UPDATE_NOTIFIER: '1' };

/** How to start a program of a package with this Node, without a shell and without what `.bin` holds per platform. */
export function tool(packageName, program = packageName.split('/').at(-1)) {
  const folder = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return [process.execPath, join(folder, typeof bin === 'string' ? bin : bin[program])];
}

/** The npm that started us, or the one on the path. */
export function npm() {
  const path = process.env.npm_execpath;
  return path !== undefined && /npm-cli\.c?js$/.test(path) ? [process.execPath, path] : ['npm'];
}

/** Runs a program and keeps what it prints; `onLine` sees each line of it as it comes. */
export function capture([command, ...first], args, { cwd = root, env = {}, onLine } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...args], {
      cwd,
      env: { ...process.env, ...QUIET, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
    });
    let output = '';
    const keep = (line) => {
      output += `${line}\n`;
      onLine?.(line);
    };
    const readers = [child.stdout, child.stderr].map((stream) => createInterface({ input: stream }).on('line', keep));
    const ends = readers.map((reader) => new Promise((closed) => reader.on('close', closed)));
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code, signal) => {
      void Promise.all(ends).then(() => resolve({ code: code ?? signalCode(signal), output }));
    });
  });
}

/** Runs a program that has the terminal for itself. It gets the signals that we get; we end when it has ended. */
export function handOver([command, ...first], args, { env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...args], {
      cwd: root,
      env: { ...process.env, ...QUIET, ...env },
      stdio: 'inherit',
    });
    // Ctrl-C reaches the child by itself, as part of the terminal's group: we only must not end before it does.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    process.on('SIGHUP', () => child.kill('SIGHUP'));
    // npm runs us in a shell, and a shell that is ended passes nothing on: without it nobody could stop us any more.
    const shell = process.ppid;
    const watch = setInterval(() => process.ppid === shell || child.kill('SIGTERM'), 500);
    const end = (code) => {
      clearInterval(watch);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(error.message);
      end(127);
    });
    child.on('close', (code, signal) => end(code ?? signalCode(signal)));
  });
}

function signalCode(signal) {
  return signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1;
}
