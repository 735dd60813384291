export { createClient } from './live-client.ts';
export type { Client, ClientEvents, Details, Status, Transport } from './client.ts';
export type { ClientOptions, Log, Means, ValueCache } from './options.ts';
export type { Context, Json } from '@dimmer/core/model';
export type { Bootstrap } from '@dimmer/core/protocol';
export type { DataSource, LinkState } from '@dimmer/core/replica';
