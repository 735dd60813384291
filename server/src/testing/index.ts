export * from './start-postgres.ts';
export * from './start-server-process.ts';
export * from './start-test-server.ts';
export * from './test-api.ts';
