import type { Role } from '@dimmer/core/api';
import { useText } from '../../lib/i18n/i18n.ts';
import style from './access.module.css';

const ROLES: readonly Role[] = ['viewer', 'developer', 'releaser', 'owner'];

interface RoleChoiceProps {
  readonly role: Role;
  readonly onChange: (role: Role) => void;
}

/** The roles, each with what it may do and how far that goes in protected environments. */
export function RoleChoice({ role, onChange }: RoleChoiceProps) {
  const { t } = useText();
  return (
    <fieldset className={style.kinds}>
      <legend>{t('tokens.role')}</legend>
      {ROLES.map((value) => (
        <label key={value} className={style.kind}>
          <input type="radio" name="role" checked={role === value} onChange={() => onChange(value)} />
          <span>
            {t(`tokens.roles.${value}`)}
            <small>{t(`tokens.may.${value}`)}</small>
            <small>{t(`tokens.protected.${value}`)}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
