import type { Environment } from '@dimmer/core/api';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useChange } from '../../lib/change-context.ts';
import { environmentName } from '../../lib/environment-words.ts';
import { cellOf, directionOf } from '../../lib/exposure.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { codeOf } from '../../lib/problem-words.ts';
import { queryKeys } from '../../lib/query-keys.ts';
import { useProject } from '../../lib/project-context.ts';
import { Reach } from '../../ui/reach.tsx';
import { applyDraft } from './api/apply-draft.ts';
import { preview, toRequest, type Draft } from './draft.ts';
import { draftEffect } from './draft-words.ts';
import { ReviewTable } from './review-table.tsx';

interface ApplyOptions {
  readonly flag: string;
  readonly environment: Environment;
  readonly etag: string | undefined;
  readonly onApplied: () => void;
}

export interface Apply {
  readonly apply: (draft: Draft) => Promise<void>;
  /** Why the last attempt was refused. */
  readonly error: unknown;
}

/** Applies a draft; asks once more where it would move users who have already been picked. */
export function useApply({ flag, environment, etag, onApplied }: ApplyOptions): Apply {
  const text = useText();
  const { t } = text;
  const change = useChange();
  const { key: project } = useProject();
  const queryClient = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  /** The note of an attempt that was refused: it is not typed twice. */
  const note = useRef<string>(undefined);

  const apply = async (draft: Draft, replace = false): Promise<void> => {
    const request = toRequest(flag, draft, replace);
    if (request === null) return;
    setError(null);
    const next = preview(draft);
    const effect = draftEffect(text, draft, environment);
    const outcome = await change({
      environment,
      direction: directionOf(draft.base, next),
      ask: replace,
      comment: note.current,
      effect: `${environmentName(text, environment)}: ${effect}`,
      details: (
        <>
          <Reach cell={cellOf(next)} environment={environment} />
          <ReviewTable {...{ draft, environment, text }} note={replace ? t('targeting.pending.replace') : null} />
        </>
      ),
      ...(replace && { confirmLabel: t('targeting.pending.replaceConfirm') }),
      danger: !next.enabled,
      done: `${flag}, ${environmentName(text, environment)}: ${effect}`,
      send: (options) => applyDraft({ project, flag, environment: environment.key, ifMatch: etag }, request, options),
      onRefused: (refusal) => {
        if (codeOf(refusal) !== 'WOULD_MOVE_USERS') setError(refusal);
        return true;
      },
    });
    if (outcome.kind === 'cancelled') return;
    note.current = outcome.kind === 'refused' ? outcome.comment : undefined;
    // What is stored now is shown before the draft goes; after a refusal it says what was changed meanwhile.
    await queryClient.invalidateQueries({ queryKey: queryKeys.flag(project, flag) });
    if (outcome.kind === 'done') onApplied();
    if (outcome.kind === 'refused' && !replace && codeOf(outcome.error) === 'WOULD_MOVE_USERS')
      await apply(draft, true);
  };

  return { apply: (draft) => apply(draft), error };
}
