import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { fieldWords } from '../../lib/field-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { fieldError, problemWords } from '../../lib/problem-words.ts';
import { useProject } from '../../lib/project-context.ts';
import { queryKeys } from '../../lib/query-keys.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { changePassword } from './api/change-password.ts';
import { PasswordField } from './password-field.tsx';
import style from './session.module.css';

const EMPTY = { current: '', password: '' };

/** Another password for the account that is signed in. */
export function ChangePassword() {
  const { t } = useText();
  const client = useQueryClient();
  const { user } = useProject();
  const [typed, setTyped] = useState(EMPTY);
  const attempt = useMutation({
    mutationFn: changePassword,
    onSuccess(session) {
      setTyped(EMPTY);
      client.setQueryData(queryKeys.session, session);
    },
  });
  const { error } = attempt;
  const wrong = fieldError(error, 'current') === undefined ? undefined : t('session.change.wrong');
  const poor = fieldWords(t, error, 'password');
  return (
    <Card title={t('session.change.title')} aside={<span className={style.hint}>{user.email}</span>}>
      <form
        className={style.narrow}
        onSubmit={(event) => {
          event.preventDefault();
          if (!attempt.isPending) attempt.mutate(typed);
        }}
      >
        <input type="email" name="email" autoComplete="username" value={user.email} readOnly hidden />
        <PasswordField
          label={t('session.change.current')}
          name="current"
          isNew={false}
          value={typed.current}
          error={wrong}
          onChange={(current) => setTyped({ ...typed, current })}
        />
        <PasswordField
          label={t('session.newPassword')}
          name="password"
          isNew
          value={typed.password}
          error={poor}
          onChange={(password) => setTyped({ ...typed, password })}
        />
        <p className={style.hint}>{t('session.change.ends')}</p>
        {error !== null && wrong === undefined && poor === undefined && (
          <p className={style.error} role="alert">
            {problemWords(t, error)}
          </p>
        )}
        {attempt.isSuccess && (
          <p className={style.done} role="status">
            {t('session.change.done')}
          </p>
        )}
        <Button type="submit" look="primary" busy={attempt.isPending}>
          {t('session.change.submit')}
        </Button>
      </form>
    </Card>
  );
}
