import type { Condition } from '@dimmer/core/model';
import { useState } from 'react';
import { useText } from '../../lib/i18n/i18n.ts';
import { TextArea } from '../../ui/field.tsx';
import { faultsText, takeCondition } from './json-faults.ts';

interface ConditionJsonProps {
  readonly condition: Condition;
  readonly segments: readonly string[];
  readonly onChange: (condition: Condition | null) => void;
}

/** A condition beyond the form, taken as it is written or not at all. */
export function ConditionJson({ condition, segments, onChange }: ConditionJsonProps) {
  const text = useText();
  const [source, setSource] = useState(() => JSON.stringify(condition, null, 2));
  const read = (typed: string) => takeCondition(text, typed, { segments, hasFlag: null });
  const taken = read(source);
  return (
    <TextArea
      mono
      rows={Math.min(16, source.split('\n').length + 1)}
      label={text.t('targeting.rules.match')}
      hint={text.t('targeting.rules.json')}
      error={taken.kind === 'faulty' ? faultsText(text, taken.faults) : undefined}
      value={source}
      onChange={(event) => {
        setSource(event.target.value);
        const next = read(event.target.value);
        onChange(next.kind === 'taken' ? next.value : null);
      }}
    />
  );
}
