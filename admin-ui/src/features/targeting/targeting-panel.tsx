import type { Environment, FlagView, SettingsView } from '@dimmer/core/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../../lib/i18n/i18n.ts';
import { useBarred, useProject } from '../../lib/project-context.ts';
import { Card } from '../../ui/page.tsx';
import { Failure, Skeleton } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { settingsQuery } from './api/get-settings.ts';
import { LadderCard } from './ladder-card.tsx';
import { PendingBar } from './pending-bar.tsx';
import { RuleList } from './rule-list.tsx';
import { SettingsJson } from './settings-json.tsx';
import { useApply } from './use-apply.ts';
import { useDraft } from './use-draft.ts';

interface TargetingPanelProps {
  readonly flag: FlagView;
  readonly environment: Environment;
  /** Keys of the project's segments. */
  readonly segments: readonly string[];
}

/** What the flag does in one environment: ladder, rules, JSON, and one bar for all that is not applied yet. */
export function TargetingPanel({ flag, environment, segments }: TargetingPanelProps) {
  const { key: project } = useProject();
  const query = useQuery(settingsQuery(project, flag.key, environment.key));
  if (query.data === undefined) {
    if (query.error === null) return <Skeleton rows={4} height="64px" />;
    return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <Loaded
      key={environment.key}
      {...{ flag, environment, segments }}
      settings={query.data.settings}
      etag={query.data.etag}
    />
  );
}

interface LoadedProps extends TargetingPanelProps {
  readonly settings: SettingsView;
  readonly etag: string | undefined;
}

function Loaded({ flag, environment, segments, settings, etag }: LoadedProps) {
  const { t } = useText();
  const { key: project } = useProject();
  const barred = useBarred(environment);
  const [tab, setTab] = useState('rules');
  const handle = useDraft(`${project}/${flag.key}/${environment.key}`, settings);
  const { apply, error } = useApply({ flag: flag.key, environment, etag, onApplied: handle.discard });
  const variants = Object.keys(flag.variants);
  return (
    <>
      <LadderCard {...{ flag, environment, segments, handle, barred }} onApply={apply} />
      <Card title={t('targeting.rules.title')}>
        <Tabs
          label={t('targeting.rules.title')}
          value={tab}
          onChange={setTab}
          tabs={[
            {
              id: 'rules',
              label: t('targeting.tabs.form'),
              panel: <RuleList {...{ variants, segments, handle, barred }} />,
            },
            {
              id: 'json',
              label: t('targeting.tabs.json'),
              panel: <SettingsJson {...{ handle, barred }} />,
            },
          ]}
        />
      </Card>
      <PendingBar
        {...{ flag: flag.key, environment, handle, barred, error }}
        onApply={() => void apply(handle.draft)}
      />
    </>
  );
}
