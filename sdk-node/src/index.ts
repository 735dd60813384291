import type { Client } from './client.ts';
import { LiveClient } from './live-client.ts';
import { checkOptions, MEANS } from './options.ts';
import type { ClientOptions, Means } from './options.ts';

export type { Client, ClientEvents, Details, Status, Transport } from './client.ts';
export type { Bootstrap, ClientOptions, Log, Means } from './options.ts';
export type { Context, Json } from '@dimmer/core/model';
export type { Bootstrap as PageBootstrap } from '@dimmer/core/protocol';
export type { DataSource, LinkState } from '@dimmer/core/replica';

/**
 * Makes a client and starts connecting; it can be asked at once. Throws a TypeError for a url or key that cannot be
 * one, and nothing else ever throws. Make one per process, and close it when done: it keeps the process alive.
 */
export function createClient(options: ClientOptions, means: Means = MEANS): Client {
  return new LiveClient(checkOptions(options), means);
}
