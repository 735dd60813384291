import { useText } from '../../lib/i18n/i18n.ts';
import { Button } from '../../ui/button.tsx';
import { Chips } from '../../ui/chips.tsx';
import { TextArea } from '../../ui/field.tsx';
import { parseIds } from './members.ts';
import style from './segments.module.css';

interface MembersProps {
  readonly ids: readonly string[];
  readonly barred: string | null;
  /** Ids that are typed and not added yet. */
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly onChange: (ids: readonly string[]) => void;
}

/** How many chips are drawn; a list may have thousands of ids. */
const SHOWN = 200;

/** Members by id: add some, take one out, look whether somebody is in. */
export function Members({ ids, barred, typed, onType, onChange }: MembersProps) {
  const { t, format } = useText();
  const parsed = parseIds(typed);
  const [only] = parsed;
  const known = parsed.length === 1 && only !== undefined && ids.includes(only);
  const add = (): void => {
    onChange([...new Set([...ids, ...parsed])]);
    onType('');
  };
  return (
    <div className={style.block}>
      <h3>
        {t('segments.members')} <span className={style.hint}>{memberCount()}</span>
      </h3>
      <p className={style.hint}>{t('segments.membersLead')}</p>
      {ids.length > 0 && (
        <div className={style.members}>
          <Chips
            label={t('segments.members')}
            values={ids.slice(0, SHOWN)}
            removeLabel={(id) => t('segments.memberRemove', { id })}
            onRemove={barred === null ? (id) => onChange(ids.filter((other) => other !== id)) : undefined}
          />
        </div>
      )}
      <form
        className={style.adder}
        onSubmit={(event) => {
          event.preventDefault();
          if (barred === null && parsed.length > 0) add();
        }}
      >
        <TextArea
          bare
          mono
          rows={1}
          label={t('segments.memberAdd')}
          placeholder={t('segments.memberHint')}
          hint={known ? t('segments.memberIn', { id: only }) : undefined}
          value={typed}
          onChange={(event) => onType(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
        <Button type="submit" barred={barred} disabled={parsed.length === 0}>
          {t('segments.memberAdd')}
        </Button>
      </form>
    </div>
  );

  function memberCount(): string {
    if (ids.length === 0) return t('segments.nobody');
    return t('segments.memberCount', { count: ids.length, n: format.number(ids.length) });
  }
}
