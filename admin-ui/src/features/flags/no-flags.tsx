import { KEY_PATTERN } from '@dimmer/core/model';
import { useText } from '../../lib/i18n/i18n.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/states.tsx';
import type { FlagFilter } from './filter.ts';
import style from './flag-list.module.css';

interface NoFlagsProps {
  /** There are flags, only none that fits. */
  readonly any: boolean;
  readonly filter: FlagFilter;
  readonly barred: string | null;
  readonly onFilter: (filter: FlagFilter) => void;
  readonly onCreate: (key: string) => void;
}

/** An empty list says why it is empty and offers the next step. */
export function NoFlags({ any, filter, barred, onFilter, onCreate }: NoFlagsProps) {
  const { t } = useText();
  const key = filter.text.trim();
  if (!any) {
    return (
      <div className={style.panel}>
        <Empty title={t('flags.empty.title')}>
          <p>{t('flags.empty.text')}</p>
          <Button look="primary" barred={barred} onClick={() => onCreate(key)}>
            {t('flags.create')}
          </Button>
        </Empty>
      </div>
    );
  }
  return (
    <div className={style.panel}>
      <Empty title={key === '' ? t('flags.empty.filteredView') : t('flags.empty.filtered', { filter: key })}>
        <div className={style.buttons}>
          <Button onClick={() => onFilter({ text: '', view: 'all' })}>{t('flags.clear')}</Button>
          {KEY_PATTERN.test(key) && (
            <Button look="primary" barred={barred} onClick={() => onCreate(key)}>
              {t('flags.empty.createNamed', { key })}
            </Button>
          )}
        </div>
      </Empty>
    </div>
  );
}
