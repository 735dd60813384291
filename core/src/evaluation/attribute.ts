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
const NOW = '$now';

/** A reader of own properties only, so that nothing inherited (or polluted) is ever taken for an attribute. */
export function compileReader(attr: Attr, now: () => number): Reader {
  if (attr === '') return readWhole;
  if (attr === NOW) return now;
  if (attr === 'targetingKey') return readTargetingKey;
  if (attr.startsWith('/')) return pointerReader(attr);
  return (root) => readOwn(root, attr);
}

/** Whether a name is that of a member of the root, rather than a path, the root itself or the time. */
export function isMember(attr: Attr): boolean {
  return attr !== '' && attr !== NOW && !attr.startsWith('/');
}

const { hasOwnProperty } = Object.prototype;

/** Whether a member is the root's own. Does what `Object.hasOwn` does; called so, the engine is a fifth faster. */
export function owns(root: Root, name: string): boolean {
  return hasOwnProperty.call(root, name);
}

function readOwn(root: Root, name: string): unknown {
  const value = root[name];
  return value === undefined || value === null || !owns(root, name) ? undefined : value;
}

/** The targeting key, which is read most: a load of its own stays fast however many other attributes are read. */
function readTargetingKey(root: Root): unknown {
  const value = root['targetingKey'];
  return value === undefined || value === null || !ownsTargetingKey(root) ? undefined : value;
}

/**
 * Whether a targeting key that is there is the root's own: need not be looked up where the engine knows that nothing
 * can be inherited.
 */
export function ownsTargetingKey(root: Root): boolean {
  if (getPrototypeOf(root) === PLAIN && PLAIN['targetingKey'] === undefined) return true;
  return owns(root, 'targetingKey');
}

const { getPrototypeOf } = Object;
const PLAIN: Root = getPrototypeOf({});

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
      if (!isRecord(value) || !owns(value, step)) return undefined;
      value = value[step];
    }
    return value === null ? undefined : value;
  };
}
