import type { Rule } from '@dimmer/core/model';
import { useText } from '../../lib/i18n/i18n.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ConditionEditor } from './condition-editor.tsx';
import { UNFINISHED } from './rule-draft.ts';
import style from './rule-editor.module.css';
import { ServeEditor } from './serve-editor.tsx';

interface RuleEditorProps {
  readonly rule: Rule;
  readonly variants: readonly string[];
  readonly segments: readonly string[];
  readonly onChange: (rule: Rule) => void;
  readonly onDone: () => void;
}

export function RuleEditor({ rule, variants, segments, onChange, onDone }: RuleEditorProps) {
  const { t } = useText();
  return (
    <div className={style.editor}>
      <TextField
        label={t('targeting.rules.name')}
        optional={t('optional')}
        value={rule.name ?? ''}
        onChange={(event) => onChange(withName(rule, event.target.value))}
      />
      <ConditionEditor
        condition={rule.if ?? UNFINISHED}
        segments={segments}
        onChange={(condition) => onChange({ ...rule, if: condition ?? UNFINISHED })}
      />
      <ServeEditor variants={variants} serve={rule.serve} onChange={(serve) => onChange({ ...rule, serve })} />
      <div className={style.end}>
        <Button size="small" onClick={onDone}>
          {t('targeting.rules.done')}
        </Button>
      </div>
    </div>
  );
}

function withName(rule: Rule, name: string): Rule {
  const { name: _, ...rest } = rule;
  return name === '' ? rest : { ...rest, name };
}
