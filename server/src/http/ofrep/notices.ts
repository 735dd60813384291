import type { RulesetVersion } from '../../ruleset/ruleset-source.ts';

/** Names one version in notices: enough of the epoch to tell databases apart, and the version. */
export function versionTag(epoch: string, version: number): string {
  return `${epoch.slice(0, 8)}-${version}`;
}

/** The version that a tag of this epoch names; undefined for any other text. */
export function readVersionTag(tag: string, epoch: string): number | undefined {
  const match = /^([0-9a-f]{8})-(\d{1,15})$/.exec(tag);
  return match !== null && match[1] === epoch.slice(0, 8) ? Number(match[2]) : undefined;
}

/** The event that tells a client to ask again; it carries no flags. */
export function toNotice(epoch: string, head: Pick<RulesetVersion, 'version' | 'committedAt'>): string {
  const etag = versionTag(epoch, head.version);
  const data = { type: 'refetchEvaluation', etag, lastModified: Math.floor(head.committedAt / 1000) };
  return `id: ${etag}\nevent: message\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Keeps proxies from closing a quiet stream. */
export const HEARTBEAT = ': \n\n';
