import { createHash } from 'node:crypto';
import type { Evaluator } from '@dimmer/core/evaluation';
import type { Context, Flag } from '@dimmer/core/model';
import { canonicalText, contextHash, encodeCursor, sumDigest, valueEntry } from '@dimmer/core/protocol';
import type { Bootstrap, HashNamed, ValueEntry } from '@dimmer/core/protocol';

/** What the values of a page are made of. */
export interface BootstrapSource {
  /** Key of the environment. */
  readonly environment: string;
  /** 32 hex digits. */
  readonly epoch: string;
  readonly version: number;
  readonly flags: ReadonlyMap<string, { readonly def: Flag }>;
  readonly evaluator: Evaluator;
}

/** The name under which a page finds its values. */
const VARIABLE = 'dimmerBootstrap';

/** What ends a script, or a line of one, by its number. */
const UNSAFE = /[<\u2028\u2029]/g;

/**
 * The values that a browser with this context is to start from, exactly as the server would make them: each `h` and
 * the digest are the same, so that the server answers the cursor with `current`. Counts no usage: the browser will.
 * Throws a TypeError for a context that is not JSON.
 */
export function makeBootstrap(source: BootstrapSource, context: Context): Bootstrap {
  const { environment, epoch, version, flags, evaluator } = source;
  // The server gets the context as JSON, where a date is a text.
  const json: Context = JSON.parse(JSON.stringify(context));
  const values = new Map<string, ValueEntry>();
  for (const [key, { def }] of flags) {
    if (def.clientVisible === true) values.set(key, valueEntry(key, evaluator.evaluate(key, json), def, hashNamed));
  }
  const digest = sumDigest([...values.values()].map(({ h }) => h));
  return {
    v: 1,
    environment,
    cursor: encodeCursor({ epoch, version, digest }),
    version,
    digest,
    contextHash: contextHash(json),
    values: Object.fromEntries(values),
  };
}

/**
 * A script element that puts the values where the page finds them. The JSON is in a string, whose `<` and line
 * separators are escaped: no value can end the script, and none is read as code.
 */
export function toScript(bootstrap: Bootstrap | undefined, nonce: string | undefined): string {
  const text = JSON.stringify(JSON.stringify(bootstrap ?? null)).replace(UNSAFE, escapeUnit);
  const attribute = nonce === undefined ? '' : ` nonce="${nonce.replace(/[^\w+/=-]/g, '')}"`;
  return `<script${attribute}>globalThis.${VARIABLE}=JSON.parse(${text})</script>`;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const hashNamed: HashNamed = (named) => createHash('sha256').update(canonicalText(named)).digest('hex').slice(0, 16);
