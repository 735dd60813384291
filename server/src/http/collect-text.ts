import { Refusal } from '../refusal.ts';
import { badRequest } from './problem.ts';

/**
 * Reads a body to its end, as UTF-8. Refuses one over `limit` bytes with 413, by its announced length before anything
 * is read and by what has come while it is, and one that is not UTF-8 with 400.
 */
export async function collectText(
  chunks: AsyncIterable<Uint8Array>,
  announcedLength: string | null | undefined,
  limit: number,
): Promise<string> {
  const tooLarge = (): Refusal =>
    new Refusal(413, 'BODY_TOO_LARGE', { detail: `The body is larger than ${limit} bytes.` });
  if (Number(announcedLength ?? 0) > limit) throw tooLarge();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge();
    parts.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts));
  } catch {
    throw badRequest('MALFORMED_JSON', 'The body is not valid UTF-8.');
  }
}
