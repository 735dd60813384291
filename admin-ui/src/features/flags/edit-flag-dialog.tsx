import type { FlagKind, FlagView, UpdateFlag } from '@dimmer/core/api';
import { useState } from 'react';
import { useChange } from '../../lib/change-context.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { problemWords } from '../../lib/problem-words.ts';
import { useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Checkbox, SelectField, TextArea, TextField } from '../../ui/field.tsx';
import { updateFlag } from './api/update-flag.ts';
import { listOf } from './flag-draft.ts';
import style from './create-flag.module.css';

const KINDS: readonly FlagKind[] = ['release', 'operational', 'permission', 'experiment'];

interface EditFlagDialogProps {
  readonly flag: FlagView;
  readonly onClose: () => void;
}

/** The words about a flag, and whether browsers may have its value. */
export function EditFlagDialog({ flag, onClose }: EditFlagDialogProps) {
  const { t } = useText();
  const { save, error } = useSave(flag.key, onClose);
  const [draft, setDraft] = useState(() => ({
    description: flag.description,
    tags: flag.tags.join(', '),
    owner: flag.owner ?? '',
    kind: flag.kind,
    clientVisible: flag.clientVisible,
  }));
  return (
    <Dialog title={flag.key} onClose={onClose}>
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault();
          const { tags, owner } = draft;
          void save({ ...draft, tags: listOf(tags), owner: owner.trim() === '' ? null : owner.trim() });
        }}
      >
        <TextArea
          label={t('flags.form.description')}
          value={draft.description}
          onChange={(event) => setDraft({ ...draft, description: event.target.value })}
        />
        <TextField
          label={t('flags.form.tags')}
          hint={t('flags.form.tagsHint')}
          value={draft.tags}
          onChange={(event) => setDraft({ ...draft, tags: event.target.value })}
        />
        <TextField
          label={t('flags.form.owner')}
          value={draft.owner}
          onChange={(event) => setDraft({ ...draft, owner: event.target.value })}
        />
        <SelectField
          label={t('flags.form.kind')}
          value={draft.kind}
          choices={KINDS.map((value) => ({ value, label: t(`flags.kind.${value}`) }))}
          onChange={(kind) => setDraft({ ...draft, kind })}
        />
        <Checkbox
          label={t('flags.form.clientVisible')}
          checked={draft.clientVisible}
          onChange={(event) => setDraft({ ...draft, clientVisible: event.target.checked })}
        />
        {error !== null && <p className={style.error}>{problemWords(t, error)}</p>}
        <DialogActions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" look="primary">
            {t('save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function useSave(flag: string, onSaved: () => void) {
  const { t } = useText();
  const change = useChange();
  const { key: project } = useProject();
  const [error, setError] = useState<unknown>(null);
  const save = async (body: UpdateFlag): Promise<void> => {
    const outcome = await change({
      direction: 'keep',
      effect: t('flags.page.editDetails'),
      done: t('flags.done.edited', { flag }),
      send: (options) => updateFlag(project, flag, { ...body, ...options }),
      onRefused: (refusal) => {
        setError(refusal);
        return true;
      },
    });
    if (outcome.kind === 'done') onSaved();
  };
  return { save, error };
}
