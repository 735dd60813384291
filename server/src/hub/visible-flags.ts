import type { Flag } from '@dimmer/core/model';
import { decodeCursor } from '@dimmer/core/protocol';
import type { RulesetVersion, WireObject } from '../ruleset/ruleset-source.ts';

/** The flags that browsers may see, by key. */
export type VisibleMap = ReadonlyMap<string, Flag>;

/** Knows, version by version, which flags of one environment browsers may see, and parses no others. */
export class VisibleFlags {
  #last: { readonly version: RulesetVersion; readonly flags: VisibleMap } | undefined;

  /** Those of the newest version looked at. */
  get last(): VisibleMap {
    return this.#last?.flags ?? NONE;
  }

  get isKnown(): boolean {
    return this.#last !== undefined;
  }

  of(version: RulesetVersion): VisibleMap {
    const last = this.#last;
    if (last?.version === version) return last.flags;
    // Of a database that was put back, numbers say nothing about which version is the older one.
    const known = last !== undefined && epochOf(last.version) === epochOf(version) ? last : undefined;
    const follows = known !== undefined && version.step !== undefined && version.version === known.version.version + 1;
    const flags = follows ? this.#advance(known.flags, version) : readAll(version);
    // A look at an older version does not lose the place.
    if (known === undefined || version.version > known.version.version) this.#last = { version, flags };
    return flags;
  }

  #advance(before: VisibleMap, version: RulesetVersion): VisibleMap {
    const flags = new Map(before);
    for (const key of version.step?.remove.flags ?? []) flags.delete(key);
    for (const key of version.step?.put.flags ?? []) {
      const flag = readVisible(version.objects.flags.get(key));
      if (flag === undefined) flags.delete(key);
      else flags.set(key, flag);
    }
    return flags;
  }
}

const NONE: VisibleMap = new Map();

function epochOf({ cursor }: RulesetVersion): string | undefined {
  return decodeCursor(cursor)?.epoch;
}

function readAll(version: RulesetVersion): VisibleMap {
  const flags = new Map<string, Flag>();
  for (const [key, object] of version.objects.flags) {
    const flag = readVisible(object);
    if (flag !== undefined) flags.set(key, flag);
  }
  return flags;
}

/** Looks at the text first: canonical JSON writes the member in one way, and most flags do not have it. */
function readVisible(object: WireObject | undefined): Flag | undefined {
  if (object === undefined || !object.text.includes('"clientVisible":true')) return undefined;
  const flag: Flag = JSON.parse(object.text);
  return flag.clientVisible === true ? flag : undefined;
}
