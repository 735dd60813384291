import { capture, npm } from '../lib/run.mjs';

/** Most of it is the Chinese font of the admin UI, in parts that browsers fetch as they need them. */
const MAX_PACKED = 6.5 * 1024 * 1024;

/** Without any of these an installation outside the clone does not work. */
const NEEDED = [
  'LICENSE',
  'bin/dimmer.js',
  'dist/bin/dimmer.js',
  'dist/admin/index.html',
  'drizzle/sqlite/meta/_journal.json',
  'drizzle/postgres/meta/_journal.json',
];

/** None of these is of use there. */
const UNWANTED = /\.map$|\.tsbuildinfo$|\.test\.|^src\//;

/** Packs the server without writing anything, and looks at what would be published. */
export async function examineServerPackage() {
  const { code, output } = await capture(npm(), ['pack', '--dry-run', '--json', '--workspace', 'server'], {});
  if (code !== 0) return { ok: false, output };
  const problems = packageProblems(readPack(output));
  return { ok: problems.length === 0, output: problems.join('\n'), summary: sizeText(readPack(output)) };
}

/** What is wrong with a package as `npm pack --json` describes it. */
export function packageProblems({ size, files }) {
  const paths = files.map(({ path }) => path);
  return [
    ...NEEDED.filter((path) => !paths.includes(path)).map((path) => `${path} is missing`),
    ...paths.filter((path) => UNWANTED.test(path)).map((path) => `${path} is of no use outside the clone`),
    ...(size > MAX_PACKED ? [`${megabytes(size)} packed, where ${megabytes(MAX_PACKED)} is the limit`] : []),
  ];
}

/** The description of the one package, after what its scripts said. */
function readPack(output) {
  const start = output.search(/^\[\s*$/m);
  const end = output.lastIndexOf('\n]');
  return JSON.parse(output.slice(start, end + 2))[0];
}

function sizeText({ size, unpackedSize, entryCount }) {
  return `(${megabytes(size)} packed, ${megabytes(unpackedSize)} unpacked, ${entryCount} files)`;
}

function megabytes(bytes) {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
