/** Collects items and hands them over together, once per animation frame (or soon, in a hidden tab, which has no frames). */
export function createFrameQueue<T>(flush: (items: readonly T[]) => void, schedule = nextFrame): (item: T) => void {
  let waiting: T[] = [];
  return (item) => {
    waiting.push(item);
    if (waiting.length > 1) return;
    schedule(() => {
      const items = waiting;
      waiting = [];
      flush(items);
    });
  };
}

function nextFrame(action: () => void): void {
  if (document.hidden) setTimeout(action, 50);
  else requestAnimationFrame(action);
}
