import type { Environment } from '@dimmer/core/api';
import { ArrowRight } from 'lucide-react';
import type { Text } from '../../lib/i18n/i18n.ts';
import type { Draft } from './draft.ts';
import { draftLines } from './draft-words.ts';
import style from './review-table.module.css';

interface ReviewTableProps {
  readonly draft: Draft;
  readonly environment: Environment;
  readonly text: Text;
  readonly note: string | null;
}

/** What the draft changes, before and after. */
export function ReviewTable({ draft, environment, text, note }: ReviewTableProps) {
  return (
    <div className={style.review}>
      {note !== null && <p className={style.note}>{note}</p>}
      <dl className={style.lines}>
        {draftLines(text, draft, environment).map(({ label, before, after }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd data-long={before.includes('\n') || after.includes('\n')}>
              <del>{before}</del>
              <ArrowRight size={14} aria-hidden />
              <ins>{after}</ins>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
