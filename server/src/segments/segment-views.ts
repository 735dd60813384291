import type { Page, SegmentSettings, SegmentView } from '@dimmer/core/api';
import { withEtag } from '../changes/etag.ts';
import type { Read } from '../changes/etag.ts';
import { findEnvironment, findProject } from '../changes/find-project.ts';
import { fromCursor, pageLimit, toPage } from '../changes/paging.ts';
import { notFound } from '../refusal.ts';
import type { Storage } from '../storage/storage.ts';
import { toSegmentView } from './segment-view.ts';

/** Segments as the API shows them. Every view throws `Refusal` 404 for what is not there. */
export interface SegmentViews {
  listSegments(
    project: string,
    query?: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
  ): Promise<Read<Page<SegmentView>>>;
  getSegment(project: string, segment: string): Promise<Read<SegmentView>>;
  getSegmentSettings(project: string, segment: string, environment: string): Promise<Read<SegmentSettings>>;
}

/** The segments of a database. */
export function createSegmentViews(storage: Pick<Storage, 'read'>): SegmentViews {
  return {
    listSegments: (projectKey, query = {}) =>
      storage.read(async (tx) => {
        const project = await findProject(tx, projectKey);
        const environments = await tx.environments.list(project.id);
        const limit = pageLimit(query.limit);
        const segments = await tx.segments.list(project.id, fromCursor(query.cursor), limit + 1);
        const rows = await tx.segments.settingsOf(
          segments.map(({ key }) => key),
          environments.map(({ id }) => id),
        );
        const page = toPage(
          segments,
          limit,
          ({ key }) => key,
          (segment) => toSegmentView(segment, environments, rows),
        );
        return withEtag(page);
      }),
    getSegment: (projectKey, key) =>
      storage.read(async (tx) => {
        const project = await findProject(tx, projectKey);
        const segment = await tx.segments.byKey(project.id, key);
        if (!segment) throw notFound(`segment "${key}" in project "${projectKey}"`);
        const environments = await tx.environments.list(project.id);
        const rows = await tx.segments.settingsOf(
          [key],
          environments.map(({ id }) => id),
        );
        return withEtag(toSegmentView(segment, environments, rows));
      }),
    getSegmentSettings: (projectKey, key, environmentKey) =>
      storage.read(async (tx) => {
        const project = await findProject(tx, projectKey);
        const environment = await findEnvironment(tx, project, environmentKey);
        const row = await tx.segments.settings(environment.id, key);
        if (!row) throw notFound(`segment "${key}" in environment "${environmentKey}"`);
        return withEtag({ condition: row.condition });
      }),
  };
}
