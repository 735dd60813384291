/** Visits all items, so many at a time, letting others have their turn in between. */
export async function inSlices<T>(items: Iterable<T>, size: number, visit: (item: T) => void): Promise<void> {
  let left = size;
  for (const item of items) {
    visit(item);
    if (--left > 0) continue;
    left = size;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
