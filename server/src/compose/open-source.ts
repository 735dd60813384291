import { hearOtherServers } from '../changes/other-servers.ts';
import type { Log } from '../log.ts';
import { openRulesetCache, type RulesetCache, type RulesetCacheDeps } from '../ruleset/ruleset-cache.ts';

/**
 * The rulesets. Other servers may write while they are read: where their announcements stand is noted before that,
 * and what comes after is heard once everything is loaded.
 */
export async function openSource(deps: RulesetCacheDeps, log: Log): Promise<RulesetCache> {
  const { storage, feed } = deps;
  let source: RulesetCache | undefined;
  const resync = async (): Promise<void> => source?.resync();
  const following = await storage.announcements?.follow(hearOtherServers({ storage, feed, resync, log }));
  source = await openRulesetCache({ ...deps, following });
  return source;
}
