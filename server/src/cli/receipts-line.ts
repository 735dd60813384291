import type { LateInstance, WriteAnswer } from '@dimmer/core/api';

type Counts = NonNullable<WriteAnswer['receipts']>;

/** Late instances that are named. */
const SHOWN = 3;

/** What a write did: a line of versions, one for each warning, and one that says how far it has spread. */
export function describeWrite(answer: WriteAnswer): string {
  const lines = [versionsLine(answer)];
  for (const warning of answer.warnings ?? []) lines.push(`Note: ${warning.message}`);
  const receipts = receiptsLine(answer);
  if (receipts !== undefined) lines.push(receipts);
  return lines.join('\n');
}

/**
 * "312 of 312 instances on version 42, p50 31 ms, p99 118 ms", and who is known to be missing among those counted:
 * "1 of 1 connected on version 42, p50 31 ms, p99 31 ms; 4 seen in the last 5 minutes are not connected now".
 * Browsers whose values stay the same count as well: "all 4 instances up to date on version 42: 2 applied, 2 see no
 * difference". Undefined when the write did not wait.
 */
function receiptsLine({ receipts, versions }: WriteAnswer): string | undefined {
  if (receipts === undefined || Object.keys(versions).length === 0) return undefined;
  return [countsText(receipts, versions), ...missingTexts(receipts)].join('; ');
}

function countsText(receipts: Counts, versions: WriteAnswer['versions']): string {
  const polling = receipts.polling === 0 ? [] : [`${count(receipts.polling)} polling`];
  if (receipts.instances === 0) return ['No instance connected', ...polling].join(', ');
  // With some away it matters of whom these are all.
  const whom = (receipts.away ?? 0) > 0 ? 'connected' : 'instances';
  const parts =
    receipts.unaffected > 0
      ? upToDate(receipts, whom, spreading(versions))
      : [`${count(receipts.applied)} of ${count(receipts.instances)} ${whom} on ${spreading(versions)}`];
  if (receipts.p50Ms !== null) parts.push(`p50 ${Math.round(receipts.p50Ms)} ms`);
  if (receipts.p99Ms !== null) parts.push(`p99 ${Math.round(receipts.p99Ms)} ms`);
  if (receipts.gone > 0) parts.push(`${count(receipts.gone)} gone`);
  parts.push(...polling);
  const late = receipts.instances - receipts.applied - receipts.unaffected - receipts.gone;
  if (late > 0) parts.push(`${count(late)} not yet${lateNames(receipts.late)}`);
  return parts.join(', ');
}

/** Whoever sees no difference is as good as whoever applied it. */
function upToDate({ instances, gone, applied, unaffected }: Counts, whom: string, version: string): string[] {
  const [current, total] = [applied + unaffected, instances - gone];
  const share = current >= total ? `all ${count(total)}` : `${count(current)} of ${count(total)}`;
  return [
    `${share} ${whom} up to date on ${version}: ${count(applied)} applied`,
    `${count(unaffected)} see no difference`,
  ];
}

/** Why there may be instances that were not waited for. */
function missingTexts({ away = 0, restartedMsAgo }: Counts): string[] {
  const texts: string[] = [];
  if (away > 0) texts.push(`${count(away)} seen in the last 5 minutes ${away === 1 ? 'is' : 'are'} not connected now`);
  if (restartedMsAgo !== undefined) {
    const seconds = Math.max(1, Math.round(restartedMsAgo / 1000));
    texts.push(`the server restarted ${seconds} s ago, instances may still be reconnecting`);
  }
  return texts;
}

function versionsLine(answer: WriteAnswer): string {
  if (answer.changeId === null) return 'Nothing to change.';
  const versions = Object.entries(answer.versions).map(
    ([environment, version]) => `${environment} is at version ${version}`,
  );
  return `Change ${answer.changeId}${versions.length === 0 ? '' : `: ${versions.join(', ')}`}`;
}

function spreading(versions: Readonly<Record<string, number>>): string {
  const entries = Object.entries(versions);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) return `version ${first[1]}`;
  return entries.map(([environment, version]) => `${environment} ${version}`).join(', ');
}

function lateNames(late: readonly LateInstance[]): string {
  if (late.length === 0) return '';
  const names = late
    .slice(0, SHOWN)
    .map((instance) => `${instance.address} (${instance.sdk}, version ${instance.version})`);
  return `: ${names.join(', ')}${late.length > SHOWN ? ', …' : ''}`;
}

/** Thousands separated by commas, whatever the machine's language: output is compared in scripts. */
function count(n: number): string {
  return n.toLocaleString('en-US');
}
