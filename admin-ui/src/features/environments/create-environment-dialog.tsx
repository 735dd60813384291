import type { CreateEnvironment } from '@dimmer/core/api';
import { KEY_PATTERN } from '@dimmer/core/model';
import { useRef, useState } from 'react';
import { useChange } from '../../lib/change-context.ts';
import { environmentName } from '../../lib/environment-words.ts';
import { fieldWords } from '../../lib/field-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { codeOf, problemWords } from '../../lib/problem-words.ts';
import { useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Checkbox, SelectField, TextField } from '../../ui/field.tsx';
import { createEnvironment } from './api/create-environment.ts';
import style from './environments.module.css';

interface Typed {
  readonly key: string;
  readonly name: string;
  /** Empty: all flags off. */
  readonly copyFrom: string;
  readonly isProtected: boolean;
}

/** A new last stage; it moves up from there. */
export function CreateEnvironmentDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText();
  const { create, refusal, forget } = useCreate(onClose);
  const [typed, setTyped] = useState<Typed>({ key: '', name: '', copyFrom: '', isProtected: false });
  const input = useRef<HTMLInputElement>(null);
  const key = typed.key.trim();
  const name = typed.name.trim();
  const wrong = key !== '' && !KEY_PATTERN.test(key) ? t('flags.form.keyWrong') : undefined;
  const taken = codeOf(refusal) === 'ALREADY_EXISTS' ? t('environments.keyTaken') : fieldWords(t, refusal, 'key');
  const other = refusal === null || taken !== undefined ? undefined : problemWords(t, refusal);
  return (
    <Dialog title={t('environments.create')} onClose={onClose} initialFocus={input}>
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (key === '' || wrong !== undefined) return;
          void create({
            key,
            ...(name !== '' && { name }),
            ...(typed.copyFrom !== '' && { copyFrom: typed.copyFrom }),
            ...(typed.isProtected && { protected: true }),
          });
        }}
      >
        <TextField
          ref={input}
          mono
          label={t('environments.key')}
          hint={t('environments.keyHint')}
          value={typed.key}
          error={wrong ?? taken}
          onChange={(event) => {
            setTyped({ ...typed, key: event.target.value });
            forget();
          }}
        />
        <Beginning typed={typed} onChange={setTyped} />
        {other !== undefined && (
          <p className={style.error} role="alert">
            {other}
          </p>
        )}
        <DialogActions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" look="primary" disabled={key === '' || wrong !== undefined}>
            {t('environments.submit')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** All but its key: how it is called, what it begins with, whether it is protected. */
function Beginning({ typed, onChange }: { readonly typed: Typed; readonly onChange: (typed: Typed) => void }) {
  const text = useText();
  const { t } = text;
  const { environments, user } = useProject();
  return (
    <>
      <TextField
        label={t('environments.name')}
        optional={t('optional')}
        value={typed.name}
        onChange={(event) => onChange({ ...typed, name: event.target.value })}
      />
      <SelectField
        label={t('environments.begins')}
        value={typed.copyFrom}
        choices={[
          { value: '', label: t('environments.allOff') },
          ...environments.map((known) => ({
            value: known.key,
            label: t('environments.copyOf', { environment: environmentName(text, known) }),
          })),
        ]}
        onChange={(copyFrom) => onChange({ ...typed, copyFrom })}
      />
      {user.role === 'owner' && (
        <Checkbox
          label={t('environments.protectedLabel')}
          hint={t('environments.protectText')}
          checked={typed.isProtected}
          onChange={(event) => onChange({ ...typed, isProtected: event.target.checked })}
        />
      )}
    </>
  );
}

function useCreate(onCreated: () => void) {
  const { t } = useText();
  const change = useChange();
  const { key: project } = useProject();
  const [refusal, setRefusal] = useState<unknown>(null);
  const create = async (body: CreateEnvironment): Promise<void> => {
    const outcome = await change({
      direction: 'keep',
      effect: t('environments.create'),
      done: t('environments.done.created', { environment: body.name ?? body.key }),
      undo: false,
      send: (options) => createEnvironment(project, { ...body, ...options }),
      onRefused(error) {
        setRefusal(error);
        return true;
      },
    });
    if (outcome.kind === 'done') onCreated();
  };
  return { create, refusal, forget: () => setRefusal(null) };
}
