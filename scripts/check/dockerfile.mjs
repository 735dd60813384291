import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { readIgnore, readStages } from '../lib/dockerfile.mjs';
import { root } from '../lib/run.mjs';

/** What is wrong with the Dockerfile of this repository. */
export function dockerfileFindings() {
  const read = (file) => readFileSync(join(root, file), 'utf8');
  const { workspaces } = JSON.parse(read('package.json'));
  const folders = workspaces.flatMap(foldersOf).filter((folder) => existsSync(join(root, folder, 'package.json')));
  return dockerfileProblems(read('Dockerfile'), read('.dockerignore'), folders);
}

/** What a linter finds, and what matters here besides. `workspaces`: folders whose package.json npm wants to see. */
export function dockerfileProblems(text, ignore, workspaces = []) {
  const linted = validate(text).map(({ message, range }) => {
    return `line ${range.start.line + 1}: ${typeof message === 'string' ? message : message.value}`;
  });
  const stages = readStages(text);
  const last = stages.at(-1)?.instructions ?? [];
  const find = (keyword) => last.filter((instruction) => instruction.keyword === keyword).at(-1)?.text;
  const all = stages.flatMap(({ instructions }) => instructions);
  const rules = [
    ['every base image has a version', stages.every(({ from }) => /:\d/.test(from))],
    ['the last stage does not run as root, and says so by number', /^[1-9]\d*(:\d+)?$/.test(find('USER') ?? '')],
    [
      'nothing is put in after that',
      last.findLastIndex(isContent) < last.findIndex(({ keyword }) => keyword === 'USER'),
    ],
    ['health is asked for by Node, which is there', (find('HEALTHCHECK') ?? '').startsWith('CMD ["node",')],
    ['the entry point gets signals itself: no shell around it', (find('ENTRYPOINT') ?? '').startsWith('[')],
    ...['VOLUME', 'EXPOSE', 'STOPSIGNAL', 'CMD'].map((keyword) => [
      `there is a ${keyword}`,
      find(keyword) !== undefined,
    ]),
    ['files come by COPY, never by ADD', all.every(({ keyword }) => keyword !== 'ADD')],
    ['no secret stays in a layer', !/(TOKEN|SECRET|PASSWORD)\s*=/i.test(text)],
    ['packages are those of the lock file', all.every(({ text: said }) => !/npm (i|install)\b/.test(said))],
  ];
  const lets = readIgnore(ignore);
  const missing = workspaces.filter((folder) => {
    const file = `${folder}/package.json`;
    return !lets(file) || !all.some(({ keyword, text: said }) => keyword === 'COPY' && said.startsWith(`${file} `));
  });
  return [
    ...linted,
    ...rules.filter(([, holds]) => !holds).map(([rule]) => `not so: ${rule}`),
    ...missing.map((folder) => `${folder}/package.json is not copied before npm ci, or is ignored`),
  ];
}

/** The folders that `name` or `name/*` means. */
function foldersOf(workspace) {
  if (!workspace.endsWith('/*')) return [workspace];
  const parent = workspace.slice(0, -2);
  return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
}

function isContent({ keyword }) {
  return keyword === 'COPY' || keyword === 'RUN';
}
