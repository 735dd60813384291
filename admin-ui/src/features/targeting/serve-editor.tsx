import type { Serve } from '@dimmer/core/model';
import { useText } from '../../lib/i18n/i18n.ts';
import { SelectField } from '../../ui/field.tsx';
import { isSplit, newSplit } from './rule-draft.ts';
import style from './rule-editor.module.css';
import { SplitEditor } from './split-editor.tsx';

interface ServeEditorProps {
  readonly variants: readonly string[];
  readonly serve: Serve;
  readonly onChange: (serve: Serve) => void;
}

/** Values of the select that are no variant; a variant's key never starts with a dot. */
const SPLIT = '.split';
const CALLERS_DEFAULT = '.default';

/** One variant, a split by weight, or the default in the code. */
export function ServeEditor({ variants, serve, onChange }: ServeEditorProps) {
  const { t } = useText();
  const value = serve === null ? CALLERS_DEFAULT : isSplit(serve) ? SPLIT : serve;
  const choose = (chosen: string): void => {
    if (chosen === CALLERS_DEFAULT) onChange(null);
    else if (chosen === SPLIT) onChange(isSplit(serve) ? serve : newSplit(variants));
    else onChange(chosen);
  };
  return (
    <div className={style.group}>
      <div className={style.pair}>
        <SelectField
          label={t('targeting.rules.serveThen')}
          value={value}
          choices={[
            ...variants.map((variant) => ({ value: variant, label: variant })),
            ...(variants.length > 1 ? [{ value: SPLIT, label: t('targeting.rules.split') }] : []),
            { value: CALLERS_DEFAULT, label: t('targeting.rules.callersDefault') },
          ]}
          onChange={choose}
        />
      </div>
      {isSplit(serve) && <SplitEditor split={serve} variants={variants} onChange={onChange} />}
    </div>
  );
}
