import type { Condition } from '@dimmer/core/model';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../lib/i18n/i18n.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { emptyTest, fromForm, toForm, type ConditionForm, type Item } from './condition-form.ts';
import { ConditionItem } from './condition-item.tsx';
import { ConditionJson } from './condition-json.tsx';
import style from './rule-editor.module.css';

interface ConditionEditorProps {
  readonly condition: Condition;
  readonly segments: readonly string[];
  /** Null while what is typed is no condition yet. */
  readonly onChange: (condition: Condition | null) => void;
}

/** All or any of simple tests; what is more than that, as JSON. */
export function ConditionEditor({ condition, segments, onChange }: ConditionEditorProps) {
  const { t } = useText();
  const [form, setForm] = useState<ConditionForm | null>(() => started(toForm(condition)));
  if (form === null) return <ConditionJson {...{ condition, segments, onChange }} />;
  const update = (next: ConditionForm): void => {
    setForm(next);
    onChange(fromForm(next));
  };
  const put = (index: number, item: Item): void =>
    update({ ...form, items: form.items.map((known, at) => (at === index ? item : known)) });
  const add = (item: Item): void => update({ ...form, items: [...form.items, item] });
  return (
    <fieldset className={style.group}>
      <legend>
        {t('targeting.rules.match')}
        {form.items.length > 1 && (
          <SelectField
            bare
            label={t('targeting.rules.match')}
            value={form.mode}
            choices={(['all', 'any'] as const).map((value) => ({ value, label: t(`targeting.rules.${value}`) }))}
            onChange={(mode) => update({ ...form, mode })}
          />
        )}
      </legend>
      <div className={style.items}>
        {form.items.map((item, index) => (
          <ConditionItem
            key={index}
            {...{ item, segments }}
            number={index + 1}
            onChange={(changed) => put(index, changed)}
            onRemove={() => update({ ...form, items: form.items.filter((_, at) => at !== index) })}
          />
        ))}
      </div>
      <div className={style.buttons}>
        <Button size="small" onClick={() => add(emptyTest)}>
          <Plus size={14} aria-hidden />
          {t('targeting.rules.addTest')}
        </Button>
        {segments.length > 0 && (
          <Button size="small" onClick={() => add({ kind: 'segment', segment: segments[0] ?? '', inside: true })}>
            <Plus size={14} aria-hidden />
            {t('targeting.rules.addSegment')}
          </Button>
        )}
      </div>
    </fieldset>
  );
}

/** A condition that says nothing yet starts with one empty test. */
function started(form: ConditionForm | null): ConditionForm | null {
  return form !== null && form.items.length === 0 ? { mode: 'all', items: [emptyTest] } : form;
}
