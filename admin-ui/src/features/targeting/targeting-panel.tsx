import type { Environment, FlagView, SettingsView } from '@dimmer/core/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { EnvironmentContext } from '../../lib/environment-context.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { useBarred, useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { Failure, Skeleton } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { settingsQuery } from './api/get-settings.ts';
import { preview } from './draft.ts';
import { LadderCard } from './ladder-card.tsx';
import { PendingBar } from './pending-bar.tsx';
import { isShowable } from './rollout-of.ts';
import { RuleList } from './rule-list.tsx';
import { SettingsJson } from './settings-json.tsx';
import style from './targeting-panel.module.css';
import { useApply } from './use-apply.tsx';
import { useDraft } from './use-draft.ts';

interface TargetingPanelProps {
  readonly flag: FlagView;
  readonly environment: Environment;
  /** Keys of the project's segments; undefined until they are known. */
  readonly segments: readonly string[] | undefined;
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
    <EnvironmentContext value={environment}>
      <Loaded
        key={environment.key}
        {...{ flag, environment, segments }}
        settings={query.data.settings}
        etag={query.data.etag}
      />
    </EnvironmentContext>
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
  const [typed, setTyped] = useState<string | null>(null);
  const [faulty, setFaulty] = useState(false);
  const handle = useDraft(`${project}/${flag.key}/${environment.key}`, settings);
  const { apply, error } = useApply({ flag: flag.key, environment, etag, onApplied: handle.discard });
  const keys = segments ?? [];
  const showable = isShowable(preview(handle.draft));
  const json = <SettingsJson {...{ flag, handle, barred, typed }} segments={segments ?? null} onType={setTyped} />;
  return (
    <div className={style.panel}>
      {showable && (
        <LadderCard {...{ flag, environment, handle, barred }} segments={keys} onApply={apply} onFault={setFaulty} />
      )}
      <Card title={t('targeting.rules.title')}>
        {showable && tab !== 'json' && typed !== null && (
          <Unfinished onGoOn={() => setTab('json')} onDiscard={() => setTyped(null)} />
        )}
        {showable ? (
          <Tabs
            label={t('targeting.rules.title')}
            value={tab}
            onChange={setTab}
            tabs={[
              {
                id: 'rules',
                label: t('targeting.tabs.form'),
                panel: <RuleList {...{ handle, barred }} variants={Object.keys(flag.variants)} segments={keys} />,
              },
              { id: 'json', label: t('targeting.tabs.json'), panel: json },
            ]}
          />
        ) : (
          <>
            <p className={style.beyond} role="status">
              {t('targeting.json.beyond')}
            </p>
            {json}
          </>
        )}
      </Card>
      <PendingBar
        {...{ flag: flag.key, environment, handle, barred, error }}
        untaken={typed !== null ? t('targeting.json.untaken') : faulty ? t('targeting.percentUntaken') : null}
        onApply={() => void apply(handle.draft)}
      />
    </div>
  );
}

/** JSON that was typed, not taken over, and is out of sight. */
function Unfinished({ onGoOn, onDiscard }: { readonly onGoOn: () => void; readonly onDiscard: () => void }) {
  const { t } = useText();
  return (
    <div className={style.unfinished} role="status">
      <p>{t('targeting.json.unfinished')}</p>
      <Button size="small" onClick={onGoOn}>
        {t('targeting.json.goOn')}
      </Button>
      <Button size="small" look="quiet" onClick={onDiscard}>
        {t('discard')}
      </Button>
    </div>
  );
}
