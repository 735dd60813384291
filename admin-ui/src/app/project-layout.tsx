import type { Environment, SessionView } from '@dimmer/core/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { environmentsQuery } from '../features/environments/api/list-environments.ts';
import { sessionQuery } from '../features/session/api/get-session.ts';
import { createStore } from '../lib/external-store.ts';
import { useText, type Text } from '../lib/i18n/i18n.ts';
import { createLive } from '../lib/live.ts';
import { MatrixStore } from '../lib/matrix-store.ts';
import type { Notices } from '../lib/notices.ts';
import { ProjectContext, type ProjectContextValue } from '../lib/project-context.ts';
import { ReceiptStore } from '../lib/receipt-store.ts';
import { NoticeList } from '../ui/notice-list.tsx';
import { ChangeProvider } from './change-provider.tsx';
import { wireLive } from './live-wiring.ts';
import { Shell } from './shell/shell.tsx';

/** The loader of the route has them ready; this is for the types. */
const NONE: readonly Environment[] = [];

interface ProjectLayoutProps {
  readonly project: string;
  readonly notices: Notices;
  /** The session has ended. */
  readonly onSignedOut: (expired: boolean) => void;
}

/** Everything inside one project: its stores, the feed that keeps them true, and the shell around the pages. */
export function ProjectLayout({ project, notices, onSignedOut }: ProjectLayoutProps) {
  const { data: environments = NONE } = useQuery(environmentsQuery(project));
  const { data: session } = useQuery(sessionQuery);
  useEffect(() => {
    if (session === null) onSignedOut(true);
  }, [session, onSignedOut]);
  // For the moment in which the way to the sign-in page is taken.
  const [user, setUser] = useState(session?.user);
  if (session != null && session.user !== user) setUser(session.user);
  if (user === undefined) return null;
  return <Project key={project} {...{ project, environments, user, notices }} onSignOut={() => onSignedOut(false)} />;
}

interface ProjectProps {
  readonly project: string;
  readonly environments: readonly Environment[];
  readonly user: SessionView['user'];
  readonly notices: Notices;
  readonly onSignOut: () => void;
}

function Project({ project, environments, user, notices, onSignOut }: ProjectProps) {
  const services = useLiveServices(project, environments, user.id, notices);
  const value = useMemo<ProjectContextValue>(
    () => ({ key: project, environments, user, ...services }),
    [project, environments, user, services],
  );
  return (
    <ProjectContext value={value}>
      <ChangeProvider notices={notices}>
        <Shell onSignOut={onSignOut}>
          <Outlet />
        </Shell>
        <NoticeList notices={notices} />
      </ChangeProvider>
    </ProjectContext>
  );
}

/** Stores and feed, made once per project and person. */
function useLiveServices(project: string, environments: readonly Environment[], userId: string, notices: Notices) {
  const queryClient = useQueryClient();
  const text = useText();
  const latestText = useLatest(text);
  const [services] = useState(() => {
    const stores = {
      matrix: new MatrixStore(),
      receipts: new ReceiptStore(),
      instances: createStore<Readonly<Record<string, number>>>({}),
      heads: createStore<Readonly<Record<string, number>>>(
        Object.fromEntries(environments.map(({ key, version }) => [key, version])),
      ),
    };
    const onMessage = wireLive({
      project,
      userId,
      queryClient,
      ...stores,
      onBack: (missed) => notices.show({ tone: 'info', text: backWords(latestText.current, missed) }),
    });
    const url = `${location.origin.replace(/^http/, 'ws')}/api/v1/live?project=${encodeURIComponent(project)}`;
    const live = createLive({ url, onMessage, onLost: () => void queryClient.invalidateQueries(sessionQuery) });
    return { ...stores, live, value: { ...stores, live: live.status } };
  });
  useEffect(() => {
    services.live.start();
    return () => services.live.stop();
  }, [services]);
  return services.value;
}

function useLatest<T>(value: T): { current: T } {
  const [box] = useState(() => ({ current: value }));
  useEffect(() => {
    box.current = value;
  });
  return box;
}

function backWords({ t, format }: Text, missed: number): string {
  return missed === 0 ? t('live.backNone') : t('live.back', { count: missed, n: format.number(missed) });
}
