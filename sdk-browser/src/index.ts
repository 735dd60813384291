export { createClient } from './live-client.ts';
export type { Client, ClientEvents, Details, Status } from './client.ts';
export type { ClientOptions, Log, Means } from './options.ts';
export type { Context, Json } from '@dimmer/core/model';
export type { DataSource, LinkState } from '@dimmer/core/replica';
