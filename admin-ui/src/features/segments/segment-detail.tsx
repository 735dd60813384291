import type { Environment, SegmentView } from '@dimmer/core/api';
import type { Condition } from '@dimmer/core/model';
import { Plus, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useChange } from '../../lib/change-context.ts';
import { productionOf } from '../../lib/environment-look.ts';
import { environmentName } from '../../lib/environment-words.ts';
import { same } from '../../lib/exposure.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { useMatrixRows } from '../../lib/matrix-hooks.ts';
import { problemWords } from '../../lib/problem-words.ts';
import { useBarred, useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { EnvironmentLabel } from '../../ui/environment-tile.tsx';
import { Card } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { deleteSegment } from './api/delete-segment.ts';
import { setCondition } from './api/set-condition.ts';
import { Members } from './members-editor.tsx';
import { fromMembership, toMembership, type Membership } from './members.ts';
import style from './segments.module.css';

/** Draws the editor of a condition; null means that it is not complete. */
export type RenderCondition = (
  condition: Condition,
  segments: readonly string[],
  onChange: (condition: Condition | null) => void,
) => ReactNode;

interface SegmentDetailProps {
  readonly segment: SegmentView;
  /** The other segments, which a condition may refer to. */
  readonly segments: readonly string[];
  readonly environment: string | undefined;
  readonly onEnvironment: (environment: string) => void;
  readonly onDeleted: () => void;
  readonly renderCondition: RenderCondition;
}

export function SegmentDetail(props: SegmentDetailProps) {
  const { segment, segments, onEnvironment, onDeleted, renderCondition } = props;
  const { t } = useText();
  const { environments } = useProject();
  const environment = environments.find(({ key }) => key === props.environment) ?? productionOf(environments);
  if (environment === undefined) return null;
  return (
    <div className={style.detail}>
      <Segmented
        label={t('environment.label')}
        value={environment.key}
        segments={environments.map((known) => ({ value: known.key, label: <EnvironmentLabel environment={known} /> }))}
        onChange={onEnvironment}
      />
      <Editor
        key={environment.key}
        {...{ segment, segments, environment, renderCondition }}
        condition={segment.settings[environment.key]?.condition ?? { any: [] }}
      />
      <Deletion segment={segment.key} onDeleted={onDeleted} />
    </div>
  );
}

interface EditorProps extends Pick<SegmentDetailProps, 'segment' | 'segments' | 'renderCondition'> {
  readonly environment: Environment;
  readonly condition: Condition;
}

function Editor({ segment, segments, environment, condition, renderCondition }: EditorProps) {
  const text = useText();
  const { t, format } = text;
  const barred = useBarred(environment);
  const { membership, set, incomplete, setIncomplete, dirty, reset } = useMembership(condition);
  const { apply, error } = useApplyCondition(segment.key, environment);
  const used = useUses(segment.key, environment.key);
  return (
    <Card
      title={<span className={style.key}>{segment.key}</span>}
      aside={
        <span className={style.hint}>
          {used === 0 ? t('segments.usedNone') : t('segments.usedOn', { count: used, n: format.number(used) })}
        </span>
      }
    >
      {segment.description !== '' && <p>{segment.description}</p>}
      <Members ids={membership.ids} barred={barred} onChange={(ids) => set({ ...membership, ids })} />
      <div className={style.block}>
        <h3>{t('segments.also')}</h3>
        {membership.condition === null ? (
          <>
            <p className={style.hint}>{t('segments.conditionLead')}</p>
            <div>
              <Button size="small" barred={barred} onClick={() => set({ ...membership, condition: { all: [] } })}>
                <Plus size={14} aria-hidden />
                {t('segments.condition')}
              </Button>
            </div>
          </>
        ) : (
          renderCondition(membership.condition, segments, (next) => {
            setIncomplete(next === null);
            if (next !== null) set({ ...membership, condition: next });
          })
        )}
      </div>
      {error !== null && (
        <p className={style.error} role="alert">
          {problemWords(t, error)}
        </p>
      )}
      {dirty && (
        <div className={style.actions}>
          <Button onClick={reset}>{t('discard')}</Button>
          <Button
            look="primary"
            barred={barred ?? (incomplete ? t('targeting.rules.incomplete') : null)}
            onClick={() => void apply(fromMembership(membership))}
          >
            {t('segments.apply', { environment: environmentName(text, environment) })}
          </Button>
        </div>
      )}
    </Card>
  );
}

/** What is typed, on top of what is stored; follows the stored one while nothing is typed. */
function useMembership(condition: Condition) {
  const [state, setState] = useState<{ readonly base: Condition; readonly draft: Membership | null }>({
    base: condition,
    draft: null,
  });
  const [incomplete, setIncomplete] = useState(false);
  if (!same(state.base, condition)) {
    const applied = state.draft !== null && same(fromMembership(state.draft), condition);
    setState({ base: condition, draft: applied ? null : state.draft });
  }
  const membership = state.draft ?? toMembership(condition);
  const unfinished = membership.condition !== null && same(membership.condition, { all: [] });
  return {
    membership,
    set: (draft: Membership) => setState((was) => ({ ...was, draft })),
    incomplete: incomplete || unfinished,
    setIncomplete,
    dirty: state.draft !== null && !same(fromMembership(membership), condition),
    reset: () => {
      setState({ base: condition, draft: null });
      setIncomplete(false);
    },
  };
}

function useApplyCondition(segment: string, environment: Environment) {
  const text = useText();
  const { t } = text;
  const change = useChange();
  const { key: project } = useProject();
  const [error, setError] = useState<unknown>(null);
  const name = environmentName(text, environment);
  const apply = async (condition: Condition): Promise<void> => {
    setError(null);
    await change({
      environment,
      // Who is in decides what flags show; whether that is more or less depends on all of them: the server knows.
      direction: 'keep',
      effect: t('segments.effect', { environment: name, segment }),
      done: t('segments.changed', { environment: name, segment }),
      send: (options) => setCondition({ project, segment, environment: environment.key }, condition, options),
      onRefused: (refusal) => {
        setError(refusal);
        return true;
      },
    });
  };
  return { apply, error };
}

/** Flags whose rollout shows itself to this segment first. */
function useUses(segment: string, environment: string): number {
  const rows = useMatrixRows(useProject().matrix);
  return rows.filter((row) => row.cells[environment]?.audience.includes(segment) === true).length;
}

function Deletion({ segment, onDeleted }: { readonly segment: string; readonly onDeleted: () => void }) {
  const { t } = useText();
  const change = useChange();
  const { key: project } = useProject();
  const barred = useBarred();
  const remove = async (): Promise<void> => {
    const outcome = await change({
      direction: 'lower',
      ask: true,
      danger: true,
      effect: t('segments.deleteTitle', { segment }),
      details: <p>{t('segments.deleteText')}</p>,
      confirmLabel: t('segments.delete'),
      done: t('segments.deleted', { segment }),
      send: (options) => deleteSegment(project, segment, options),
    });
    if (outcome.kind === 'done') onDeleted();
  };
  return (
    <div className={style.actions}>
      <Button size="small" barred={barred} onClick={() => void remove()}>
        <Trash2 size={14} aria-hidden />
        {t('segments.delete')}
      </Button>
    </div>
  );
}
