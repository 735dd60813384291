import type { Environment, MatrixCell } from '@dimmer/core/api';
import { useQuery } from '@tanstack/react-query';
import { environmentName } from '../lib/environment-words.ts';
import { useText, type Text } from '../lib/i18n/i18n.ts';
import { useProject } from '../lib/project-context.ts';
import { memberCount } from '../lib/segment-facts.ts';
import { segmentsQuery } from '../lib/segments-query.ts';
import { EmptySegments } from './empty-segments.tsx';
import style from './reach.module.css';

interface ReachProps {
  /** What will be, once the change is applied. */
  readonly cell: MatrixCell;
  readonly environment: Environment;
}

/** Who will get a flag that is about to be on: said before it is, because a switch alone does not tell. */
export function Reach({ cell, environment }: ReachProps) {
  const text = useText();
  const { key: project } = useProject();
  const { data } = useQuery(segmentsQuery(project));
  if (!cell.enabled) return null;
  const countIn = (segment: string): number | null => {
    const settings = data?.find(({ key }) => key === segment)?.settings[environment.key];
    return settings === undefined ? null : memberCount(settings.condition);
  };
  return (
    <section className={style.reach}>
      <h3>{text.t('targeting.reach.title')}</h3>
      <ul data-everybody={cell.percent === 100}>
        {lines(text, cell, environmentName(text, environment), countIn).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <EmptySegments segments={cell.percent === 100 ? [] : cell.audience} environment={environment} newTab />
    </section>
  );
}

function lines(
  { t, format }: Text,
  { percent, audience, rules }: MatrixCell,
  environment: string,
  countIn: (segment: string) => number | null,
): readonly string[] {
  const byRules = rules > 0 ? [t('targeting.reach.rules', { count: rules, n: format.number(rules) })] : [];
  if (percent === null) return [...byRules, t('targeting.reach.custom')];
  if (percent >= 100)
    return [...byRules, t(rules > 0 ? 'targeting.reach.rest' : 'targeting.reach.all', { environment })];
  const segments = audience.map((segment) => {
    const count = countIn(segment);
    return count === null ? segment : t('targeting.reach.segment', { segment, count, n: format.number(count) });
  });
  const share = percent > 0 ? t('targeting.reach.share', { percent: format.percent(percent) }) : null;
  const nobody = share === null && segments.length === 0 && rules === 0 ? t('targeting.reach.nobody') : null;
  return [...segments, ...byRules, ...[share, nobody].filter((line) => line !== null)];
}
