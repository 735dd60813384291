import type { Environment } from '@dimmer/core/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { environmentName } from '../lib/environment-words.ts';
import { useText } from '../lib/i18n/i18n.ts';
import { useProject } from '../lib/project-context.ts';
import { emptyAmong } from '../lib/segment-facts.ts';
import { segmentsQuery } from '../lib/segments-query.ts';
import style from './empty-segments.module.css';

interface EmptySegmentsProps {
  readonly segments: readonly string[];
  readonly environment: Environment;
  /** In a dialog: the way to the segment must not lose what is being asked. */
  readonly newTab?: boolean;
}

/** Says which of some segments hold nobody, so that showing something to them shows it to nobody, and where to add people. */
export function EmptySegments({ segments, environment, newTab = false }: EmptySegmentsProps) {
  const text = useText();
  const { t } = text;
  const { key: project } = useProject();
  const { data } = useQuery(segmentsQuery(project));
  const empty = emptyAmong(segments, data, environment.key);
  if (empty.length === 0) return null;
  return (
    <ul className={style.hints}>
      {empty.map((segment) => (
        <li key={segment}>
          {t('targeting.empty.hint', { segment, environment: environmentName(text, environment) })}{' '}
          <Link
            to="/p/$project/segments"
            params={{ project }}
            search={{ segment, env: environment.key }}
            {...(newTab && { target: '_blank' })}
          >
            {t('targeting.empty.add', { segment })}
          </Link>
        </li>
      ))}
    </ul>
  );
}
