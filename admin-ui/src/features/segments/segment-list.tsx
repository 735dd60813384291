import type { SegmentView } from '@dimmer/core/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../lib/i18n/i18n.ts';
import { useBarred, useProject } from '../../lib/project-context.ts';
import { segmentsQuery } from '../../lib/segments-query.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, Failure, Skeleton } from '../../ui/states.tsx';
import { CreateSegmentDialog } from './create-segment-dialog.tsx';
import { SegmentDetail, type RenderCondition } from './segment-detail.tsx';
import style from './segments.module.css';

interface SegmentsProps {
  readonly selected: string | undefined;
  readonly environment: string | undefined;
  readonly onSelect: (segment: string | undefined) => void;
  readonly onEnvironment: (environment: string) => void;
  readonly renderCondition: RenderCondition;
}

/** All segments at the side, one of them open. */
export function Segments({ selected, environment, onSelect, onEnvironment, renderCondition }: SegmentsProps) {
  const { t } = useText();
  const { key: project } = useProject();
  const barred = useBarred();
  const [creating, setCreating] = useState(false);
  const query = useQuery(segmentsQuery(project));
  const segments = query.data;
  const open = segments?.find(({ key }) => key === selected) ?? segments?.[0];
  return (
    <Page
      title={t('segments.title')}
      lead={t('segments.lead')}
      actions={
        <Button look="primary" barred={barred} onClick={() => setCreating(true)}>
          <Plus size={16} aria-hidden />
          {t('segments.create')}
        </Button>
      }
    >
      {query.error !== null && segments === undefined && (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Skeleton rows={3} height="56px" />}
      {segments !== undefined && (
        <div className={style.columns}>
          <List segments={segments} open={open?.key} />
          {open === undefined ? (
            <Empty title={t('segments.pick')} />
          ) : (
            <SegmentDetail
              key={open.key}
              segment={open}
              environment={environment}
              segments={segments.map(({ key }) => key).filter((key) => key !== open.key)}
              onEnvironment={onEnvironment}
              onDeleted={() => onSelect(undefined)}
              renderCondition={renderCondition}
            />
          )}
        </div>
      )}
      {creating && (
        <CreateSegmentDialog
          onClose={() => setCreating(false)}
          onCreated={(key) => {
            setCreating(false);
            onSelect(key);
          }}
        />
      )}
    </Page>
  );
}

interface ListProps {
  readonly segments: readonly SegmentView[];
  readonly open: string | undefined;
}

function List({ segments, open }: ListProps) {
  const { t } = useText();
  const { key: project } = useProject();
  return (
    <nav aria-label={t('segments.title')}>
      <ul className={style.list}>
        {segments.map((segment) => (
          <li key={segment.key}>
            <Link
              to="/p/$project/segments"
              params={{ project }}
              search={(before) => ({ ...before, segment: segment.key })}
              className={style.entry}
              aria-current={segment.key === open ? 'true' : undefined}
            >
              <span className={style.key}>{segment.key}</span>
              {segment.description !== '' && <span className={style.purpose}>{segment.description}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
