import type { FlagView, Settings } from '@dimmer/core/api';
import { useMemo } from 'react';
import { useText } from '../../lib/i18n/i18n.ts';
import { useMatrixRows } from '../../lib/matrix-hooks.ts';
import { useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';
import { preview, type Draft } from './draft.ts';
import { faultsText, takeSettings } from './json-faults.ts';
import { rolloutOf } from './rollout-of.ts';
import type { DraftHandle } from './use-draft.ts';
import style from './rule-editor.module.css';

interface SettingsJsonProps {
  readonly flag: FlagView;
  readonly segments: readonly string[] | null;
  readonly handle: DraftHandle;
  readonly barred: string | null;
  /** What is typed and not taken over yet. */
  readonly typed: string | null;
  readonly onType: (typed: string | null) => void;
}

/**
 * The settings as one text. It is taken over whole, exactly as written, or not at all; from then on it is reviewed and
 * applied like every other change.
 */
export function SettingsJson({ flag, segments, handle, barred, typed, onType }: SettingsJsonProps) {
  const text = useText();
  const { t } = text;
  const present = toSource(handle.draft);
  const source = typed ?? present;
  const taken = useTaken(source, flag, segments);
  const changed = typed !== null && typed !== present;
  const take = (): void => {
    if (taken.kind === 'faulty') return;
    const { enabled, off, rules, default: serve } = taken.value;
    const settings = { enabled, off, rules, default: serve };
    handle.put({ whole: { ...settings, rollout: rolloutOf(flag.type, settings, handle.draft.base.seed) } });
    onType(null);
  };
  return (
    <div className={style.group}>
      <TextArea
        mono
        rows={Math.min(18, Math.max(6, source.split('\n').length + 1))}
        label={t('targeting.json.label')}
        hint={t('targeting.json.lead')}
        error={changed && taken.kind === 'faulty' ? faultsText(text, taken.faults) : undefined}
        value={source}
        readOnly={barred !== null}
        onChange={(event) => onType(event.target.value === present ? null : event.target.value)}
      />
      <div className={style.buttons}>
        <Button size="small" barred={barred} disabled={taken.kind === 'faulty' || !changed} onClick={take}>
          {t('targeting.json.use')}
        </Button>
        {typed !== null && (
          <Button size="small" look="quiet" onClick={() => onType(null)}>
            {t('discard')}
          </Button>
        )}
      </div>
    </div>
  );
}

function useTaken(source: string, flag: FlagView, segments: readonly string[] | null) {
  const text = useText();
  const { matrix } = useProject();
  const rows = useMatrixRows(matrix);
  return useMemo(() => {
    const hasFlag = matrix.loaded ? (key: string) => rows.some((row) => row.key === key) : null;
    return takeSettings(text, source, Object.keys(flag.variants), { segments, hasFlag });
  }, [text, source, flag, segments, matrix, rows]);
}

function toSource(draft: Draft): string {
  const { enabled, off, rules, default: serve } = preview(draft);
  const settings: Settings = { enabled, off, rules, default: serve };
  return JSON.stringify(settings, null, 2);
}
