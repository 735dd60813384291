import type { DemoKeys } from '../compose/demo-keys.ts';
import type { Started } from '../compose.ts';
import type { CliIo } from './io.ts';

/** A running lamp wall. */
export interface Demo {
  readonly url: string;
  stop(): Promise<void>;
}

/** The part of the lamp wall's module that is used here. It is an application: the server does not depend on it. */
interface LampWallModule {
  startLampWall(options: {
    readonly dimmerUrl: string;
    readonly serverKey: string;
    readonly clientKey: string;
    readonly adminUrl: string;
  }): Promise<Demo>;
}

/** Outside a clone of the repository it is not there. */
const LAMP_WALL: string = '@dimmer/example-lamp-wall';

/** Starts the lamp wall with its keys; without it the server runs all the same. */
export async function startDemo(keys: DemoKeys, { url }: Started, io: CliIo): Promise<Demo | undefined> {
  try {
    const lampWall: unknown = await import(LAMP_WALL);
    if (!isLampWall(lampWall)) throw new Error(`${LAMP_WALL} has no startLampWall`);
    return await lampWall.startLampWall({ dimmerUrl: url, adminUrl: url, ...keys });
  } catch (error) {
    io.err(`The lamp wall is not there: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function isLampWall(value: unknown): value is LampWallModule {
  return typeof value === 'object' && value !== null && 'startLampWall' in value;
}
