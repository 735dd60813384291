/** Thrown when a database cannot be used at all; says what to do about it. */
export class CannotOpenDatabase extends Error {
  override readonly name = 'CannotOpenDatabase';
}
