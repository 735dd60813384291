import { Plus } from 'lucide-react';
import { useText } from '../../lib/i18n/i18n.ts';
import { Chips } from '../../ui/chips.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import style from './audience.module.css';

interface AudienceProps {
  readonly segments: readonly string[];
  readonly audience: readonly string[];
  readonly barred: string | null;
  readonly onChange: (audience: readonly string[]) => void;
}

/** Segments that get it before everybody else. */
export function Audience({ segments, audience, barred, onChange }: AudienceProps) {
  const { t } = useText();
  const free = segments.filter((segment) => !audience.includes(segment));
  return (
    <div className={style.audience}>
      <span className={style.label}>{t('targeting.firstFor')}</span>
      {audience.length === 0 ? (
        <span className={style.nobody}>{t('targeting.nobodyFirst')}</span>
      ) : (
        <Chips
          label={t('targeting.audience')}
          values={audience}
          removeLabel={(segment) => t('targeting.removeAudience', { segment })}
          onRemove={barred === null ? (segment) => onChange(audience.filter((key) => key !== segment)) : undefined}
        />
      )}
      {free.length > 0 && barred === null && (
        <MenuButton
          size="small"
          look="quiet"
          align="start"
          menuLabel={t('targeting.addAudience')}
          entries={free.map((segment) => ({
            id: segment,
            label: segment,
            onSelect: () => onChange([...audience, segment]),
          }))}
        >
          <Plus size={14} aria-hidden />
          {t('targeting.addAudience')}
        </MenuButton>
      )}
    </div>
  );
}
