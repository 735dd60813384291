import type { Page, SegmentSettings, SegmentView } from '@dimmer/core/api';
import type { Read } from '../changes/etag.ts';

/** Segments as the API shows them. Every view throws `Refusal` 404 for what is not there. */
export interface SegmentViews {
  listSegments(
    project: string,
    query?: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
  ): Promise<Read<Page<SegmentView>>>;
  getSegment(project: string, segment: string): Promise<Read<SegmentView>>;
  getSegmentSettings(project: string, segment: string, environment: string): Promise<Read<SegmentSettings>>;
}
