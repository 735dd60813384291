import type { Flag } from '../model/flag.ts';
import type { Root } from './attribute.ts';
import type { Scope } from './scope.ts';
import type { Trace } from './trace.ts';

export function explainFlag(flag: Flag | undefined, _root: Root, _scope: Scope): Trace {
  return { enabled: flag?.enabled ?? false, rules: [] };
}
