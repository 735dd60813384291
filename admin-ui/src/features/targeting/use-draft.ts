import type { SettingsView } from '@dimmer/core/api';
import { useCallback, useEffect, useState } from 'react';
import { trusted } from '../../lib/trusted.ts';
import { emptyDraft, isEmpty, put, rebase, without, type Draft, type DraftMember } from './draft.ts';

export interface DraftHandle {
  readonly draft: Draft;
  /** Members that somebody else changed below this draft. */
  readonly conflicts: readonly DraftMember[];
  readonly put: (patch: Partial<Omit<Draft, 'base'>>) => void;
  readonly discard: () => void;
  readonly keepMine: () => void;
  readonly takeTheirs: () => void;
}

interface State {
  readonly draft: Draft;
  readonly conflicts: readonly DraftMember[];
}

/** A draft that survives a reload of the page, and follows the settings below it. */
export function useDraft(id: string, settings: SettingsView): DraftHandle {
  const key = `dimmer.draft.${id}`;
  const [state, setState] = useState<State>(() => restore(key, settings));
  if (state.draft.base !== settings) {
    const rebased = rebase(state.draft, settings);
    setState({ draft: rebased.draft, conflicts: [...new Set([...state.conflicts, ...rebased.conflicts])] });
  }
  const { draft, conflicts } = state;
  useEffect(() => {
    if (isEmpty(draft)) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(draft));
  }, [key, draft]);
  return {
    draft,
    conflicts,
    put: useCallback((patch) => setState((was) => ({ ...was, draft: put(was.draft, patch) })), []),
    discard: useCallback(() => setState((was) => ({ draft: emptyDraft(was.draft.base), conflicts: [] })), []),
    keepMine: useCallback(() => setState((was) => ({ ...was, conflicts: [] })), []),
    takeTheirs: useCallback(() => setState((was) => ({ draft: without(was.draft, was.conflicts), conflicts: [] })), []),
  };
}

function restore(key: string, settings: SettingsView): State {
  const fresh: State = { draft: emptyDraft(settings), conflicts: [] };
  const saved = sessionStorage.getItem(key);
  if (saved === null) return fresh;
  try {
    return rebase(trusted<Draft>(JSON.parse(saved)), settings);
  } catch {
    return fresh;
  }
}
