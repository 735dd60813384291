import { VIEWS, type View } from '../features/flags/filter.ts';
import { INSTANCE_FILTERS, type InstanceFilter } from '../features/connections/instance-state.ts';

type Raw = Record<string, unknown>;

/** What may stand in the URL of each page; anything else is dropped rather than believed. */
export interface FlagsSearch {
  q?: string | undefined;
  view?: View | undefined;
}

export function flagsSearch(raw: Raw): FlagsSearch {
  return { q: text(raw['q']), view: VIEWS.find((view) => view === raw['view']) };
}

export interface EnvironmentSearch {
  env?: string | undefined;
}

export function environmentSearch(raw: Raw): EnvironmentSearch {
  return { env: text(raw['env']) };
}

export interface SegmentsSearch extends EnvironmentSearch {
  segment?: string | undefined;
}

export function segmentsSearch(raw: Raw): SegmentsSearch {
  return { ...environmentSearch(raw), segment: text(raw['segment']) };
}

export interface ConnectionsSearch extends EnvironmentSearch {
  state?: InstanceFilter | undefined;
}

export function connectionsSearch(raw: Raw): ConnectionsSearch {
  return { ...environmentSearch(raw), state: INSTANCE_FILTERS.find((state) => state === raw['state']) };
}

export interface ChangesSearch extends EnvironmentSearch {
  flag?: string | undefined;
  who?: string | undefined;
}

export function changesSearch(raw: Raw): ChangesSearch {
  return { ...environmentSearch(raw), flag: text(raw['flag']), who: text(raw['who']) };
}

export interface LoginSearch {
  /** Where to go afterwards, inside this site. */
  next?: string | undefined;
  expired?: boolean | undefined;
}

export function loginSearch(raw: Raw): LoginSearch {
  const next = text(raw['next']);
  const inside = next !== undefined && /^\/(?![/\\])/.test(next) ? next : undefined;
  return { next: inside, expired: raw['expired'] === true ? true : undefined };
}

/** The router reads "5" and "true" as what they look like; keys are texts. */
function text(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
