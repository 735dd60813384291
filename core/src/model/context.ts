/** A value an application may put into a context: JSON, dates, and undefined for "not there". */
export type ContextValue =
  | null
  | undefined
  | boolean
  | number
  | string
  | Date
  | readonly ContextValue[]
  | { readonly [key: string]: ContextValue };

/** Who or what is asking: an optional `targetingKey` plus attributes. */
export interface Context {
  readonly targetingKey?: string | undefined;
  readonly [attribute: string]: ContextValue;
}
