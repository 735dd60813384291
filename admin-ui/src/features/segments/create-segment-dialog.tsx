import { KEY_PATTERN } from '@dimmer/core/model';
import { useRef, useState } from 'react';
import { useChange } from '../../lib/change-context.ts';
import { fieldWords } from '../../lib/field-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { codeOf, problemWords } from '../../lib/problem-words.ts';
import { useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { createSegment } from './api/create-segment.ts';
import style from './segments.module.css';

interface CreateSegmentDialogProps {
  readonly onClose: () => void;
  readonly onCreated: (segment: string) => void;
}

export function CreateSegmentDialog({ onClose, onCreated }: CreateSegmentDialogProps) {
  const { t } = useText();
  const { create, error, forget } = useCreate(onCreated);
  const [typed, setTyped] = useState('');
  const [description, setDescription] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const key = typed.trim();
  const wrong = key !== '' && !KEY_PATTERN.test(key) ? t('flags.form.keyWrong') : undefined;
  return (
    <Dialog title={t('segments.create')} onClose={onClose} initialFocus={input}>
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (key !== '' && wrong === undefined) void create(key, description.trim());
        }}
      >
        <TextField
          ref={input}
          mono
          label={t('segments.key')}
          value={typed}
          error={wrong ?? error}
          onChange={(event) => {
            setTyped(event.target.value);
            forget();
          }}
        />
        <TextField
          label={t('segments.description')}
          optional={t('optional')}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
        />
        <DialogActions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" look="primary" disabled={key === '' || wrong !== undefined}>
            {t('segments.create')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function useCreate(onCreated: (segment: string) => void) {
  const { t } = useText();
  const change = useChange();
  const { key: project } = useProject();
  const [refusal, setRefusal] = useState<unknown>(null);
  const create = async (key: string, description: string): Promise<void> => {
    const outcome = await change({
      direction: 'keep',
      effect: t('segments.create'),
      done: t('segments.created', { segment: key }),
      undo: false,
      send: (options) => createSegment(project, { key, ...(description !== '' && { description }), ...options }),
      onRefused: (error) => {
        setRefusal(error);
        return true;
      },
    });
    if (outcome.kind === 'done') onCreated(key);
  };
  const taken = codeOf(refusal) === 'ALREADY_EXISTS' ? t('segments.keyTaken') : fieldWords(t, refusal, 'key');
  const error = refusal === null ? undefined : (taken ?? problemWords(t, refusal));
  return { create, error, forget: () => setRefusal(null) };
}
