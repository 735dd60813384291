import { describe, route, type Route } from '../route.ts';
import type { RequestedChange } from '@dimmer/core/api';
import type { Intent } from '../../changes/intent.ts';
import { changeSetRequest } from '../schemas/change.ts';
import { writeAnswer } from '../schemas/common.ts';
import { writeQuery, type Writer } from '../write.ts';

const APPLY_CHANGE_SET = describe({
  method: 'post',
  path: '/projects/{project}/environments/{environment}/change-sets',
  id: 'applyChangeSet',
  tag: 'changes',
  summary: 'Apply several changes as one',
  description: 'All of them or none: one version, one push, one entry in the history.',
  access: 'writer',
  query: writeQuery,
  body: changeSetRequest,
  answer: writeAnswer,
});

/** Several changes of one environment that become visible together. */
export function changeSetRoutes(write: Writer): readonly Route[] {
  return [
    route(APPLY_CHANGE_SET, async (input) => {
      const { project, environment } = input.params;
      const intents = input.body.changes.map((change, index) => toIntent(change, index, environment));
      return write(input, { project, intents });
    }),
  ];
}

function toIntent(change: RequestedChange, index: number, environment: string): Intent {
  const path = `/changes/${index}`;
  const { ifMatch } = change;
  if ('segment' in change) {
    return {
      kind: 'segment.settings',
      segment: change.segment,
      environment,
      input: change.settings,
      path: `${path}/settings`,
      ifMatch,
    };
  }
  return 'rollout' in change
    ? { kind: 'rollout.set', flag: change.flag, environment, input: change.rollout, path: `${path}/rollout`, ifMatch }
    : {
        kind: 'settings.update',
        flag: change.flag,
        environment,
        input: change.settings,
        path: `${path}/settings`,
        ifMatch,
      };
}
