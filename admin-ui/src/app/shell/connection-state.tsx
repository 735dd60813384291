import { useStore } from '../../lib/external-store.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { useProject } from '../../lib/project-context.ts';
import style from './shell.module.css';

/** A dot while what is shown is true, a square while it may not be. */
export function ConnectionState() {
  const { t } = useText();
  const { state } = useStore(useProject().live);
  return (
    <span className={style.state} data-state={state}>
      <span className={style.dot} aria-hidden="true" />
      <span>{t(`live.${state}`)}</span>
    </span>
  );
}
