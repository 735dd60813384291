import type { ChangeView } from '@dimmer/core/api';
import { ChevronDown, Undo2 } from 'lucide-react';
import { useId, useState } from 'react';
import { environmentNameOf } from '../../lib/environment-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { useBarred, useProject } from '../../lib/project-context.ts';
import { Ago } from '../../ui/ago.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { ChangeDetails } from './change-details.tsx';
import { StoredReceipt } from './stored-receipt.tsx';
import style from './changes.module.css';
import { changeSentences } from './change-words.ts';
import { isRevertible } from './revertible.ts';
import { useRevert } from './use-revert.tsx';

interface ChangeEntryProps {
  readonly change: ChangeView;
  readonly open?: boolean;
  /** Environments whose newest version this change made: their receipts are shown at once. */
  readonly newestIn?: readonly string[];
  /** The flag whose history this is part of. */
  readonly flag?: string;
}

/** A change as a sentence; its fields, note and receipts below, on demand. */
export function ChangeEntry({ change, open: initially = false, flag, newestIn = [] }: ChangeEntryProps) {
  const text = useText();
  const { t, format } = text;
  const { environments } = useProject();
  const [open, setOpen] = useState(initially);
  const id = useId();
  const barred = useBarred();
  const revert = useRevert();
  const sentences = changeSentences(text, change, { environments, flag });
  return (
    <li className={style.entry}>
      <div className={style.head}>
        <div className={style.words}>
          <p className={style.sentence}>
            {sentences.map((sentence) => (
              <span key={sentence}>{sentence}</span>
            ))}
          </p>
          <Meta change={change} />
        </div>
        {isRevertible(change) && (
          <Button
            size="small"
            look="quiet"
            aria-label={t('changes.revertNamed', { sentence: format.list(sentences) })}
            barred={barred}
            onClick={() => void revert(change)}
          >
            <Undo2 size={14} aria-hidden />
            {t('changes.revert')}
          </Button>
        )}
        <IconButton
          size="small"
          label={t('changes.detailsOf', { id: change.id })}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          <ChevronDown size={16} aria-hidden className={style.chevron} data-open={open} />
        </IconButton>
      </div>
      {!open &&
        newestIn.map((environment) => (
          <StoredReceipt
            key={environment}
            environment={environment}
            version={change.versions[environment] ?? 0}
            compact
          />
        ))}
      <div id={id} hidden={!open}>
        {open && <ChangeDetails change={change} />}
      </div>
    </li>
  );
}

function Meta({ change }: { readonly change: ChangeView }) {
  const text = useText();
  const { t } = text;
  const { environments } = useProject();
  return (
    <p className={style.meta}>
      <span className={style.actor}>{change.actor.name}</span>
      <Ago at={change.at} />
      {Object.entries(change.versions).map(([environment, version]) => (
        <Badge key={environment}>
          {t('changes.version', { environment: environmentNameOf(text, environments, environment), version })}
        </Badge>
      ))}
      {change.reverts !== undefined && <Badge tone="warning">{t('changes.reverts')}</Badge>}
      {change.comment !== null && change.comment !== '' && <q>{change.comment}</q>}
    </p>
  );
}
