import type { AskHttp, HttpAnswer } from '@dimmer/core/replica';

/** How long a client that closes waits for what it is still reporting. */
const LAST_WORDS_MS = 1000;

/** The requests over HTTP of one client. */
export class NodeHttp {
  readonly #url: string;
  /** Reports under way; a request that only asks is of no use any more once the client closes. */
  readonly #reports = new Set<Promise<unknown>>();

  /** `url`: of the server. */
  constructor(url: string) {
    this.#url = url;
  }

  /** Makes a request; its promise rejects when there is no answer in time. */
  readonly ask: AskHttp = ({ method, path, headers, body }, timeoutMs) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), timeoutMs);
    const call = async (): Promise<HttpAnswer> => {
      try {
        const answer = await fetch(`${this.#url}${path}`, {
          method,
          headers,
          redirect: 'error',
          signal: controller.signal,
          ...(body !== undefined && { body }),
        });
        const retryAfterMs = toMs(answer.headers.get('retry-after'));
        return { status: answer.status, text: await answer.text(), retryAfterMs };
      } finally {
        clearTimeout(timer);
      }
    };
    const answer = call();
    if (method === 'POST') {
      this.#reports.add(answer);
      const done = (): boolean => this.#reports.delete(answer);
      answer.then(done, done);
    }
    return { answer, cancel: () => controller.abort() };
  };

  /** Resolves once no report is under way any more, or after a second. */
  async settled(): Promise<void> {
    if (this.#reports.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, LAST_WORDS_MS);
    });
    await Promise.race([this.#finished(), late]);
    clearTimeout(timer);
  }

  /** The end of one report may be the start of the next. */
  async #finished(): Promise<void> {
    while (this.#reports.size > 0) {
      await Promise.allSettled(this.#reports);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** The seconds of a `Retry-After` header in ms; undefined when there is none, or a date. */
export function toMs(retryAfter: string | null | undefined): number | undefined {
  const seconds = Number(retryAfter ?? undefined);
  return seconds >= 0 ? seconds * 1000 : undefined;
}
