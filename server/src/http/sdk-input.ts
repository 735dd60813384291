import { parseUp, type ClientSyncRequest, type Usage } from '@dimmer/core/protocol';
import { invalid } from '../refusal.ts';
import { isContext, isObject } from './json-shape.ts';

/** A usage report; 422 for what is none. */
export function toUsage(body: Readonly<Record<string, unknown>>): Usage {
  const parsed = parseUp(JSON.stringify({ ...body, type: 'usage' }));
  if (parsed.kind === 'message' && parsed.message.type === 'usage') return parsed.message;
  throw invalid([{ path: '', message: 'is no usage message' }]);
}

/** What a browser that polls asks for; 422 with the place of what is wrong. */
export function toSyncRequest(value: unknown): ClientSyncRequest {
  const { context, contextGeneration, cursor, wait } = asObject(value);
  if (!isContext(context)) throw invalid([{ path: '/context', message: 'must be an object' }]);
  if (typeof contextGeneration !== 'number' || !Number.isSafeInteger(contextGeneration)) {
    throw invalid([{ path: '/contextGeneration', message: 'must be a whole number' }]);
  }
  if (cursor !== undefined && typeof cursor !== 'string')
    throw invalid([{ path: '/cursor', message: 'must be a string' }]);
  if (wait !== undefined && typeof wait !== 'number') throw invalid([{ path: '/wait', message: 'must be seconds' }]);
  return { context, contextGeneration, ...(cursor !== undefined && { cursor }), ...(wait !== undefined && { wait }) };
}

/** A parsed body that is an object; 422 for any other. */
export function asObject(value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw invalid([{ path: '', message: 'must be an object' }]);
  return value;
}
