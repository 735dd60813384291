import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  useRouter,
} from '@tanstack/react-router';
import { useCallback } from 'react';
import { environmentsQuery } from '../features/environments/api/list-environments.ts';
import { projectsQuery } from '../features/environments/api/list-projects.ts';
import { sessionQuery } from '../features/session/api/get-session.ts';
import { loadAllWords } from '../lib/i18n/i18n.ts';
import { NotFound } from './not-found.tsx';
import { ProjectFailure } from './project-failure.tsx';
import { ProjectLayout } from './project-layout.tsx';
import { RouteFailure } from './route-failure.tsx';
import { FlagsPage } from './routes/flags-page.tsx';
import {
  changesSearch,
  connectionsSearch,
  environmentSearch,
  flagsSearch,
  loginSearch,
  segmentsSearch,
} from './search.ts';
import type { Services } from './services.ts';

/** A page that is fetched when somebody goes there, together with its words. */
function later<M extends object, K extends keyof M & string>(load: () => Promise<M>, name: K) {
  return lazyRouteComponent(async () => (await Promise.all([load(), loadAllWords()]))[0], name);
}

const root = createRootRouteWithContext<Services>()({
  component: Outlet,
  notFoundComponent: () => (
    <main>
      <NotFound />
    </main>
  ),
  errorComponent: RouteFailure,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ context: { queryClient } }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session === null) throw redirect({ to: '/login' });
    const [first] = await queryClient.ensureQueryData(projectsQuery);
    throw redirect({ to: '/p/$project/flags', params: { project: first?.key ?? 'default' } });
  },
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: loginSearch,
  component: later(() => import('./routes/session-pages.tsx'), 'LoginPage'),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: later(() => import('./routes/session-pages.tsx'), 'SetUpPage'),
});

const project = createRoute({
  getParentRoute: () => root,
  path: '/p/$project',
  beforeLoad: async ({ context: { queryClient }, location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session === null) throw redirect({ to: '/login', search: { next: location.href } });
  },
  notFoundComponent: NotFound,
  errorComponent: ProjectFailure,
  loader: ({ context: { queryClient }, params }) => queryClient.ensureQueryData(environmentsQuery(params.project)),
  component: function ProjectRoute() {
    const { project: key } = project.useParams();
    const { notices } = project.useRouteContext();
    const router = useRouter();
    const onSignedOut = useCallback(
      (expired: boolean) => {
        const next = router.state.location.href;
        void router.navigate({ to: '/login', search: expired ? { next, expired } : {} });
      },
      [router],
    );
    return <ProjectLayout project={key} notices={notices} onSignedOut={onSignedOut} />;
  },
});

const projectHome = createRoute({
  getParentRoute: () => project,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/p/$project/flags', params });
  },
});

const flags = createRoute({
  getParentRoute: () => project,
  path: 'flags',
  validateSearch: flagsSearch,
  component: FlagsPage,
});

const flag = createRoute({
  getParentRoute: () => project,
  path: 'flags/$flag',
  validateSearch: environmentSearch,
  component: later(() => import('./routes/flag-page.tsx'), 'FlagPage'),
});

const segments = createRoute({
  getParentRoute: () => project,
  path: 'segments',
  validateSearch: segmentsSearch,
  component: later(() => import('./routes/segments-page.tsx'), 'SegmentsPage'),
});

const keys = createRoute({
  getParentRoute: () => project,
  path: 'keys',
  validateSearch: environmentSearch,
  component: later(() => import('./routes/keys-page.tsx'), 'KeysPage'),
});

const connections = createRoute({
  getParentRoute: () => project,
  path: 'connections',
  validateSearch: connectionsSearch,
  component: later(() => import('./routes/connections-page.tsx'), 'ConnectionsPage'),
});

const changes = createRoute({
  getParentRoute: () => project,
  path: 'changes',
  validateSearch: changesSearch,
  component: later(() => import('./routes/changes-page.tsx'), 'ChangesPage'),
});

const settings = createRoute({
  getParentRoute: () => project,
  path: 'settings',
  component: later(() => import('./routes/settings-pages.tsx'), 'SettingsPage'),
});

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/p/$project/settings/appearance', params });
  },
});

const appearance = createRoute({
  getParentRoute: () => settings,
  path: 'appearance',
  component: later(() => import('../features/appearance/appearance-settings.tsx'), 'AppearanceSettings'),
});

const environments = createRoute({
  getParentRoute: () => settings,
  path: 'environments',
  component: later(() => import('../features/environments/environments.tsx'), 'Environments'),
});

const account = createRoute({
  getParentRoute: () => settings,
  path: 'account',
  component: later(() => import('../features/session/change-password.tsx'), 'ChangePassword'),
});

const tokens = createRoute({
  getParentRoute: () => settings,
  path: 'tokens',
  component: later(() => import('../features/access/tokens.tsx'), 'Tokens'),
});

const tree = root.addChildren([
  home,
  login,
  setup,
  project.addChildren([
    projectHome,
    flags,
    flag,
    segments,
    keys,
    connections,
    changes,
    settings.addChildren([settingsHome, appearance, environments, account, tokens]),
  ]),
]);

export function createAppRouter(services: Services) {
  return createRouter({
    routeTree: tree,
    context: services,
    defaultPreload: 'intent',
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: RouteFailure,
    scrollRestoration: true,
    scrollToTopSelectors: ['#main'],
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
