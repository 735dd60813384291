import { useState, type ReactNode } from 'react';
import { useText } from '../../lib/i18n/i18n.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { PasswordField } from './password-field.tsx';
import style from './session.module.css';

interface CredentialsFormProps {
  readonly submitLabel: string;
  readonly newPassword: boolean;
  readonly busy: boolean;
  readonly error?: string | undefined;
  readonly emailError?: string | undefined;
  readonly passwordError?: string | undefined;
  readonly onSubmit: (credentials: { readonly email: string; readonly password: string }) => void;
  readonly children?: ReactNode;
}

/** E-mail and password, for signing in and for the first account. */
export function CredentialsForm(props: CredentialsFormProps) {
  const { submitLabel, newPassword, busy, error, emailError, passwordError, onSubmit, children } = props;
  const { t } = useText();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  return (
    <form
      className={style.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) onSubmit({ email: email.trim(), password });
      }}
    >
      <TextField
        label={t('session.email')}
        type="email"
        name="email"
        autoComplete="username"
        required
        value={email}
        error={emailError}
        onChange={(event) => setEmail(event.target.value)}
      />
      <PasswordField
        label={t('session.password')}
        name="password"
        isNew={newPassword}
        value={password}
        error={passwordError}
        onChange={setPassword}
      />
      {error !== undefined && (
        <p className={style.error} role="alert">
          {error}
        </p>
      )}
      <Button type="submit" look="primary" busy={busy}>
        {submitLabel}
      </Button>
      {children}
    </form>
  );
}
