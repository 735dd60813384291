import type { Split } from '@dimmer/core/model';
import { useState } from 'react';
import { useText } from '../../lib/i18n/i18n.ts';
import { TextField } from '../../ui/field.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { sumOf, weightsOf, withWeights } from './rule-draft.ts';
import style from './rule-editor.module.css';

interface SplitEditorProps {
  readonly split: Split;
  readonly variants: readonly string[];
  readonly onChange: (split: Split) => void;
}

/** People edit weights; the cuts are made so that as few users as possible move. */
export function SplitEditor({ split, variants, onChange }: SplitEditorProps) {
  const { t, format } = useText();
  const [weights, setWeights] = useState(() => weightsOf(split, variants));
  const sum = sumOf(weights);
  const by = [split.bucket.by].flat().join(', ');
  const setWeight = (variant: string, weight: number): void => {
    const next = { ...weights, [variant]: weight };
    setWeights(next);
    const cut = withWeights(split, next);
    if (cut !== null) onChange(cut);
  };
  return (
    <fieldset className={style.weights}>
      <legend className="hidden">{t('targeting.rules.weights')}</legend>
      {Object.entries(weights).map(([variant, weight]) => (
        <div key={variant} className={style.weight}>
          <code>{variant}</code>
          <NumberField
            label={t('targeting.rules.weightOf', { variant })}
            value={weight}
            min={0}
            max={100}
            step={1}
            unit="%"
            wrong={t('targeting.percentWrong')}
            moreLabel={t('targeting.more')}
            lessLabel={t('targeting.less')}
            onChange={(next) => setWeight(variant, next)}
          />
        </div>
      ))}
      {sum !== 100 && (
        <p className={style.problem} role="status">
          {t('targeting.rules.weightsWrong', { sum: format.percent(sum) })}
        </p>
      )}
      <TextField
        mono
        label={t('targeting.rules.by')}
        value={by}
        onChange={(event) => {
          const attributes = event.target.value.split(',').map((entry) => entry.trim());
          const only = attributes.length === 1 ? (attributes[0] ?? '') : attributes;
          onChange({ ...split, bucket: { ...split.bucket, by: only } });
        }}
      />
    </fieldset>
  );
}
