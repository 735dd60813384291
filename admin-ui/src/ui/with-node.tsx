import type { ReactNode } from 'react';

/** Stands in a sentence for an element; pass it as a parameter of the translation. */
export const SLOT = '\u0001';

/** A translated sentence with an element at the place of `SLOT`. */
export function WithNode({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  const [before, after] = text.split(SLOT);
  return (
    <>
      {before}
      {children}
      {after}
    </>
  );
}
