import type { CreateKey, Environment, SecretAnswer } from '@dimmer/core/api';
import { useRef, useState, type RefObject } from 'react';
import { useChange } from '../../lib/change-context.ts';
import { environmentName } from '../../lib/environment-words.ts';
import { fieldWords } from '../../lib/field-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { fieldErrorsOf, problemWords } from '../../lib/problem-words.ts';
import { useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { TextArea, TextField } from '../../ui/field.tsx';
import { createKey } from './api/create-key.ts';
import { SecretDialog } from './secret-dialog.tsx';
import style from './access.module.css';

interface CreateKeyDialogProps {
  readonly environment: Environment;
  readonly onClose: () => void;
}

/** Makes a key and shows its secret, once. The secret lives in this dialog only and goes with it. */
export function CreateKeyDialog({ environment, onClose }: CreateKeyDialogProps) {
  const text = useText();
  const { t } = text;
  const [made, setMade] = useState<{ readonly name: string; readonly secret: string } | null>(null);
  const nameField = useRef<HTMLInputElement>(null);
  if (made !== null) {
    return (
      <SecretDialog
        title={t('access.secretTitle')}
        label={t('access.secretLabel', { name: made.name })}
        secret={made.secret}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog
      title={`${t('access.create')} · ${environmentName(text, environment)}`}
      initialFocus={nameField}
      onClose={onClose}
    >
      <KeyForm
        nameField={nameField}
        environment={environment}
        onClose={onClose}
        onMade={(name, answer) => (answer.key === undefined ? onClose() : setMade({ name, secret: answer.key }))}
      />
    </Dialog>
  );
}

interface KeyFormProps {
  readonly environment: Environment;
  readonly nameField: RefObject<HTMLInputElement | null>;
  readonly onClose: () => void;
  readonly onMade: (name: string, answer: SecretAnswer) => void;
}

function KeyForm({ nameField, environment, onClose, onMade }: KeyFormProps) {
  const { t } = useText();
  const { make, error } = useMakeKey(environment, onMade);
  const [name, setName] = useState('');
  const [kind, setKind] = useState<CreateKey['kind']>('server');
  const [origins, setOrigins] = useState('');
  return (
    <form
      className={style.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') void make(toRequest(kind, name, origins));
      }}
    >
      <TextField
        ref={nameField}
        label={t('access.name')}
        hint={t('access.nameHint')}
        value={name}
        error={fieldWords(t, error, 'name')}
        onChange={(event) => setName(event.target.value)}
      />
      <KindChoice kind={kind} onChange={setKind} />
      {kind === 'client' && (
        <TextArea
          mono
          label={t('access.origins')}
          optional={t('optional')}
          hint={t('access.originsHint')}
          value={origins}
          error={fieldWords(t, error, 'origins')}
          onChange={(event) => setOrigins(event.target.value)}
        />
      )}
      {error !== null && fieldErrorsOf(error).length === 0 && (
        <p className={style.error} role="alert">
          {problemWords(t, error)}
        </p>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" look="primary" disabled={name.trim() === ''}>
          {t('access.submit')}
        </Button>
      </DialogActions>
    </form>
  );
}

interface KindChoiceProps {
  readonly kind: CreateKey['kind'];
  readonly onChange: (kind: CreateKey['kind']) => void;
}

function KindChoice({ kind, onChange }: KindChoiceProps) {
  const { t } = useText();
  return (
    <fieldset className={style.kinds}>
      <legend>{t('access.kind')}</legend>
      {(['server', 'client'] as const).map((value) => (
        <label key={value} className={style.kind}>
          <input type="radio" name="kind" checked={kind === value} onChange={() => onChange(value)} />
          <span>
            {t(`access.${value}`)}
            <small>{t(`access.${value}Hint`)}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function toRequest(kind: CreateKey['kind'], name: string, origins: string): CreateKey {
  const list = origins.split(/\s+/).filter(Boolean);
  return { kind, name: name.trim(), ...(kind === 'client' && list.length > 0 && { origins: list }) };
}

function useMakeKey(environment: Environment, onMade: KeyFormProps['onMade']) {
  const text = useText();
  const { t } = text;
  const change = useChange();
  const { key: project } = useProject();
  const [error, setError] = useState<unknown>(null);
  const make = async (body: CreateKey): Promise<void> => {
    const box: { answer: SecretAnswer | null } = { answer: null };
    await change({
      direction: 'keep',
      effect: t('access.create'),
      done: t('access.made', { name: body.name, environment: environmentName(text, environment) }),
      undo: false,
      send: async (options) => {
        const answer = await createKey(project, environment.key, { ...body, ...options });
        box.answer = answer;
        return { changeId: answer.changeId ?? answer.id, versions: {} };
      },
      onRefused: (refusal) => {
        setError(refusal);
        return true;
      },
    });
    if (box.answer !== null) onMade(body.name, box.answer);
  };
  return { make, error };
}
