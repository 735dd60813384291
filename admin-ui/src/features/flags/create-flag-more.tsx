import type { FlagKind } from '@dimmer/core/api';
import type { FlagType } from '@dimmer/core/model';
import { Plus, Trash2 } from 'lucide-react';
import { useText, type Text } from '../../lib/i18n/i18n.ts';
import { placedWords, syntaxWords } from '../../lib/json-fault-words.ts';
import { readJson } from '../../lib/json-source.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Checkbox, SelectField, TextField } from '../../ui/field.tsx';
import { defaultOf, parseValue, withVariant, type FlagDraft, type VariantDraft } from './flag-draft.ts';
import style from './create-flag.module.css';

const TYPES: readonly FlagType[] = ['boolean', 'string', 'number', 'object'];
const KINDS: readonly FlagKind[] = ['release', 'operational', 'permission', 'experiment'];

interface MoreProps {
  readonly draft: FlagDraft;
  readonly onChange: (draft: FlagDraft) => void;
}

/** What few flags need when they are made. */
export function CreateFlagMore({ draft, onChange }: MoreProps) {
  const { t } = useText();
  return (
    <>
      <div className={style.pair}>
        <SelectField
          label={t('flags.form.type')}
          value={draft.type}
          choices={TYPES.map((value) => ({ value, label: t(`flags.form.types.${value}`) }))}
          onChange={(type) => onChange({ ...draft, type })}
        />
        <SelectField
          label={t('flags.form.kind')}
          value={draft.kind}
          choices={KINDS.map((value) => ({ value, label: t(`flags.kind.${value}`) }))}
          onChange={(kind) => onChange({ ...draft, kind })}
        />
      </div>
      {draft.type !== 'boolean' && <Variants draft={draft} onChange={onChange} />}
      <div className={style.pair}>
        <TextField
          label={t('flags.form.tags')}
          hint={t('flags.form.tagsHint')}
          value={draft.tags}
          onChange={(event) => onChange({ ...draft, tags: event.target.value })}
        />
        <TextField
          label={t('flags.form.owner')}
          value={draft.owner}
          onChange={(event) => onChange({ ...draft, owner: event.target.value })}
        />
      </div>
      <Checkbox
        label={t('flags.form.clientVisible')}
        checked={draft.clientVisible}
        onChange={(event) => onChange({ ...draft, clientVisible: event.target.checked })}
      />
    </>
  );
}

function Variants({ draft, onChange }: MoreProps) {
  const { t } = useText();
  const { variants } = draft;
  const set = (next: readonly VariantDraft[]): void => onChange({ ...draft, variants: next });
  const choices = [
    { value: '', label: t('flags.form.callersDefault') },
    ...variants.filter(({ key }) => key !== '').map(({ key }) => ({ value: key, label: key })),
  ];
  return (
    <fieldset className={style.variants}>
      <legend>{t('flags.form.variants')}</legend>
      {variants.map((variant, index) => (
        <VariantRow
          key={index}
          type={draft.type}
          variant={variant}
          onChange={(changed) => onChange(withVariant(draft, index, changed))}
          onRemove={() => set(variants.filter((_, at) => at !== index))}
        />
      ))}
      <Button size="small" className={style.more} onClick={() => set([...variants, { key: '', value: '' }])}>
        <Plus size={14} aria-hidden />
        {t('flags.form.addVariant')}
      </Button>
      <div className={style.pair}>
        <SelectField
          label={t('flags.form.defaultVariant')}
          value={defaultOf(draft)}
          choices={choices}
          onChange={(chosen) => onChange({ ...draft, default: chosen })}
        />
        <SelectField
          label={t('flags.form.offVariant')}
          value={draft.off}
          choices={choices}
          onChange={(off) => onChange({ ...draft, off })}
        />
      </div>
    </fieldset>
  );
}

interface VariantRowProps {
  readonly type: FlagType;
  readonly variant: VariantDraft;
  readonly onChange: (variant: VariantDraft) => void;
  readonly onRemove: () => void;
}

function VariantRow({ type, variant, onChange, onRemove }: VariantRowProps) {
  const text = useText();
  const { t } = text;
  return (
    <div className={style.variant}>
      <TextField
        bare
        mono
        label={t('flags.form.variantKey')}
        placeholder={t('flags.form.variantKey')}
        value={variant.key}
        onChange={(event) => onChange({ ...variant, key: event.target.value })}
      />
      <TextField
        bare
        mono
        label={t('flags.form.variantValue')}
        placeholder={t('flags.form.variantValue')}
        value={variant.value}
        error={valueFault(text, type, variant.value)}
        onChange={(event) => onChange({ ...variant, value: event.target.value })}
      />
      <IconButton label={t('flags.form.removeVariant', { key: variant.key })} onClick={onRemove}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
    </div>
  );
}

/** What is wrong with a value as typed; JSON with the place where. */
function valueFault(text: Text, type: FlagType, source: string): string | undefined {
  if (source === '' || parseValue(type, source) !== undefined) return undefined;
  const read = readJson(source);
  if (type !== 'object' || read.kind === 'value') return text.t('flags.form.valueWrong');
  return placedWords(text, read.fault.place, syntaxWords(text, read.fault));
}
