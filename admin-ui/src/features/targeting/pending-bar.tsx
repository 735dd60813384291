import type { Environment } from '@dimmer/core/api';
import { useState } from 'react';
import { environmentName } from '../../lib/environment-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { codeOf, fieldErrorsOf, problemWords } from '../../lib/problem-words.ts';
import { useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { fieldPath } from '../../lib/field-path.ts';
import { useUnsaved } from '../../lib/use-unsaved.ts';
import { isEmpty, members } from './draft.ts';
import { isComplete } from './rule-draft.ts';
import { ReviewTable } from './review-table.tsx';
import type { DraftHandle } from './use-draft.ts';
import style from './pending-bar.module.css';

interface PendingBarProps {
  readonly flag: string;
  readonly environment: Environment;
  readonly handle: DraftHandle;
  readonly barred: string | null;
  /** Something typed that is not part of the draft, in words; it must not be lost, nor look applied. */
  readonly untaken: string | null;
  readonly error: unknown;
  readonly onApply: () => void;
}

/** All that is not applied yet, in one place: read it, apply it, or let it go. Leaving the page asks once. */
export function PendingBar({ flag, environment, handle, barred, untaken, error, onApply }: PendingBarProps) {
  const text = useText();
  const { t, format } = text;
  const { draft, conflicts } = handle;
  const [review, setReview] = useState(false);
  const pending = !isEmpty(draft);
  useUnsaved(pending || untaken !== null, (current, next) => untaken === null && current.pathname === next.pathname);
  if (!pending) return null;
  const count = members(draft).length;
  const incomplete = draft.rules !== undefined && !draft.rules.every(isComplete);
  return (
    <section className={style.bar} aria-label={t('targeting.pending.region')}>
      {conflicts.length > 0 && <Conflict flag={flag} handle={handle} />}
      {error !== null && <Refused error={error} />}
      {untaken !== null && (
        <p className={style.untaken} role="status">
          {untaken}
        </p>
      )}
      {review && <ReviewTable {...{ draft, environment, text }} note={null} />}
      <div className={style.actions}>
        <p className={style.count}>
          {t('targeting.pending.count', {
            count,
            n: format.number(count),
            environment: environmentName(text, environment),
          })}
        </p>
        <Button size="small" look="quiet" aria-expanded={review} onClick={() => setReview(!review)}>
          {t(review ? 'targeting.pending.hide' : 'targeting.pending.review')}
        </Button>
        <Button size="small" onClick={handle.discard}>
          {t('discard')}
        </Button>
        <Button
          size="small"
          look="primary"
          barred={barred ?? untaken ?? (incomplete ? t('targeting.rules.incomplete') : null)}
          onClick={onApply}
        >
          {t('apply')}
        </Button>
      </div>
    </section>
  );
}

function Conflict({ flag, handle }: { readonly flag: string; readonly handle: DraftHandle }) {
  const { t, format } = useText();
  const { matrix } = useProject();
  const name = matrix.row(flag)?.lastChange?.actor ?? t('targeting.pending.somebody');
  const fields = format.list(handle.conflicts.map((member) => t(`targeting.field.${member}`)));
  return (
    <div className={style.conflict} role="alert">
      <p>{t('targeting.pending.moved', { name, fields })}</p>
      <Button size="small" onClick={handle.keepMine}>
        {t('targeting.pending.mine')}
      </Button>
      <Button size="small" onClick={handle.takeTheirs}>
        {t('targeting.pending.theirs')}
      </Button>
    </div>
  );
}

function Refused({ error }: { readonly error: unknown }) {
  const { t } = useText();
  const places = codeOf(error) === 'INVALID_INPUT' ? fieldErrorsOf(error).slice(0, 5) : [];
  return (
    <div className={style.error} role="alert">
      <p>{places.length > 0 ? t('problems.INVALID_INPUT') : problemWords(t, error)}</p>
      <ul>
        {places.map(({ path, message }) => (
          <li key={path + message}>
            <code>{fieldPath(path)}</code> {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
