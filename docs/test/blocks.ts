/** A fenced block that claims to run: `sh run`, `sh cluster`, `ts run`, `ts run browser` or `ts check`. */
export interface Block {
  /** Line of its opening fence, from 1. */
  readonly line: number;
  readonly language: 'sh' | 'ts';
  /** False for `ts check`: compiled, not executed. And for `sh cluster`, which has a test of its own. */
  readonly executed: boolean;
  /** Runs in Node with what a browser has and Node 20 lacks: `WebSocket`. */
  readonly browser: boolean;
  /** Needs several servers, PostgreSQL and nginx. */
  readonly cluster?: boolean;
  readonly text: string;
  /** What it prints, from a `text output` block right after it; "…" stands for anything. */
  readonly output?: string;
}

const KNOWN: ReadonlyMap<string, Pick<Block, 'language' | 'executed' | 'browser' | 'cluster'>> = new Map([
  ['sh run', { language: 'sh', executed: true, browser: false }],
  ['sh cluster', { language: 'sh', executed: false, browser: false, cluster: true }],
  ['ts run', { language: 'ts', executed: true, browser: false }],
  ['ts run browser', { language: 'ts', executed: true, browser: true }],
  ['ts check', { language: 'ts', executed: false, browser: false }],
]);

interface Fence {
  readonly line: number;
  readonly info: string;
  readonly text: string;
}

/** The blocks of a Markdown page that claim to run, in order. */
export function findBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  for (const fence of findFences(markdown)) {
    const [language, ...marks] = fence.info.split(/\s+/);
    if (language === 'text' && marks[0] === 'output') {
      const last = blocks.pop();
      if (last === undefined) throw new Error(`line ${fence.line}: output of nothing`);
      blocks.push({ ...last, output: fence.text });
      continue;
    }
    if (marks.length === 0) continue;
    const mark = KNOWN.get(fence.info);
    if (mark === undefined) throw new Error(`line ${fence.line}: unknown mark "${fence.info}"`);
    blocks.push({ line: fence.line, ...mark, text: fence.text });
  }
  return blocks;
}

function findFences(markdown: string): Fence[] {
  const fences: Fence[] = [];
  let open: { line: number; info: string; indent: string; lines: string[] } | undefined;
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = /^(\s*)```(.*)$/.exec(text);
    if (open === undefined) {
      if (fence !== null) open = { line: index + 1, info: (fence[2] ?? '').trim(), indent: fence[1] ?? '', lines: [] };
    } else if (fence !== null && fence[2]?.trim() === '') {
      fences.push({ line: open.line, info: open.info, text: open.lines.join('\n') });
      open = undefined;
    } else {
      open.lines.push(text.startsWith(open.indent) ? text.slice(open.indent.length) : text);
    }
  }
  if (open !== undefined) throw new Error(`line ${open.line}: fence is not closed`);
  return fences;
}

/** Whether `actual` is what the page shows: line by line, "…" standing for any text, whole lines too. */
export function matchesOutput(expected: string, actual: string): boolean {
  const pattern = expected
    .trim()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[\\s\\S]*?');
  return new RegExp(`^${pattern}$`).test(actual.trim());
}
