import type { AskHttp, HttpAnswer } from '@dimmer/core/replica';

/** How long an edge that closes waits for what it is still reporting. */
const LAST_WORDS_MS = 1_000;

/** The requests of an edge that polls its upstream. */
export class UpstreamRequests {
  readonly #url: string;
  readonly #reports = new Set<Promise<unknown>>();

  constructor(url: string) {
    this.#url = url;
  }

  readonly ask: AskHttp = ({ method, path, headers, body }, timeoutMs) => {
    const controller = new AbortController();
    const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(timeoutMs)]);
    const call = async (): Promise<HttpAnswer> => {
      const given = { method, headers, signal, redirect: 'error', ...(body !== undefined && { body }) } as const;
      const answer = await fetch(`${this.#url}${path}`, given);
      return { status: answer.status, text: await answer.text(), retryAfterMs: retryAfterOf(answer) };
    };
    const answer = call();
    if (method === 'POST') this.#report(answer);
    return { answer, cancel: () => controller.abort() };
  };

  /** Resolves once no report is under way any more, or after a second. */
  async settled(): Promise<void> {
    const deadline = performance.now() + LAST_WORDS_MS;
    // The end of one report may be the start of the next.
    while (this.#reports.size > 0 && performance.now() < deadline) {
      const late = AbortSignal.timeout(Math.max(1, Math.ceil(deadline - performance.now())));
      await Promise.race([
        Promise.allSettled(this.#reports),
        new Promise((resolve) => late.addEventListener('abort', resolve)),
      ]);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #report(answer: Promise<unknown>): void {
    this.#reports.add(answer);
    const done = (): boolean => this.#reports.delete(answer);
    answer.then(done, done);
  }
}

function retryAfterOf({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? undefined);
  return seconds >= 0 ? seconds * 1_000 : undefined;
}
