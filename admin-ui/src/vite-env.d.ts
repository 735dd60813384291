/// <reference types="vite/client" />
import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Number of environments in the matrix. */
    '--columns'?: number;
  }
}
