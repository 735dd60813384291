import { writeAnswer } from '../schemas/common.ts';
import { setRollout, settingsView, updateSettings } from '../schemas/settings.ts';
import { describe, found, noBody, noQuery, route, type Route } from '../route.ts';
import type { AppDeps } from '../app-deps.ts';
import { withoutOptions } from '../without-options.ts';
import { writeQuery, type Writer } from '../write.ts';

const tag = 'settings';
const path = '/projects/{project}/flags/{flag}/settings/{environment}';

const GET_SETTINGS = describe({
  method: 'get',
  path,
  id: 'getSettings',
  tag,
  summary: 'What a flag does in an environment',
  access: 'reader',
  answer: settingsView,
  query: noQuery,
  body: noBody,
});

const UPDATE_SETTINGS = describe({
  method: 'patch',
  path,
  id: 'updateSettings',
  tag,
  summary: 'Switch a flag, or change its rules',
  description: 'A member present replaces that member whole; one that is absent stays as it is.',
  access: 'writer',
  query: writeQuery,
  body: updateSettings,
  answer: writeAnswer,
});

const SET_ROLLOUT = describe({
  method: 'put',
  path: `${path}/rollout`,
  id: 'setRollout',
  tag,
  summary: 'Roll a flag out gradually',
  description:
    'One call, one version. Raising the percentage keeps everybody who is in; lowering and raising it again returns the same users.',
  access: 'writer',
  query: writeQuery,
  body: setRollout,
  answer: writeAnswer,
});

/** What a flag does in one environment. */
export function settingsRoutes({ views }: AppDeps, write: Writer): readonly Route[] {
  return [
    route(GET_SETTINGS, async ({ params }) =>
      found(await views.getSettings(params.project, params.flag, params.environment)),
    ),
    route(UPDATE_SETTINGS, async (input) => {
      const { project, flag, environment } = input.params;
      return write(input, {
        project,
        intents: [{ kind: 'settings.update', flag, environment, input: withoutOptions(input.body) }],
      });
    }),
    route(SET_ROLLOUT, async (input) => {
      const { project, flag, environment } = input.params;
      return write(input, {
        project,
        intents: [{ kind: 'rollout.set', flag, environment, input: withoutOptions(input.body) }],
      });
    }),
  ];
}
