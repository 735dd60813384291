import type { ChangeView, Effect } from '@dimmer/core/api';
import { environmentNameOf } from '../../lib/environment-words.ts';
import { useText, type Text } from '../../lib/i18n/i18n.ts';
import { useProject } from '../../lib/project-context.ts';
import style from './changes.module.css';
import { StoredReceipt } from './stored-receipt.tsx';
import { valueWords } from './value-words.ts';

/** What exactly was different, field by field, and who has it. */
export function ChangeDetails({ change }: { readonly change: ChangeView }) {
  const { t } = useText();
  const versions = Object.entries(change.versions);
  return (
    <div className={style.details}>
      <EffectTable effects={change.effects} reverse={false} />
      {versions.length > 0 && (
        <div className={style.receipts} role="group" aria-label={t('changes.receipts')}>
          {versions.map(([environment, version]) => (
            <StoredReceipt key={environment} environment={environment} version={version} />
          ))}
        </div>
      )}
    </div>
  );
}

interface EffectTableProps {
  readonly effects: readonly Effect[];
  /** Shows the way back: what is now comes first. */
  readonly reverse: boolean;
}

/** Before and after of every field. Removed and added are marked by sign as well as by colour. */
export function EffectTable({ effects, reverse }: EffectTableProps) {
  const text = useText();
  const { environments } = useProject();
  return (
    <dl className={style.effects}>
      {effects.map((effect, index) => {
        const [before, after] = reverse ? [effect.after, effect.before] : [effect.before, effect.after];
        const environment = effect.object.environment;
        const words = valueWords(text, effect, [before, after]);
        return (
          <div key={index}>
            <dt>
              <code>{objectName(effect)}</code>
              {environment !== undefined && <span>{environmentNameOf(text, environments, environment)}</span>}
              <span>{effect.field ?? text.t('changes.whole')}</span>
            </dt>
            <dd>
              <Value sign="−" value={words[0]} text={text} />
              <Value sign="+" value={words[1]} text={text} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** Keys and tokens have an id for a key; people know them by name and first characters. */
function objectName({ object, before, after }: Effect): string {
  const described = fieldsOf(after) ?? fieldsOf(before);
  if (described === undefined || !['key', 'token', 'user'].includes(object.kind)) return object.key;
  const hint = textOf(described['hint']);
  const name = textOf(described['name']) ?? textOf(described['email']) ?? object.key;
  return hint === undefined ? name : `${name} ${hint}…`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

interface ValueProps {
  readonly sign: '−' | '+';
  readonly value: string;
  readonly text: Text;
}

function Value({ sign, value, text }: ValueProps) {
  return (
    <pre className={style.value} data-sign={sign} tabIndex={-1}>
      <span aria-hidden="true">{sign} </span>
      <span className="hidden">
        {text.t('colon', { before: text.t(sign === '+' ? 'changes.after' : 'changes.before'), after: '' })}
      </span>
      {value}
    </pre>
  );
}
