/** One thing wrong with the input. */
export interface FieldError {
  /** JSON Pointer to what is wrong; "" is the whole. */
  readonly path: string;
  /** What was expected. */
  readonly message: string;
}
