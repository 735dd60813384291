import { X } from 'lucide-react';
import { use } from 'react';
import { EnvironmentContext } from '../../lib/environment-context.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { classNames } from '../../ui/class-names.ts';
import { IconButton } from '../../ui/button.tsx';
import { EmptySegments } from '../../ui/empty-segments.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { OPERATORS, takesList, takesValue, type Item, type SegmentItem, type TestItem } from './condition-form.ts';
import style from './rule-editor.module.css';

interface ConditionItemProps {
  readonly item: Item;
  readonly number: number;
  readonly segments: readonly string[];
  readonly onChange: (item: Item) => void;
  readonly onRemove: () => void;
}

/** One test of an attribute, or membership in a segment. */
export function ConditionItem({ item, number, segments, onChange, onRemove }: ConditionItemProps) {
  const { t } = useText();
  const environment = use(EnvironmentContext);
  return (
    <div className={classNames(style.item, item.kind === 'segment' && style.segment)}>
      {item.kind === 'segment' ? (
        <SegmentFields item={item} segments={segments} onChange={onChange} />
      ) : (
        <TestFields item={item} onChange={onChange} />
      )}
      <IconButton label={t('targeting.rules.removeTest', { n: number })} onClick={onRemove}>
        <X size={14} aria-hidden />
      </IconButton>
      {item.kind === 'segment' && environment !== null && (
        <div className={style.note}>
          <EmptySegments segments={[item.segment]} environment={environment} />
        </div>
      )}
    </div>
  );
}

interface SegmentFieldsProps {
  readonly item: SegmentItem;
  readonly segments: readonly string[];
  readonly onChange: (item: Item) => void;
}

function SegmentFields({ item, segments, onChange }: SegmentFieldsProps) {
  const { t } = useText();
  return (
    <>
      <SelectField
        bare
        label={t('targeting.rules.operator')}
        value={item.inside ? 'inside' : 'outside'}
        choices={(['inside', 'outside'] as const).map((value) => ({ value, label: t(`targeting.rules.${value}`) }))}
        onChange={(where) => onChange({ ...item, inside: where === 'inside' })}
      />
      <SelectField
        bare
        label={t('targeting.rules.segment')}
        value={item.segment}
        choices={[...new Set([item.segment, ...segments])].map((value) => ({ value, label: value }))}
        onChange={(segment) => onChange({ ...item, segment })}
      />
    </>
  );
}

interface TestFieldsProps {
  readonly item: TestItem;
  readonly onChange: (item: Item) => void;
}

function TestFields({ item, onChange }: TestFieldsProps) {
  const { t } = useText();
  const valueLabel = t(takesList(item.operator) ? 'targeting.rules.values' : 'targeting.rules.value');
  return (
    <>
      <TextField
        bare
        mono
        label={t('targeting.rules.attribute')}
        placeholder={t('targeting.rules.attribute')}
        value={item.attr}
        onChange={(event) => onChange({ ...item, attr: event.target.value })}
      />
      <SelectField
        bare
        label={t('targeting.rules.operator')}
        value={item.operator}
        choices={OPERATORS.map((value) => ({ value, label: t(`words.operator.${value}`) }))}
        onChange={(operator) => onChange({ ...item, operator })}
      />
      {takesValue(item.operator) ? (
        <TextField
          bare
          mono
          label={valueLabel}
          placeholder={valueLabel}
          value={item.value}
          onChange={(event) => onChange({ ...item, value: event.target.value })}
        />
      ) : (
        <span />
      )}
    </>
  );
}
