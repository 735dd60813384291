import type { Authenticate } from '../auth/authenticate.ts';
import type { ChangeFeed } from '../changes/change-feed.ts';
import type { ChangeViews } from '../changes/change-views.ts';
import type { EnvironmentViews } from '../environments/environment-views.ts';
import type { FlagViews } from '../flags/flag-views.ts';
import type { Log } from '../log.ts';
import type { RulesetSource } from '../ruleset/ruleset-source.ts';
import type { Clock } from './clock.ts';
import type { Hub } from './hub.ts';

/** What the admin UI's feed is made of. */
export interface LiveFeedDeps {
  readonly source: Pick<RulesetSource, 'environments' | 'peek' | 'head'>;
  readonly hub: Pick<Hub, 'receipts' | 'counts' | 'stats'>;
  readonly feed: Pick<ChangeFeed, 'onChange'>;
  readonly views: Pick<ChangeViews, 'getChange'> & Pick<FlagViews, 'matrixRows'> & Pick<EnvironmentViews, 'getProject'>;
  readonly authenticate: Authenticate;
  /** Origins of our own pages. */
  readonly origins: ReadonlySet<string>;
  readonly log: Log;
  readonly clock?: Clock;
}
