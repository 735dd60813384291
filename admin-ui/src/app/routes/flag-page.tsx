import type { FlagView } from '@dimmer/core/api';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { FlagHistory } from '../../features/changes/history.tsx';
import { flagQuery } from '../../features/flags/api/get-flag.ts';
import { usageQuery } from '../../features/flags/api/get-usage.ts';
import { matrixQuery } from '../../features/flags/api/list-flags.ts';
import { ArchivedBanner } from '../../features/flags/archived-banner.tsx';
import { FlagActions } from '../../features/flags/flag-actions.tsx';
import { FlagFacts, FlagHeading } from '../../features/flags/flag-header.tsx';
import { FlagSnippet } from '../../features/flags/flag-snippet.tsx';
import { StageCards } from '../../features/flags/stage-cards.tsx';
import { TargetingPanel } from '../../features/targeting/targeting-panel.tsx';
import { productionOf } from '../../lib/environment-look.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { codeOf } from '../../lib/problem-words.ts';
import { useProject } from '../../lib/project-context.ts';
import { segmentsQuery } from '../../lib/segments-query.ts';
import { Page } from '../../ui/page.tsx';
import { Empty, Failure, Skeleton } from '../../ui/states.tsx';
import style from './flag-page.module.css';

const route = getRouteApi('/p/$project/flags/$flag');

export function FlagPage() {
  const { t } = useText();
  const { project, flag: key } = route.useParams();
  const { matrix } = useProject();
  const query = useQuery(flagQuery(project, key));
  useQuery(matrixQuery(project, matrix));
  const navigate = useNavigate();
  const flag = query.data;
  if (flag === undefined) {
    return (
      <Page title={key} heading={<FlagHeading flag={key} />}>
        {query.error === null && <Skeleton rows={6} height="64px" />}
        {query.error !== null && codeOf(query.error) !== 'NOT_FOUND' && (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        )}
        {codeOf(query.error) === 'NOT_FOUND' && (
          <Empty title={t('flags.page.missing', { flag: key })}>
            <Link to="/p/$project/flags" params={{ project }} search={{ q: key }}>
              {t('notFound.home')}
            </Link>
          </Empty>
        )}
      </Page>
    );
  }
  return (
    <Page
      key={key}
      title={key}
      heading={<FlagHeading flag={key} />}
      lead={<FlagFacts flag={flag} />}
      actions={
        !flag.archived && (
          <FlagActions flag={flag} onArchived={() => void navigate({ to: '/p/$project/flags', params: { project } })} />
        )
      }
    >
      {flag.archived ? <ArchivedBanner flag={key} /> : <Stages flag={flag} />}
    </Page>
  );
}

function Stages({ flag }: { readonly flag: FlagView }) {
  const { project } = route.useParams();
  const { env } = route.useSearch();
  const navigate = useNavigate();
  const { environments } = useProject();
  const { data: segments } = useQuery(segmentsQuery(project));
  const { data: usage } = useQuery(
    usageQuery(
      project,
      environments.map(({ key }) => key),
    ),
  );
  const environment = environments.find(({ key }) => key === env) ?? productionOf(environments);
  if (environment === undefined) return null;
  const evaluated = usage === undefined || Object.values(usage).some(({ flags }) => flags[flag.key] !== undefined);
  const snippet = <FlagSnippet flag={flag} usage={usage} />;
  return (
    <>
      <StageCards
        flag={flag.key}
        selected={environment.key}
        usage={usage}
        onSelect={(key) =>
          void navigate({
            to: '/p/$project/flags/$flag',
            params: { project, flag: flag.key },
            search: { env: key },
            replace: true,
          })
        }
      />
      {!evaluated && snippet}
      <div className={style.columns}>
        <div className={style.main}>
          <TargetingPanel flag={flag} environment={environment} segments={segments?.map(({ key }) => key)} />
          {evaluated && snippet}
        </div>
        <FlagHistory flag={flag.key} />
      </div>
    </>
  );
}
