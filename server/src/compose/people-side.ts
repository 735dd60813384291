import { createApiTokens } from '../auth/api-tokens.ts';
import { createAuthenticate } from '../auth/authenticate.ts';
import { createChangePassword } from '../auth/change-password.ts';
import type { AddressOf } from '../auth/client-address.ts';
import type { KeyAuthenticator } from '../auth/key-authenticator.ts';
import { allowedOrigins } from '../auth/origin.ts';
import { createCheckPassword } from '../auth/password-check.ts';
import { createResetPassword } from '../auth/reset-link.ts';
import { createSessionCookie } from '../auth/session-cookie.ts';
import { createSessions } from '../auth/sessions.ts';
import { createSetUp } from '../auth/set-up.ts';
import { createSignIn } from '../auth/sign-in.ts';
import { createTokenViews } from '../auth/token-views.ts';
import type { ChangeFeed } from '../changes/change-feed.ts';
import { createChangeViews } from '../changes/change-views.ts';
import type { Committer } from '../changes/committer.ts';
import { createEnvironmentViews } from '../environments/environment-views.ts';
import { createFlagViews } from '../flags/flag-views.ts';
import type { AppDeps, Auth, Views } from '../http/app-deps.ts';
import type { Hub } from '../hub/hub.ts';
import { createLiveFeed, type LiveFeed } from '../hub/live-feed.ts';
import type { Log } from '../log.ts';
import type { RulesetCache } from '../ruleset/ruleset-cache.ts';
import { createSegmentViews } from '../segments/segment-views.ts';
import type { Storage } from '../storage/storage.ts';

/** What people and scripts use: accounts, views, the API and its live feed. */
export interface PeopleSide {
  readonly app: AppDeps;
  readonly live: LiveFeed;
}

/** What it is made of. */
export interface PeopleSideDeps {
  readonly storage: Storage;
  readonly feed: ChangeFeed;
  readonly committer: Committer;
  readonly source: RulesetCache;
  readonly hub: Hub;
  readonly keys: KeyAuthenticator;
  readonly addressOf: AddressOf;
  readonly publicUrl: string;
  readonly adminToken: string | undefined;
  readonly serverSecret: string;
  readonly version: string;
  readonly log: Log;
  readonly now: () => number;
}

/** Builds it. It is loaded after everything that SDKs wait for. */
export function createPeopleSide(deps: PeopleSideDeps): PeopleSide {
  const { storage, feed, committer, source, hub, log, publicUrl, now } = deps;
  const views: Views = {
    ...createEnvironmentViews(storage, now),
    ...createFlagViews(storage),
    ...createSegmentViews(storage),
    ...createChangeViews(storage),
    ...createTokenViews(storage, now),
  };
  const auth = createAuth(deps);
  const { authenticate, origins } = auth;
  return {
    app: {
      committer,
      views,
      source,
      hub,
      auth,
      log,
      publicUrl,
      serverSecret: deps.serverSecret,
      version: deps.version,
      // A file is there for as long as the process: the metric is the same for everybody who watches.
      databaseAwayMs: deps.storage.awayMs ?? (() => undefined),
    },
    live: createLiveFeed({ source, hub, feed, views, authenticate, origins, log }),
  };
}

function createAuth(deps: PeopleSideDeps): Auth {
  const { storage, committer, keys, addressOf, publicUrl, adminToken, log, now } = deps;
  const cookie = createSessionCookie(publicUrl);
  const origins = allowedOrigins(publicUrl);
  const sessions = createSessions({ storage, now });
  const checkPassword = createCheckPassword({ storage, log, now });
  const tokens = createApiTokens({ storage, log, adminToken, now });
  return {
    authenticate: createAuthenticate({ tokens, sessions, cookie, origins }),
    sessions,
    signIn: createSignIn({ checkPassword, sessions }),
    setUp: createSetUp({ storage, committer, sessions }),
    changePassword: createChangePassword({ storage, checkPassword, sessions, now }),
    resetPassword: createResetPassword({ storage, sessions, now }),
    cookie,
    keys,
    origins,
    addressOf,
  };
}
