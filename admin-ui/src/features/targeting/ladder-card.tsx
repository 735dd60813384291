import type { Environment, FlagView } from '@dimmer/core/api';
import { useQuery } from '@tanstack/react-query';
import { environmentName } from '../../lib/environment-words.ts';
import { AUDIENCE_RULE, cellOf, DOGFOOD } from '../../lib/exposure.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { cellAt, nextRung, type Rung } from '../../lib/ladder.ts';
import { rungWord } from '../../lib/rung-words.ts';
import { emptyAmong } from '../../lib/segment-facts.ts';
import { segmentsQuery } from '../../lib/segments-query.ts';
import { useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { EmptySegments } from '../../ui/empty-segments.tsx';
import { EnvironmentTile } from '../../ui/environment-tile.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { Card } from '../../ui/page.tsx';
import { PercentSlider } from '../../ui/slider.tsx';
import { Audience } from './audience.tsx';
import { preview, put, type Draft, type RolloutDraft } from './draft.ts';
import { Ladder } from './ladder.tsx';
import { audienceOf } from './rollout-of.ts';
import { RolloutVariants } from './rollout-variants.tsx';
import { shareWords } from './share-words.ts';
import type { DraftHandle } from './use-draft.ts';
import style from './ladder-card.module.css';

interface LadderCardProps {
  readonly flag: FlagView;
  readonly environment: Environment;
  readonly segments: readonly string[];
  readonly handle: DraftHandle;
  readonly barred: string | null;
  readonly onApply: (draft: Draft) => Promise<void>;
  readonly onFault: (faulty: boolean) => void;
}

const TICKS = [0, 1, 5, 10, 25, 50, 100];

/** How far the flag is open: rungs, slider and number are one value. */
export function LadderCard({ flag, environment, segments, handle, barred, onApply, onFault }: LadderCardProps) {
  const text = useText();
  const { t } = text;
  const { draft } = handle;
  const next = preview(draft);
  const cell = cellOf(next);
  const rollout = next.rollout ?? draft.base.rollout ?? firstRollout(flag, draft);
  const dogfoodEmpty = useEmpty(DOGFOOD, environment);
  const step = nextRung(cellOf(draft.base));
  const at = (rung: Rung): Partial<Draft> => {
    if (rung === 'off') return { enabled: false, ...(draft.base.rollout && { rollout: draft.base.rollout }) };
    const { percent, audience } = cellAt({ ...cell, percent: rollout.percent, audience: rollout.audience }, rung);
    return { enabled: true, rollout: { ...rollout, percent: percent ?? 0, audience } };
  };
  const setPercent = (percent: number): void => handle.put({ enabled: true, rollout: { ...rollout, percent } });
  const custom = next.rollout === null && cell.enabled;
  return (
    <Card
      title={
        <span className={style.title}>
          <EnvironmentTile environment={environment} />
          {t('targeting.titleIn', { environment: environmentName(text, environment) })}
        </span>
      }
      aside={
        step !== null && (
          <Button look="primary" size="small" barred={barred} onClick={() => void onApply(put(draft, at(step)))}>
            {t('targeting.advance', { state: rungWord(text, step, environment) })}
          </Button>
        )
      }
    >
      <Ladder {...{ environment, cell, barred, dogfoodEmpty }} onStep={(rung) => handle.put(at(rung))} />
      {custom && <p className={style.custom}>{t('targeting.custom')}</p>}
      {flag.type !== 'boolean' && (
        <RolloutVariants
          variants={Object.keys(flag.variants)}
          rollout={rollout}
          onChange={(patch) => handle.put({ rollout: { ...rollout, ...patch } })}
        />
      )}
      <Percent
        value={cell.enabled ? rollout.percent : 0}
        disabled={barred !== null}
        onChange={setPercent}
        onFault={onFault}
      />
      <Audience
        segments={segments}
        audience={rollout.audience}
        barred={barred}
        onChange={(audience) => handle.put({ rollout: { ...rollout, audience } })}
      />
      <EmptySegments segments={rollout.audience} environment={environment} />
      <p className={style.share}>{shareWords(text, next, environment)}</p>
    </Card>
  );
}

function useEmpty(segment: string, environment: Environment): boolean {
  const { key: project } = useProject();
  const { data } = useQuery(segmentsQuery(project));
  return emptyAmong([segment], data, environment.key).length > 0;
}

interface PercentProps {
  readonly value: number;
  readonly disabled: boolean;
  readonly onChange: (percent: number) => void;
  readonly onFault: (faulty: boolean) => void;
}

function Percent({ value, disabled, onChange, onFault }: PercentProps) {
  const { t, format } = useText();
  return (
    <div className={style.percent}>
      <PercentSlider
        label={t('targeting.slider')}
        value={value}
        say={(percent) => format.percent(percent)}
        ticks={TICKS}
        disabled={disabled}
        onChange={onChange}
      />
      <NumberField
        label={t('targeting.percent')}
        value={value}
        min={0}
        max={100}
        step={1}
        unit="%"
        moreLabel={t('targeting.more')}
        lessLabel={t('targeting.less')}
        disabled={disabled}
        wrong={t('targeting.percentWrong')}
        onChange={onChange}
        onFault={onFault}
      />
    </div>
  );
}

/** Where a rollout starts when what is served now is none. */
function firstRollout(flag: FlagView, draft: Draft): RolloutDraft {
  const variants = Object.keys(flag.variants);
  const otherwise = draft.base.off;
  const variant = variants.find((known) => known !== otherwise) ?? variants[0] ?? 'on';
  const rule = draft.base.rules.find(({ id }) => id === AUDIENCE_RULE);
  return { percent: 0, variant, otherwise, by: 'targetingKey', audience: (rule && audienceOf(rule)) ?? [] };
}
