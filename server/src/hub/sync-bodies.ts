import type { Parameters, SnapshotReason } from '@dimmer/core/protocol';
import { entryText } from '../changes/wire.ts';
import type { RulesetVersion, WireObject } from '../ruleset/ruleset-source.ts';

/** The body of a `SyncAnswer`. */
export function syncBody(welcome: Parameters, ...message: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(`{"welcome":${JSON.stringify(welcome)},"message":`), ...message, Buffer.from('}')]);
}

/** A whole snapshot in one message: HTTP needs no parts. */
export function wholeSnapshot(version: RulesetVersion, reason: SnapshotReason | undefined): Buffer[] {
  const why = reason === undefined ? '' : `"reason":${JSON.stringify(reason)},`;
  const head =
    `{"type":"snapshot","version":${version.version},"cursor":"${version.cursor}","digest":"${version.digest}",` +
    `${why}"part":1,"parts":1,`;
  let state = states.get(version);
  if (state === undefined) {
    const { flags, segments } = version.objects;
    state = Buffer.from(`"flags":{${entries(flags)}},"segments":{${entries(segments)}}}`);
    states.set(version, state);
  }
  return [Buffer.from(head), state];
}

/** Built once for each version: after a change all polling clients ask at once. */
const states = new WeakMap<RulesetVersion, Buffer>();

function entries(objects: ReadonlyMap<string, WireObject>): string {
  return [...objects].map(([key, { h, text }]) => entryText(key, h, text)).join(',');
}
