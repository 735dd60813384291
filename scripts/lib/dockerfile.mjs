/**
 * The stages of a Dockerfile: `{ name, from, instructions: [{ keyword, flags, text }] }`. Knows what ours uses: comments,
 * lines that go on, and flags; no here-documents and no variables.
 */
export function readStages(text) {
  const stages = [];
  for (const line of logicalLines(text)) {
    const [, keyword = '', rest = ''] = /^(\w+)\s+(.*)$/s.exec(line) ?? [];
    const [, flags = '', said = ''] = /^((?:--\S+\s+)*)(.*)$/s.exec(rest) ?? [];
    if (keyword.toUpperCase() === 'FROM') {
      const [from = '', , name] = said.split(/\s+/);
      stages.push({ name, from, instructions: [] });
    } else {
      const instruction = { keyword: keyword.toUpperCase(), flags: readFlags(flags), text: said };
      stages.at(-1)?.instructions.push(instruction);
    }
  }
  return stages;
}

/** What a `.dockerignore` lets into the context: a function from a path to whether it is sent. */
export function readIgnore(text) {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ lets: line.startsWith('!'), pattern: toPattern(line.replace(/^!/, '')) }));
  // The last rule that fits decides; one that fits a folder fits what is in it.
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.lets ?? true;
}

function toPattern(glob) {
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**/', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('\0', '(?:.*/)?');
  return new RegExp(`^${source}(?:/|$)`);
}

function logicalLines(text) {
  const lines = text.split('\n').filter((line) => !/^\s*#/.test(line));
  return lines
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function readFlags(text) {
  return Object.fromEntries([...text.matchAll(/--([a-z-]+)=(\S+)/g)].map(([, name, value]) => [name, value]));
}
