import { references } from '../model/references.ts';
import type { DefinitionSource } from './source.ts';

/** The attributes a flag reads, itself and through the segments and flags it refers to. */
export function attributesThrough(key: string, source: DefinitionSource): ReadonlySet<string> {
  const attributes = new Set<string>();
  const seen = { flags: new Set<string>(), segments: new Set<string>() };
  const flags = [key];
  const segments: string[] = [];
  for (;;) {
    const flag = flags.pop();
    const segment = flag === undefined ? segments.pop() : undefined;
    if (flag === undefined && segment === undefined) return attributes;
    const definition = flag === undefined ? source.segment(segment ?? '') : source.flag(flag);
    if (definition === undefined) continue;
    const refs = references(definition);
    for (const attr of refs.attributes) attributes.add(attr);
    collect(refs.flags, seen.flags, flags);
    collect(refs.segments, seen.segments, segments);
  }
}

function collect(found: ReadonlySet<string>, seen: Set<string>, waiting: string[]): void {
  for (const key of found) {
    if (seen.has(key)) continue;
    seen.add(key);
    waiting.push(key);
  }
}
