import type { Condition } from '@dimmer/core/model';
import { useState } from 'react';
import { useText } from '../../lib/i18n/i18n.ts';
import { trusted } from '../../lib/trusted.ts';
import { TextArea } from '../../ui/field.tsx';

interface ConditionJsonProps {
  readonly condition: Condition;
  readonly onChange: (condition: Condition | null) => void;
}

/** A condition beyond the form. The server checks what it means; here it only has to be JSON. */
export function ConditionJson({ condition, onChange }: ConditionJsonProps) {
  const { t } = useText();
  const [source, setSource] = useState(() => JSON.stringify(condition, null, 2));
  const parsed = parse(source);
  return (
    <TextArea
      mono
      rows={Math.min(16, source.split('\n').length + 1)}
      label={t('targeting.rules.match')}
      hint={t('targeting.rules.json')}
      error={'error' in parsed ? t('targeting.rules.jsonWrong', { error: parsed.error }) : undefined}
      value={source}
      onChange={(event) => {
        setSource(event.target.value);
        const next = parse(event.target.value);
        onChange('error' in next ? null : next.condition);
      }}
    />
  );
}

function parse(source: string): { readonly condition: Condition } | { readonly error: string } {
  try {
    const value: unknown = JSON.parse(source);
    return typeof value === 'object' && value !== null ? { condition: trusted<Condition>(value) } : { error: source };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
