export * from './bucket.ts';
export * from './condition.ts';
export * from './condition-shape.ts';
export * from './context.ts';
export * from './flag.ts';
export * from './json.ts';
export * from './limits.ts';
export * from './ruleset.ts';
