import { useAppearance, useAppearanceStore } from '../../lib/appearance-context.ts';
import { LANGUAGES, type Density, type Scheme } from '../../lib/appearance.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { Checkbox } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import style from './appearance.module.css';

const SCHEMES: readonly Scheme[] = ['system', 'light', 'dark'];
const DENSITIES: readonly Density[] = ['comfortable', 'compact'];

/** How the page looks in this browser. */
export function AppearanceSettings() {
  const { t } = useText();
  const store = useAppearanceStore();
  const { language, scheme, density, shortcuts } = useAppearance();
  return (
    <Card title={t('settings.appearance')} aside={<span className={style.hint}>{t('settings.saved')}</span>}>
      <div className={style.rows}>
        <div className={style.row}>
          <h3>{t('settings.language')}</h3>
          <Segmented
            label={t('settings.language')}
            value={language}
            segments={LANGUAGES.map((value) => ({
              value,
              label: <span lang={value}>{t(`languageName.${value}`)}</span>,
            }))}
            onChange={(value) => store.update({ language: value })}
          />
        </div>
        <div className={style.row}>
          <h3>{t('settings.scheme')}</h3>
          <Segmented
            label={t('settings.scheme')}
            value={scheme}
            segments={SCHEMES.map((value) => ({ value, label: t(`top.scheme.${value}`) }))}
            onChange={(value) => store.update({ scheme: value })}
          />
        </div>
        <div className={style.row}>
          <h3>{t('settings.density')}</h3>
          <Segmented
            label={t('settings.density')}
            value={density}
            segments={DENSITIES.map((value) => ({ value, label: t(`settings.densities.${value}`) }))}
            onChange={(value) => store.update({ density: value })}
          />
        </div>
        <Checkbox
          label={t('settings.shortcuts')}
          hint={t('settings.shortcutsHint')}
          checked={shortcuts}
          onChange={(event) => store.update({ shortcuts: event.target.checked })}
        />
      </div>
    </Card>
  );
}
