import type { Environment } from '@dimmer/core/api';
import { useRef, useState } from 'react';
import { useChange } from '../../lib/change-context.ts';
import { fieldWords } from '../../lib/field-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { problemWords } from '../../lib/problem-words.ts';
import { useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { updateEnvironment } from './api/update-environment.ts';
import style from './environments.module.css';

interface RenameEnvironmentDialogProps {
  readonly environment: Environment;
  readonly onClose: () => void;
}

/** What people call it; code and scripts call it by its key, which stays. */
export function RenameEnvironmentDialog({ environment, onClose }: RenameEnvironmentDialogProps) {
  const { t } = useText();
  const change = useChange();
  const { key: project } = useProject();
  const [typed, setTyped] = useState(environment.name);
  const [refusal, setRefusal] = useState<unknown>(null);
  const input = useRef<HTMLInputElement>(null);
  const name = typed.trim();
  const rename = async (): Promise<void> => {
    const outcome = await change({
      direction: 'keep',
      effect: t('environments.rename'),
      done: t('environments.done.renamed', { environment: environment.key, name }),
      send: (options) => updateEnvironment(project, environment.key, { name, ...options }),
      onRefused(error) {
        setRefusal(error);
        return true;
      },
    });
    if (outcome.kind === 'done') onClose();
  };
  const error = refusal === null ? undefined : (fieldWords(t, refusal, 'name') ?? problemWords(t, refusal));
  return (
    <Dialog
      title={t('environments.renameNamed', { environment: environment.key })}
      onClose={onClose}
      initialFocus={input}
    >
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (name !== '') void rename();
        }}
      >
        <TextField
          ref={input}
          label={t('environments.name')}
          hint={t('environments.nameHint')}
          value={typed}
          error={error}
          onChange={(event) => setTyped(event.target.value)}
        />
        <DialogActions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" look="primary" disabled={name === ''}>
            {t('save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
