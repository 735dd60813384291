import type { InstanceView, Page } from '@dimmer/core/api';
import type { RulesetSnapshot, SyncAnswer } from '@dimmer/core/protocol';
import type { Api } from '@dimmer/server/testing';
import type { Sight } from './checker.ts';

/** What is needed of a server to write to it and to ask it. */
export interface Served {
  readonly url: string;
  readonly serverKey: string;
  readonly api: Api;
}

/** An answer to a write. */
interface Written {
  readonly changeId: string | null;
  readonly versions: Readonly<Record<string, number>>;
}

/** A write that the server has acknowledged. */
export interface Acknowledged {
  readonly changeId: string;
  readonly flag: string;
  readonly percent: number;
  /** Of `production`. */
  readonly version: number;
  /** Epoch ms of the answer. */
  readonly at: number;
}

const PROJECT = '/projects/default';

/** Makes flags `flag-0` and so on. */
export async function createFlags(api: Api, count: number, more: object = {}): Promise<readonly string[]> {
  const keys = Array.from({ length: count }, (_, n) => `flag-${n}`);
  for (const key of keys) {
    const { status, body } = await api('POST', `${PROJECT}/flags`, { key, ...more });
    if (status !== 201) throw new Error(`No flag: ${status} ${JSON.stringify(body)}`);
  }
  return keys;
}

/** Sets the rollout of a flag in `production`; undefined when the server does not say that it has. */
export async function rollOut(
  api: Api,
  flag: string,
  percent: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<Acknowledged | undefined> {
  const path = `${PROJECT}/flags/${flag}/settings/production/rollout`;
  const answer = await api<Written>('PUT', path, { percent, enabled: true }, headers).catch(() => undefined);
  const version = answer?.body?.versions?.['production'];
  if (answer?.status !== 200 || version === undefined) return undefined;
  return { changeId: answer.body.changeId ?? '', flag, percent, version, at: Date.now() };
}

/** The same, by when it must succeed. */
export async function mustRollOut(api: Api, flag: string, percent: number): Promise<Acknowledged> {
  const written = await rollOut(api, flag, percent);
  if (written === undefined) throw new Error(`The rollout of ${flag} to ${percent} % was not acknowledged`);
  return written;
}

/** The head that a client gets which asks anew. */
export async function headOf({ url, serverKey }: Served): Promise<Sight> {
  const answer = await fetch(`${url}/sdk/v1/sync`, { headers: { Authorization: `Bearer ${serverKey}` } });
  const { welcome, message }: SyncAnswer<RulesetSnapshot> = JSON.parse(await answer.text());
  return { epoch: welcome.epoch, version: message.version, digest: message.digest };
}

/** The instances of `production` that are connected, as the server sees them; 200 at most. */
export async function connectedTo(api: Api): Promise<readonly InstanceView[]> {
  const { body } = await api<Page<InstanceView>>('GET', `${PROJECT}/environments/production/instances`);
  return body.items.filter(({ goneAt }) => goneAt === null);
}
