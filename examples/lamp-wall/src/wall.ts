import type { Client, Details } from '@dimmer/sdk-node';
import { allUsers, FLAG } from './users.ts';
import { packLamps, type WallState } from './wall-state.ts';

/** The wall as the server sees it: asks the SDK about every user whenever something changed, and tells its followers. */
export interface Wall {
  /** Calls at once with the present state, then at every change. Returns a function that ends it. */
  follow(listener: (state: WallState) => void): () => void;
}

/** A thousand evaluations take well under a millisecond, so that the whole wall is asked anew at every change. */
export function createWall(client: Client): Wall {
  const users = allUsers();
  const followers = new Set<(state: WallState) => void>();
  const look = (): WallState => {
    const first = client.details(FLAG, false, users[0]);
    return {
      flag: stateOfFlag(first),
      live: client.status.state === 'live',
      version: first.version,
      lit: packLamps(users.map((user) => client.isEnabled(FLAG, user))),
    };
  };
  const tell = (): void => {
    const state = look();
    for (const follower of followers) follower(state);
  };
  client.on('change', tell);
  client.on('status', tell);
  return {
    follow(listener) {
      followers.add(listener);
      listener(look());
      return () => followers.delete(listener);
    },
  };
}

function stateOfFlag({ version, reason, errorCode }: Details<boolean>): WallState['flag'] {
  if (version === 0) return 'unknown';
  if (errorCode === 'FLAG_NOT_FOUND') return 'missing';
  return reason === 'ERROR' ? 'unusable' : 'present';
}
