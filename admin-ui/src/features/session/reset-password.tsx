import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { fieldWords } from '../../lib/field-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { codeOf, problemWords } from '../../lib/problem-words.ts';
import { queryKeys } from '../../lib/query-keys.ts';
import { Button } from '../../ui/button.tsx';
import { resetPassword } from './api/reset-password.ts';
import { PasswordField } from './password-field.tsx';
import { SessionFrame } from './session-frame.tsx';
import style from './session.module.css';

interface ResetPasswordProps {
  readonly token: string;
  readonly email: string;
  /** The link is of no use any more. */
  readonly onUsed: () => void;
  readonly onDone: () => void;
}

/** A new password for an account, by the link that `dimmer owner reset-link` made. */
export function ResetPassword({ token, email, onUsed, onDone }: ResetPasswordProps) {
  const { t } = useText();
  const client = useQueryClient();
  const [password, setPassword] = useState('');
  const attempt = useMutation({
    mutationFn: resetPassword,
    onError: (error) => codeOf(error) === 'RESET_LINK' && onUsed(),
    onSuccess(session) {
      client.setQueryData(queryKeys.session, session);
      onDone();
    },
  });
  const used = codeOf(attempt.error) === 'RESET_LINK';
  const wrong = fieldWords(t, attempt.error, 'password');
  return (
    <SessionFrame title={t('session.reset.title', { email })} lead={t('session.reset.lead')}>
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!attempt.isPending) attempt.mutate({ token, password });
        }}
      >
        {/* Password managers look here for whose password it is. */}
        <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordField
          label={t('session.newPassword')}
          name="password"
          isNew
          value={password}
          error={wrong}
          onChange={setPassword}
        />
        {attempt.error !== null && wrong === undefined && (
          <p className={style.error} role="alert">
            {used ? t('session.reset.used') : problemWords(t, attempt.error)}
          </p>
        )}
        <Button type="submit" look="primary" busy={attempt.isPending}>
          {t('session.reset.submit')}
        </Button>
        {used && (
          <p className={style.hint}>
            <Link to="/login">{t('session.setUp.toSignIn')}</Link>
          </p>
        )}
      </form>
    </SessionFrame>
  );
}
