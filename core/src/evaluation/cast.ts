import type { Cast } from '../model/condition.ts';
import type { Scalar } from '../model/json.ts';
import { compareSemver } from './compare-semver.ts';
import { compareDateTime, parseDateTime } from './date-time.ts';
import { comparePaddedVersion, paddedVersion } from './padded-version.ts';
import { parseSemver, semverKey } from './semver.ts';

/** A compiled cast. */
export interface CastKit {
  /** Converts an attribute's value, undefined meaning missing on both sides. */
  readonly convert: (value: unknown) => unknown;
  /** Converts what the test compares with, so that both sides are of one kind; undefined when it never can be. */
  readonly constant: (value: Scalar) => Scalar | undefined;
  /** Takes an array whole instead of element by element. */
  readonly whole: boolean;
  /**
   * Compares with a constant without converting, where converting would make a new value each time; undefined when
   * the constant is nothing that can be compared with. Absent: convert.
   */
  readonly compare?: (bound: Scalar) => Compare | undefined;
}

/** How an attribute's value stands to a constant: below 0, 0, or above 0; undefined when the cast gives nothing. */
export type Compare = (value: unknown) => number | undefined;

/** The cast of that name. */
export function castKit(cast: Cast): CastKit {
  return KITS[cast];
}

const same = (value: Scalar): Scalar => value;

const KITS: Readonly<Record<Cast, CastKit>> = {
  string: { convert: toText, constant: same, whole: false },
  lower: {
    convert: toLower,
    constant: (value) => (typeof value === 'string' ? value.toLowerCase() : value),
    whole: false,
  },
  number: { convert: toNumber, constant: same, whole: false },
  date: { convert: toEpoch, constant: toEpoch, whole: false, compare: compareEpoch },
  semver: { convert: toSemver, constant: toSemver, whole: false, compare: compareVersion },
  bool: { convert: (value) => (value === undefined ? undefined : Boolean(value)), constant: same, whole: true },
  version: {
    convert: paddedVersion,
    constant: paddedVersion,
    whole: true,
    compare: (bound) => {
      const text = paddedVersion(bound);
      return (value) => comparePaddedVersion(value, text);
    },
  },
  size: { convert: (value) => (Array.isArray(value) ? value.length : undefined), constant: same, whole: true },
  type: { convert: typeName, constant: same, whole: true },
  json: { convert: toJson, constant: same, whole: true },
};

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function toLower(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  const number = Number(text);
  return text === '' || Number.isNaN(number) ? undefined : number;
}

function toEpoch(value: unknown): number | undefined {
  if (typeof value === 'string') return parseDateTime(value);
  // Called on the prototype, because a context may bring its own getTime.
  const number = value instanceof Date ? Date.prototype.getTime.call(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function compareEpoch(bound: Scalar): Compare | undefined {
  const epoch = toEpoch(bound);
  if (epoch === undefined) return undefined;
  return (value) => {
    if (typeof value === 'string') return compareDateTime(value, epoch);
    const other = toEpoch(value);
    if (other === undefined) return undefined;
    if (other === epoch) return 0;
    return other < epoch ? -1 : 1;
  };
}

function toSemver(value: unknown): string | undefined {
  if (typeof value === 'number') return semverKey(String(value));
  return typeof value === 'string' ? semverKey(value) : undefined;
}

function compareVersion(bound: Scalar): Compare | undefined {
  const version = typeof bound === 'boolean' ? undefined : parseSemver(String(bound));
  if (version === undefined) return undefined;
  return (value) => {
    if (typeof value === 'number') return compareSemver(String(value), version);
    return typeof value === 'string' ? compareSemver(value, version) : undefined;
  };
}

function typeName(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}

function toJson(value: unknown): string | undefined {
  try {
    return value === undefined ? undefined : JSON.stringify(value);
  } catch {
    // Circular, too deep, or a toJSON that throws: no JSON text.
    return undefined;
  }
}
