import type { FlagView } from '@dimmer/core/api';
import { Link } from '@tanstack/react-router';
import { useText } from '../../lib/i18n/i18n.ts';
import { useProject } from '../../lib/project-context.ts';
import { Badge } from '../../ui/badge.tsx';
import style from './flag-header.module.css';

/** Breadcrumb and key; what it is for and whose it is stands below. */
export function FlagHeading({ flag }: { readonly flag: string }) {
  const { t } = useText();
  const { key: project } = useProject();
  return (
    <span className={style.heading}>
      <Link to="/p/$project/flags" params={{ project }} className={style.up}>
        {t('flags.title')}
      </Link>
      <span className={style.slash} aria-hidden="true">
        /
      </span>
      <span className={style.key}>{flag}</span>
    </span>
  );
}

export function FlagFacts({ flag }: { readonly flag: FlagView }) {
  const { t } = useText();
  return (
    <span className={style.facts}>
      {flag.description !== '' && <span>{flag.description}</span>}
      <Badge>{t(`flags.kind.${flag.kind}`)}</Badge>
      {flag.type !== 'boolean' && <Badge>{t(`flags.form.types.${flag.type}`)}</Badge>}
      {flag.tags.map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
      {flag.owner !== null && <span>{t('flags.owner', { name: flag.owner })}</span>}
    </span>
  );
}
