import { createRequire } from 'node:module';
import type { Pattern } from '@dimmer/core/evaluation';

type Engine = typeof import('re2js');

const require = createRequire(import.meta.url);
let engine: Engine | undefined;

/**
 * Compiles a pattern of the RE2 dialect; throws when it is not one. The engine is loaded at the first call, so that
 * applications without `matches` never pay for it.
 */
export function compilePattern(source: string): Pattern {
  engine ??= loadEngine();
  const pattern = engine.RE2JS.compile(source);
  return { test: (text) => pattern.matcher(text).find() };
}

function loadEngine(): Engine {
  const loaded: Engine = require('re2js');
  return loaded;
}
