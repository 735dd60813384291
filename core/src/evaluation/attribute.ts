import type { Attr } from '../model/condition.ts';
import { isRecord } from '../model/shape.ts';

/** What conditions read from: the context or, inside `elem`, the element. */
export type Root = Readonly<Record<string, unknown>>;

/** Reads one attribute; undefined when it is missing, which null is too. */
export type Reader = (root: Root) => unknown;

/**
 * Stands for an element without members of its own: a scalar, an array, nothing. Its value is private, so that no
 * attribute is ever read from it, and is what "" reads.
 */
export class Whole {
  [member: string]: unknown;
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  /** The value `root` stands for; the root itself when it is none of these. */
  static valueOf(root: Root): unknown {
    return root instanceof Whole ? root.#value : root;
  }
}

/** Names the time of evaluation. */
export const NOW = '$now';

/** A reader of own properties only, so that nothing inherited (or polluted) is ever taken for an attribute. */
export function compileReader(attr: Attr, now: () => number): Reader {
  if (attr === '') return readWhole;
  if (attr === NOW) return now;
  if (attr === 'targetingKey') return readTargetingKey;
  if (attr.startsWith('/')) return pointerReader(attr);
  return (root) => readOwn(root, attr);
}

function readOwn(root: Root, name: string): unknown {
  const value = root[name];
  return value === undefined || value === null || !Object.hasOwn(root, name) ? undefined : value;
}

// The most read attribute gets a load of its own, which stays fast however many others are read.
function readTargetingKey(root: Root): unknown {
  const value = root['targetingKey'];
  return value === undefined || value === null || !Object.hasOwn(root, 'targetingKey') ? undefined : value;
}

function readWhole(root: Root): unknown {
  const value = Whole.valueOf(root);
  return value === null ? undefined : value;
}

function pointerReader(pointer: string): Reader {
  const steps = pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return (root) => {
    let value: unknown = root;
    for (const step of steps) {
      if (!isRecord(value) || !Object.hasOwn(value, step)) return undefined;
      value = value[step];
    }
    return value === null ? undefined : value;
  };
}
