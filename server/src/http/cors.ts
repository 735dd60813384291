import { SYNC_HEADERS } from '@dimmer/core/protocol';

/**
 * Any page may ask, because a client key is no secret and no cookie counts here. Whether its origin may use the key
 * is decided by the real request, which alone brings the key along.
 */
export const CORS_HEADERS: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'ETag, Retry-After',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** What a preflight is answered. */
export const PREFLIGHT_HEADERS: Readonly<Record<string, string>> = {
  ...CORS_HEADERS,
  'Access-Control-Allow-Methods': 'GET, POST',
  'Access-Control-Allow-Headers': [
    'Content-Type',
    'If-None-Match',
    'Authorization',
    'X-API-Key',
    'Last-Event-ID',
    ...Object.values(SYNC_HEADERS),
  ].join(', '),
  'Access-Control-Max-Age': '7200',
};
