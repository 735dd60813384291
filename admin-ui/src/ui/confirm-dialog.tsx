import type { Environment } from '@dimmer/core/api';
import { Lock } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { environmentName } from '../lib/environment-words.ts';
import { useText } from '../lib/i18n/i18n.ts';
import { Button } from './button.tsx';
import style from './confirm-dialog.module.css';
import { Dialog, DialogActions } from './dialog.tsx';
import { TextArea, TextField } from './field.tsx';
import { SLOT, WithNode } from './with-node.tsx';

export interface Confirmation {
  readonly comment?: string;
  readonly confirm?: string;
}

export interface ConfirmDialogProps {
  readonly title: string;
  readonly details?: ReactNode;
  readonly environment?: Environment | undefined;
  /** What has to be typed, because more users will see something there; null where nothing has to. */
  readonly word: string | null;
  /** A note that was typed before. */
  readonly note?: string | undefined;
  readonly lowers?: boolean;
  readonly confirmLabel: string;
  readonly danger?: boolean | undefined;
  readonly onConfirm: (confirmation: Confirmation) => void;
  readonly onClose: () => void;
}

/** What will be different, a note for the audit, and, upwards in a protected environment, a word to type. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, details, environment, word, note = '', lowers, confirmLabel, danger, onConfirm, onClose } = props;
  const { t } = useText();
  const [typed, setTyped] = useState('');
  const [comment, setComment] = useState(note);
  const input = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const ready = word === null || typed.trim() === word;
  const submit = (): void => {
    if (!ready) return;
    const written = comment.trim();
    onConfirm({ ...(written !== '' && { comment: written }), ...(word !== null && { confirm: word }) });
  };
  return (
    <Dialog
      title={title}
      lead={
        environment !== undefined && <Lead environment={environment} raises={word !== null} lowers={lowers === true} />
      }
      onClose={onClose}
      initialFocus={word === null ? button : input}
    >
      {details}
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextArea
          label={t('confirm.note')}
          optional={t('optional')}
          rows={2}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
        {word !== null && (
          <TextField
            ref={input}
            mono
            label={
              <WithNode text={t('confirm.type', { key: SLOT })}>
                <code className={style.key}>{word}</code>
              </WithNode>
            }
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
        <DialogActions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button ref={button} type="submit" look={danger === true ? 'danger' : 'primary'} disabled={!ready}>
            {confirmLabel}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface LeadProps {
  readonly environment: Environment;
  readonly raises: boolean;
  readonly lowers: boolean;
}

function Lead({ environment, raises, lowers }: LeadProps) {
  const text = useText();
  const { t } = text;
  const name = environmentName(text, environment);
  return (
    <span className={style.lead}>
      {environment.protected && <Lock size={14} aria-hidden />}
      <span>
        {environment.protected && t('confirm.protected', { environment: name })}{' '}
        {raises ? t('confirm.raises') : lowers ? t('confirm.lowers') : null}
      </span>
    </span>
  );
}
