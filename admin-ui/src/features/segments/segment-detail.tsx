import type { Environment, SegmentView } from '@dimmer/core/api';
import type { Condition } from '@dimmer/core/model';
import { Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useChange } from '../../lib/change-context.ts';
import { productionOf } from '../../lib/environment-look.ts';
import { environmentName } from '../../lib/environment-words.ts';
import { same } from '../../lib/exposure.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { useMatrixRows } from '../../lib/matrix-hooks.ts';
import { problemWords } from '../../lib/problem-words.ts';
import { useBarred, useProject } from '../../lib/project-context.ts';
import { useUnsaved } from '../../lib/use-unsaved.ts';
import { Button } from '../../ui/button.tsx';
import { EnvironmentLabel } from '../../ui/environment-tile.tsx';
import { Card } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { setCondition } from './api/set-condition.ts';
import { Deletion } from './deletion.tsx';
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
  const [typed, setTyped] = useState('');
  const untaken = typed.trim() !== '';
  // The segment and the environment shown are part of the address.
  useUnsaved(
    dirty || incomplete || untaken,
    (from, to) => from.pathname === to.pathname && same(from.search, to.search),
  );
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
      <Members
        ids={membership.ids}
        {...{ barred, typed }}
        onType={setTyped}
        onChange={(ids) => set({ ...membership, ids })}
      />
      <AlsoWhoever
        {...{ segments, renderCondition, barred }}
        condition={membership.condition}
        onAdd={() => set({ ...membership, condition: { all: [] } })}
        onChange={(next) => {
          setIncomplete(next === null);
          if (next !== null) set({ ...membership, condition: next });
        }}
      />
      {error !== null && (
        <p className={style.error} role="alert">
          {problemWords(t, error)}
        </p>
      )}
      {dirty && (
        <Decision
          environment={environment}
          barred={barred ?? (incomplete ? t('targeting.rules.incomplete') : untaken ? t('segments.untaken') : null)}
          onDiscard={reset}
          onApply={() => void apply(fromMembership(membership))}
        />
      )}
    </Card>
  );
}

interface AlsoWhoeverProps extends Pick<SegmentDetailProps, 'segments' | 'renderCondition'> {
  readonly condition: Condition | null;
  readonly barred: string | null;
  readonly onAdd: () => void;
  readonly onChange: (condition: Condition | null) => void;
}

/** Members by condition, beside those by id. */
function AlsoWhoever({ condition, segments, barred, renderCondition, onAdd, onChange }: AlsoWhoeverProps) {
  const { t } = useText();
  return (
    <div className={style.block}>
      <h3>{t('segments.also')}</h3>
      {condition === null ? (
        <>
          <p className={style.hint}>{t('segments.conditionLead')}</p>
          <div>
            <Button size="small" barred={barred} onClick={onAdd}>
              <Plus size={14} aria-hidden />
              {t('segments.condition')}
            </Button>
          </div>
        </>
      ) : (
        renderCondition(condition, segments, onChange)
      )}
    </div>
  );
}

interface DecisionProps {
  readonly environment: Environment;
  readonly barred: string | null;
  readonly onDiscard: () => void;
  readonly onApply: () => void;
}

function Decision({ environment, barred, onDiscard, onApply }: DecisionProps) {
  const text = useText();
  return (
    <div className={style.actions}>
      <Button onClick={onDiscard}>{text.t('discard')}</Button>
      <Button look="primary" barred={barred} onClick={onApply}>
        {text.t('segments.apply', { environment: environmentName(text, environment) })}
      </Button>
    </div>
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
