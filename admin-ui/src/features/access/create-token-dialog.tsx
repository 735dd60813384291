import type { CreateToken, Role, SecretAnswer } from '@dimmer/core/api';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type RefObject } from 'react';
import { useChange } from '../../lib/change-context.ts';
import { fieldWords } from '../../lib/field-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { fieldErrorsOf, problemWords } from '../../lib/problem-words.ts';
import { useProject } from '../../lib/project-context.ts';
import { queryKeys } from '../../lib/query-keys.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { createToken } from './api/create-token.ts';
import { RoleChoice } from './role-choice.tsx';
import { curlExample } from './token-example.ts';
import { endOf, LIFETIMES, type Lifetime } from './token-expiry.ts';
import { SecretDialog } from './secret-dialog.tsx';
import style from './access.module.css';

interface Made {
  readonly name: string;
  readonly secret: string;
}

/** Makes a token and shows its secret, once. The secret lives in this dialog only and goes with it. */
export function CreateTokenDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText();
  const [made, setMade] = useState<Made | null>(null);
  const nameField = useRef<HTMLInputElement>(null);
  if (made !== null) return <Secret {...made} onClose={onClose} />;
  return (
    <Dialog title={t('tokens.create')} lead={t('tokens.createLead')} initialFocus={nameField} onClose={onClose}>
      <TokenForm
        nameField={nameField}
        onClose={onClose}
        onMade={(name, { key }) => (key === undefined ? onClose() : setMade({ name, secret: key }))}
      />
    </Dialog>
  );
}

function Secret({ name, secret, onClose }: Made & { readonly onClose: () => void }) {
  const { t } = useText();
  const { key: project } = useProject();
  return (
    <SecretDialog
      title={t('tokens.secretTitle')}
      label={t('tokens.secretLabel', { name })}
      secret={secret}
      onClose={onClose}
    >
      {(onCopied) => (
        <>
          <p>{t('tokens.example')}</p>
          <CodeBlock
            label={t('tokens.exampleLabel')}
            code={curlExample(location.origin, project, secret)}
            wrap
            onCopied={onCopied}
          />
        </>
      )}
    </SecretDialog>
  );
}

interface TokenFormProps {
  readonly nameField: RefObject<HTMLInputElement | null>;
  readonly onClose: () => void;
  readonly onMade: (name: string, answer: SecretAnswer) => void;
}

function TokenForm({ nameField, onClose, onMade }: TokenFormProps) {
  const { t } = useText();
  const { make, error } = useMakeToken(onMade);
  const [name, setName] = useState('');
  // The least that most scripts need; more is a decision.
  const [role, setRole] = useState<Role>('developer');
  const [lifetime, setLifetime] = useState<Lifetime>('90');
  return (
    <form
      className={style.form}
      onSubmit={(event) => {
        event.preventDefault();
        const expiresAt = endOf(lifetime, Date.now());
        if (name.trim() !== '') void make({ name: name.trim(), role, ...(expiresAt !== undefined && { expiresAt }) });
      }}
    >
      <TextField
        ref={nameField}
        label={t('access.name')}
        hint={t('tokens.nameHint')}
        value={name}
        error={fieldWords(t, error, 'name')}
        onChange={(event) => setName(event.target.value)}
      />
      <RoleChoice role={role} onChange={setRole} />
      <SelectField
        label={t('tokens.lifetime')}
        value={lifetime}
        choices={LIFETIMES.map((value) => ({ value, label: t(`tokens.lifetimes.${value}`) }))}
        error={fieldWords(t, error, 'expiresAt')}
        onChange={setLifetime}
      />
      {error !== null && fieldErrorsOf(error).length === 0 && (
        <p className={style.error} role="alert">
          {problemWords(t, error)}
        </p>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" look="primary" disabled={name.trim() === ''}>
          {t('tokens.submit')}
        </Button>
      </DialogActions>
    </form>
  );
}

function useMakeToken(onMade: TokenFormProps['onMade']) {
  const { t } = useText();
  const change = useChange();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const make = async (body: CreateToken): Promise<void> => {
    const box: { answer: SecretAnswer | null } = { answer: null };
    await change({
      direction: 'keep',
      effect: t('tokens.create'),
      done: t('tokens.made', { name: body.name }),
      undo: false,
      send: async (options) => {
        const answer = await createToken({ ...body, ...options });
        box.answer = answer;
        return { changeId: answer.changeId ?? answer.id, versions: {} };
      },
      onRefused: (refusal) => {
        setError(refusal);
        return true;
      },
    });
    if (box.answer === null) return;
    // The feed tells of one project's changes; tokens belong to none.
    void client.invalidateQueries({ queryKey: queryKeys.tokens });
    onMade(body.name, box.answer);
  };
  return { make, error };
}
