import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../lib/i18n/i18n.ts';
import { IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import style from './session.module.css';

interface PasswordFieldProps {
  readonly label: string;
  readonly name: string;
  /** One that is chosen now, and not one that is known. */
  readonly isNew: boolean;
  readonly value: string;
  readonly error?: string | undefined;
  readonly onChange: (value: string) => void;
}

/** A password, which can be looked at. */
export function PasswordField({ label, name, isNew, value, error, onChange }: PasswordFieldProps) {
  const { t } = useText();
  const [shown, setShown] = useState(false);
  return (
    <div className={style.password}>
      <TextField
        label={label}
        type={shown ? 'text' : 'password'}
        name={name}
        autoComplete={isNew ? 'new-password' : 'current-password'}
        required
        value={value}
        hint={isNew ? t('session.passwordHint') : undefined}
        error={error}
        onChange={(event) => onChange(event.target.value)}
      />
      <IconButton
        className={style.eye}
        size="small"
        label={t(shown ? 'session.hide' : 'session.show')}
        onClick={() => setShown(!shown)}
      >
        {shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
      </IconButton>
    </div>
  );
}
