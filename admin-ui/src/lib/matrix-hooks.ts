import type { MatrixRow } from '@dimmer/core/api';
import { useCallback, useSyncExternalStore } from 'react';
import type { CellState, MatrixStore } from './matrix-store.ts';

export function useMatrixRows(store: MatrixStore): readonly MatrixRow[] {
  return useSyncExternalStore(
    useCallback((listener) => store.subscribeRows(listener), [store]),
    () => store.rows(),
  );
}

export function useMatrixCell(store: MatrixStore, flag: string, environment: string): CellState | undefined {
  return useSyncExternalStore(
    useCallback((listener) => store.subscribeCell(flag, environment, listener), [store, flag, environment]),
    () => store.cell(flag, environment),
  );
}
