import { checkKey } from '@dimmer/core/model';
import type { Draft } from '../changes/draft.ts';
import { handle } from '../changes/intent-handler.ts';
import type { AnyHandler } from '../changes/intent-handler.ts';
import { newId } from '../changes/new-id.ts';
import { recordFields } from '../changes/record-fields.ts';
import { conflict, invalid, notFound } from '../refusal.ts';
import type { ProjectRow } from '../storage/project-store.ts';
import { toProject } from './environment-view.ts';
import { removeEnvironment } from './remove-environment.ts';

const projectCreate = handle({
  kind: 'project.create',
  current: (draft, { input }) => currentProject(draft, input.key),
  async apply(draft, { input: { key, name = key }, path = '' }, perform) {
    draft.require('administer');
    const wrong = checkKey(key, `${path}/key`);
    if (wrong.length > 0) throw invalid(wrong);
    if (await draft.tx.projects.byKey(key)) throw conflict('ALREADY_EXISTS', `There is a project "${key}" already.`);
    const project: ProjectRow = { id: newId('prj', draft.random), key, name, createdAt: draft.now };
    await draft.tx.projects.insert(project);
    draft.enter(project, []);
    draft.effects.push({ object: { kind: 'project', key }, action: 'create', after: { name } });
    await perform({ kind: 'environment.create', input: { key: 'development', name: 'Development' } });
    await perform({ kind: 'environment.create', input: { key: 'production', name: 'Production', protected: true } });
    const description = 'The people who build it: they see new things first.';
    await perform({ kind: 'segment.create', input: { key: 'dogfood', name: 'Dogfood', description } });
    draft.created = { id: project.id };
  },
});

const projectUpdate = handle({
  kind: 'project.update',
  current: (draft, { project }) => currentProject(draft, project),
  async apply(draft, { project: key, input }) {
    draft.require('administer');
    const project = await enterProject(draft, key);
    const { name } = project;
    const after = { name: input.name ?? name };
    if (!recordFields(draft, { kind: 'project', key }, { name }, after)) return;
    await draft.tx.projects.rename(project.id, after.name);
  },
});

/** Belongs to the installation's history: that of the project ends with it. */
const projectDelete = handle({
  kind: 'project.delete',
  current: (draft, { project }) => currentProject(draft, project),
  async apply(draft, { project: key }) {
    draft.require('administer');
    const project = await load(draft, key);
    for (const environment of await draft.tx.environments.lock(project.id)) {
      await removeEnvironment(draft, environment, key);
    }
    await draft.tx.projects.delete(project.id, draft.now);
    draft.effects.push({ object: { kind: 'project', key }, action: 'delete', before: { name: project.name } });
  },
});

/** Everything that can be done to projects. */
export const projectIntents: readonly AnyHandler[] = [projectCreate, projectUpdate, projectDelete];

async function load({ tx }: Draft, key: string): Promise<ProjectRow> {
  const project = await tx.projects.lock(key);
  if (!project) throw notFound(`project "${key}"`);
  return project;
}

async function enterProject(draft: Draft, key: string): Promise<ProjectRow> {
  const project = await load(draft, key);
  draft.enter(project, await draft.tx.environments.lock(project.id));
  return project;
}

async function currentProject({ tx }: Draft, key: string): Promise<unknown> {
  const project = await tx.projects.byKey(key);
  return project && toProject(project);
}
