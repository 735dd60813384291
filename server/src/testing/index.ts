export * from './start-edge-process.ts';
export * from './start-postgres.ts';
export * from './start-server-process.ts';
export * from './start-test-edge.ts';
export * from './start-test-server.ts';
export * from './test-api.ts';
