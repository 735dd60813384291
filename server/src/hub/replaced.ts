import type { RulesetSource, RulesetVersion } from '../ruleset/ruleset-source.ts';

/**
 * Whether the database was put back, or has another epoch, since `sent` was sent: then the head is a version that does
 * not follow it. Versions that a stream has outrun while they waited for it are no heads.
 */
export function isReplaced(
  sent: RulesetVersion,
  version: RulesetVersion,
  environmentId: string,
  source: RulesetSource,
): boolean {
  return version.cursor !== sent.cursor && source.peek(environmentId) === version;
}
