/**
 * The shape a translation must have: the source's keys with any text. Chinese has one plural form, so the source's
 * `_one` has no counterpart.
 */
export type Catalogue<T> = {
  readonly [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Catalogue<T[K]>;
};
