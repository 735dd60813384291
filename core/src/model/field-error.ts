/** One thing wrong with the input. */
export interface FieldError {
  /** JSON Pointer to what is wrong; "" is the whole. */
  readonly path: string;
  /** What was expected. */
  readonly message: string;
  /** Machine-readable and stable, upper snake case: `MISSING`, `TOO_LONG`, `UNKNOWN_VARIANT`, … */
  readonly code?: string;
}
