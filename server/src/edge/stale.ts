/** Header with the milliseconds since an edge last heard of its origin; absent when it is in touch. */
export const STALE_HEADER = 'Dimmer-Stale-Ms';
