export * from './provider-events.ts';
export * from './to-context.ts';
export * from './to-resolution.ts';
