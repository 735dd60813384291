import { useText } from '../../lib/i18n/i18n.ts';
import { SelectField } from '../../ui/field.tsx';
import type { RolloutDraft } from './draft.ts';
import style from './rule-editor.module.css';

interface RolloutVariantsProps {
  readonly variants: readonly string[];
  readonly rollout: RolloutDraft;
  readonly onChange: (patch: Partial<RolloutDraft>) => void;
}

/** Of flags that are not on or off: which variant is rolled out, instead of which. */
export function RolloutVariants({ variants, rollout, onChange }: RolloutVariantsProps) {
  const { t } = useText();
  const choices = variants.map((variant) => ({ value: variant, label: variant }));
  return (
    <div className={style.pair}>
      <SelectField
        label={t('targeting.serves')}
        value={rollout.variant}
        choices={choices}
        onChange={(variant) => onChange({ variant })}
      />
      <SelectField
        label={t('targeting.instead')}
        value={rollout.otherwise ?? ''}
        choices={[{ value: '', label: t('targeting.rules.callersDefault') }, ...choices]}
        onChange={(otherwise) => onChange({ otherwise: otherwise === '' ? null : otherwise })}
      />
    </div>
  );
}
