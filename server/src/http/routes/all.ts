import type { AppDeps } from '../app-deps.ts';
import type { Route } from '../route.ts';
import { createWriter } from '../write.ts';
import { changeSetRoutes } from './change-sets.ts';
import { changeRoutes } from './changes.ts';
import { environmentRoutes } from './environments.ts';
import { flagRoutes } from './flags.ts';
import { instanceRoutes } from './instances.ts';
import { keyRoutes } from './keys.ts';
import { projectRoutes } from './projects.ts';
import { rulesetRoutes } from './ruleset.ts';
import { segmentRoutes } from './segments.ts';
import { sessionRoutes } from './session.ts';
import { settingsRoutes } from './settings.ts';
import { tokenRoutes } from './tokens.ts';

/** Every route below `/api/v1`, in the order of the documentation. */
export function allRoutes(deps: AppDeps): readonly Route[] {
  const write = createWriter(deps);
  return [
    ...projectRoutes(deps, write),
    ...environmentRoutes(deps, write),
    ...flagRoutes(deps, write),
    ...settingsRoutes(deps, write),
    ...segmentRoutes(deps, write),
    ...changeSetRoutes(write),
    ...changeRoutes(deps, write),
    ...rulesetRoutes(deps),
    ...keyRoutes(deps, write),
    ...instanceRoutes(deps),
    ...tokenRoutes(deps, write),
    ...sessionRoutes(deps),
  ];
}
