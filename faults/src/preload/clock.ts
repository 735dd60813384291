const RealDate = Date;
let offsetMs = 0;

const now = (): number => RealDate.now() + offsetMs;

/** Puts a clock that can be set in the place of the wall clock. The monotonic one goes on as it was, as in reality. */
export function installClock(): void {
  globalThis.Date = new Proxy(RealDate, {
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length > 0 ? args : [now()], newTarget),
    apply: () => new RealDate(now()).toString(),
  });
}

/** Sets the wall clock so many milliseconds ahead of the true one, or behind. */
export function setClock(ms: number): void {
  offsetMs = ms;
}
