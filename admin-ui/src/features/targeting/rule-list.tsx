import type { Rule } from '@dimmer/core/model';
import { ArrowDown, ArrowRight, ArrowUp, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { AUDIENCE_RULE, ownRules } from '../../lib/exposure.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { conditionWords, serveWords } from '../../lib/sentences.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { preview } from './draft.ts';
import { audienceOf } from './rollout-of.ts';
import { RuleEditor } from './rule-editor.tsx';
import { isComplete, move, newRule } from './rule-draft.ts';
import { ServeEditor } from './serve-editor.tsx';
import type { DraftHandle } from './use-draft.ts';
import style from './rule-list.module.css';

interface RuleListProps {
  readonly variants: readonly string[];
  readonly segments: readonly string[];
  readonly handle: DraftHandle;
  readonly barred: string | null;
}

/** Everything that decides, in order: the audience, the rules, everyone else. The first that applies wins. */
export function RuleList({ variants, segments, handle, barred }: RuleListProps) {
  const text = useText();
  const { t, format } = text;
  const next = preview(handle.draft);
  const rules = ownRules(next.rules);
  const [editing, setEditing] = useState<string | null>(null);
  const setRules = (changed: readonly Rule[]): void => handle.put({ rules: changed });
  const add = (): void => {
    const rule = newRule(variants.find((variant) => variant !== next.off) ?? variants[0]);
    setRules([...rules, rule]);
    setEditing(rule.id);
  };
  const first = next.rules.find(({ id }) => id === AUDIENCE_RULE);
  const audience = (first && audienceOf(first)) ?? [];
  return (
    <div className={style.rules}>
      <p className={style.lead}>{t('targeting.rules.lead')}</p>
      <ol className={style.list}>
        {first !== undefined && (
          <li className={style.fixed}>
            <Sentence
              condition={t('targeting.rules.audience', { segments: format.either(audience) })}
              serve={serveWords(text, first.serve)}
            />
          </li>
        )}
        {rules.map((rule, index) => (
          <RuleRow
            key={rule.id}
            {...{ rule, index, variants, segments, barred }}
            last={index === rules.length - 1}
            editing={editing === rule.id}
            onEdit={(open) => setEditing(open ? rule.id : null)}
            onChange={(changed) => setRules(rules.map((known) => (known.id === rule.id ? changed : known)))}
            onMove={(by) => setRules(move(rules, index, index + by))}
            onRemove={() => setRules(rules.filter((known) => known.id !== rule.id))}
          />
        ))}
        <EveryoneElse {...{ variants, handle, barred }} />
      </ol>
      <Button size="small" className={style.add} barred={barred} onClick={add}>
        <Plus size={14} aria-hidden />
        {t('targeting.rules.add')}
      </Button>
    </div>
  );
}

interface RuleRowProps {
  readonly rule: Rule;
  readonly index: number;
  readonly last: boolean;
  readonly variants: readonly string[];
  readonly segments: readonly string[];
  readonly barred: string | null;
  readonly editing: boolean;
  readonly onEdit: (open: boolean) => void;
  readonly onChange: (rule: Rule) => void;
  readonly onMove: (by: number) => void;
  readonly onRemove: () => void;
}

function RuleRow(props: RuleRowProps) {
  const { rule, index, last, variants, segments, barred, editing, onEdit, onChange, onMove, onRemove } = props;
  const text = useText();
  const { t } = text;
  const n = index + 1;
  const condition = isComplete(rule)
    ? rule.if === undefined
      ? t('targeting.rules.always')
      : conditionWords(text, rule.if)
    : t('words.condition.empty');
  return (
    <li className={style.rule} data-incomplete={!isComplete(rule)}>
      <div className={style.row}>
        <span className={style.number}>{n}</span>
        <Sentence name={rule.name} condition={condition} serve={serveWords(text, rule.serve)} />
        {barred === null && (
          <span className={style.buttons}>
            <IconButton
              size="small"
              label={t('targeting.rules.edit', { n })}
              aria-expanded={editing}
              onClick={() => onEdit(!editing)}
            >
              <Pencil size={14} aria-hidden />
            </IconButton>
            <IconButton
              size="small"
              label={t('targeting.rules.up', { n })}
              disabled={index === 0}
              onClick={() => onMove(-1)}
            >
              <ArrowUp size={14} aria-hidden />
            </IconButton>
            <IconButton size="small" label={t('targeting.rules.down', { n })} disabled={last} onClick={() => onMove(1)}>
              <ArrowDown size={14} aria-hidden />
            </IconButton>
            <IconButton size="small" label={t('targeting.rules.remove', { n })} onClick={onRemove}>
              <Trash2 size={14} aria-hidden />
            </IconButton>
          </span>
        )}
      </div>
      {editing && <RuleEditor {...{ rule, variants, segments, onChange }} onDone={() => onEdit(false)} />}
    </li>
  );
}

interface EveryoneElseProps {
  readonly variants: readonly string[];
  readonly handle: DraftHandle;
  readonly barred: string | null;
}

/** The last row is always there. A rollout is edited on the ladder, anything else here. */
function EveryoneElse({ variants, handle, barred }: EveryoneElseProps) {
  const text = useText();
  const { t, format } = text;
  const next = preview(handle.draft);
  const [editing, setEditing] = useState(false);
  const { rollout } = next;
  const serve =
    rollout !== null && rollout.percent > 0 && rollout.percent < 100
      ? t('words.serve.partial', { variant: rollout.variant, percent: format.percent(rollout.percent) })
      : serveWords(text, next.default);
  return (
    <li className={style.fixed}>
      <div className={style.row}>
        <Sentence condition={t('targeting.rules.everyone')} serve={serve} />
        {barred === null && (
          <span className={style.buttons}>
            <IconButton
              size="small"
              label={t('targeting.rules.elseEdit')}
              aria-expanded={editing}
              onClick={() => setEditing(!editing)}
            >
              <Pencil size={14} aria-hidden />
            </IconButton>
          </span>
        )}
      </div>
      {editing && (
        <div className={style.editor}>
          <ServeEditor
            variants={variants}
            serve={next.default}
            onChange={(changed) => handle.put({ default: changed })}
          />
          <Button size="small" onClick={() => setEditing(false)}>
            {t('targeting.rules.done')}
          </Button>
        </div>
      )}
    </li>
  );
}

interface SentenceProps {
  readonly name?: string | undefined;
  readonly condition: string;
  readonly serve: string;
}

function Sentence({ name, condition, serve }: SentenceProps) {
  return (
    <span className={style.sentence}>
      {name !== undefined && name !== '' && <strong>{name}</strong>}
      <span>{condition}</span>
      <ArrowRight className={style.arrow} size={14} aria-hidden />
      <span className={style.serve}>{serve}</span>
    </span>
  );
}
