import type { CreateFlag } from '@dimmer/core/api';
import { KEY_PATTERN } from '@dimmer/core/model';
import { useRef, useState, type RefObject } from 'react';
import { useChange } from '../../lib/change-context.ts';
import { environmentName } from '../../lib/environment-words.ts';
import { fieldWords } from '../../lib/field-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { codeOf, problemWords } from '../../lib/problem-words.ts';
import { useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Checkbox, TextField } from '../../ui/field.tsx';
import { createFlag } from './api/create-flag.ts';
import { setEnabled } from './api/set-cell.ts';
import { CreateFlagMore } from './create-flag-more.tsx';
import { emptyDraft, toRequest, type FlagDraft } from './flag-draft.ts';
import style from './create-flag.module.css';

interface CreateFlagDialogProps {
  readonly initialKey: string;
  readonly onClose: () => void;
  readonly onCreated: (flag: string) => void;
}

/** A key is enough; everything else has a sensible start. */
export function CreateFlagDialog({ initialKey, onClose, onCreated }: CreateFlagDialogProps) {
  const { t } = useText();
  const input = useRef<HTMLInputElement>(null);
  return (
    <Dialog title={t('flags.form.title')} onClose={onClose} initialFocus={input}>
      <CreateFlagForm {...{ initialKey, onClose, onCreated, input }} />
    </Dialog>
  );
}

interface CreateFlagFormProps extends CreateFlagDialogProps {
  readonly input: RefObject<HTMLInputElement | null>;
}

function CreateFlagForm({ initialKey, onClose, onCreated, input }: CreateFlagFormProps) {
  const { t } = useText();
  const [draft, setDraft] = useState<FlagDraft>({ ...emptyDraft, key: initialKey });
  const [more, setMore] = useState(false);
  const { create, busy, error, keyError, forget } = useCreateFlag(onCreated);
  const key = draft.key.trim();
  const wrongKey = key !== '' && !KEY_PATTERN.test(key) ? t('flags.form.keyWrong') : undefined;
  const request = wrongKey === undefined && key !== '' ? toRequest(draft) : null;
  return (
    <form
      className={style.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && request !== null) void create(request, draft.onInFirst);
      }}
    >
      <TextField
        ref={input}
        mono
        label={t('flags.form.key')}
        hint={t('flags.form.keyHint')}
        error={wrongKey ?? keyError}
        value={draft.key}
        onChange={(event) => {
          setDraft({ ...draft, key: event.target.value });
          forget();
        }}
      />
      <TextField
        label={t('flags.form.description')}
        optional={t('optional')}
        value={draft.description}
        onChange={(event) => setDraft({ ...draft, description: event.target.value })}
      />
      <OnInFirst draft={draft} onChange={setDraft} />
      <Button look="quiet" size="small" className={style.more} aria-expanded={more} onClick={() => setMore(!more)}>
        {t('flags.form.more')}
      </Button>
      {more && <CreateFlagMore draft={draft} onChange={setDraft} />}
      {error !== undefined && (
        <p className={style.error} role="alert">
          {error}
        </p>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" look="primary" busy={busy} disabled={request === null}>
          {t('flags.form.submit')}
        </Button>
      </DialogActions>
    </form>
  );
}

interface DraftProps {
  readonly draft: FlagDraft;
  readonly onChange: (draft: FlagDraft) => void;
}

/** Offered where nothing is protected: the first stage. */
function OnInFirst({ draft, onChange }: DraftProps) {
  const text = useText();
  const first = useProject().environments.find((environment) => !environment.protected);
  if (first === undefined) return null;
  return (
    <Checkbox
      label={text.t('flags.form.onInFirst', { environment: environmentName(text, first) })}
      checked={draft.onInFirst}
      onChange={(event) => onChange({ ...draft, onInFirst: event.target.checked })}
    />
  );
}

function useCreateFlag(onCreated: (flag: string) => void) {
  const { t } = useText();
  const change = useChange();
  const { key: project, environments } = useProject();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const first = environments.find((environment) => !environment.protected);
  const create = async (flag: CreateFlag, onInFirst: boolean): Promise<void> => {
    setBusy(true);
    const outcome = await change({
      direction: 'keep',
      effect: t('flags.form.title'),
      done: t('flags.done.created', { flag: flag.key }),
      undo: false,
      send: async (options) => {
        const answer = await createFlag(project, { ...flag, ...options });
        if (!onInFirst || first === undefined) return answer;
        return setEnabled({ project, flag: flag.key, environment: first.key }, true, {});
      },
      onRefused: (error) => {
        setRefusal(error);
        return true;
      },
    });
    setBusy(false);
    if (outcome.kind === 'done') onCreated(flag.key);
  };
  const taken = codeOf(refusal) === 'ALREADY_EXISTS' ? t('flags.form.keyTaken') : undefined;
  const keyError = taken ?? fieldWords(t, refusal, 'key');
  const error = refusal === null || keyError !== undefined ? undefined : problemWords(t, refusal);
  return { create, busy, error, keyError, forget: () => setRefusal(null) };
}
