import { useEffect, useRef } from 'react';
import { useAppearance } from './appearance-context.ts';

/** How long the second letter of a pair is waited for. */
const PAIR_MS = 1_500;

/**
 * Single-letter shortcuts (`"/"`, `"c"`) and pairs (`"g f"`). They rest inside fields, during composition, with
 * modifiers, behind a dialog, and for whoever switched them off.
 */
export function useShortcuts(actions: Readonly<Record<string, () => void>>): void {
  const { shortcuts } = useAppearance();
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    if (!shortcuts) return undefined;
    let first: { key: string; at: number } | null = null;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!isFree(event)) return;
      const pair = first !== null && event.timeStamp - first.at < PAIR_MS ? `${first.key} ${event.key}` : event.key;
      first = { key: event.key, at: event.timeStamp };
      const action = latest.current[pair] ?? latest.current[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [shortcuts]);
}

function isFree(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target instanceof Element ? event.target : null;
  return target?.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]') == null;
}
