export * from './result.ts';
export * from './trace.ts';
