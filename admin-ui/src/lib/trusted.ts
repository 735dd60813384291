/**
 * A value that came from our own server or our own storage, taken for what the contract says it is. The one place
 * that asserts a type without checking it; what people type in is parsed instead.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function trusted<T>(value: unknown): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as T;
}
