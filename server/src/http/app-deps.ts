import type { Authenticate } from '../auth/authenticate.ts';
import type { createChangePassword } from '../auth/change-password.ts';
import type { AddressOf } from '../auth/client-address.ts';
import type { KeyAuthenticator } from '../auth/key-authenticator.ts';
import type { ResetPassword } from '../auth/reset-link.ts';
import type { SessionCookie } from '../auth/session-cookie.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { SetUp } from '../auth/set-up.ts';
import type { createSignIn } from '../auth/sign-in.ts';
import type { TokenViews } from '../auth/token-views.ts';
import type { ChangeViews } from '../changes/change-views.ts';
import type { Committer } from '../changes/committer.ts';
import type { EnvironmentViews } from '../environments/environment-views.ts';
import type { FlagViews } from '../flags/flag-views.ts';
import type { Hub } from '../hub/hub.ts';
import type { Log } from '../log.ts';
import type { RulesetSource } from '../ruleset/ruleset-source.ts';
import type { SegmentViews } from '../segments/segment-views.ts';

/** Everything that can be read. */
export type Views = EnvironmentViews & FlagViews & SegmentViews & ChangeViews & TokenViews;

/** Who may come in, and how. */
export interface Auth {
  readonly authenticate: Authenticate;
  readonly sessions: Sessions;
  readonly signIn: ReturnType<typeof createSignIn>;
  readonly setUp: SetUp;
  readonly changePassword: ReturnType<typeof createChangePassword>;
  readonly resetPassword: ResetPassword;
  readonly cookie: SessionCookie;
  readonly keys: Pick<KeyAuthenticator, 'authenticateKey' | 'keyById'>;
  /** Origins of our own pages. */
  readonly origins: ReadonlySet<string>;
  readonly addressOf: AddressOf;
}

/** What the HTTP application is made of. */
export interface AppDeps {
  readonly committer: Committer;
  readonly views: Views;
  readonly source: RulesetSource;
  readonly hub: Pick<Hub, 'receipts' | 'instances' | 'usage' | 'servers' | 'events' | 'stats' | 'admitRequest'>;
  readonly auth: Auth;
  readonly log: Log;
  /** Where people reach the server. */
  readonly publicUrl: string;
  /** Hex; signs the addresses of event streams. */
  readonly serverSecret: string;
  /** For how long the database has not answered, in ms; undefined: it does. Absent where it cannot be away. */
  readonly databaseAwayMs?: (() => number | undefined) | undefined;
  /** Version of this server, as its package says. */
  readonly version: string;
}

/** What remote evaluation needs of it. */
export interface OfrepDeps extends Pick<AppDeps, 'source' | 'log' | 'serverSecret'> {
  readonly hub: Pick<Hub, 'events' | 'admitRequest'>;
  readonly auth: Pick<Auth, 'keys'>;
}
