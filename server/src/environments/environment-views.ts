import type { Environment, KeyView, Page, Project, TokenView } from '@dimmer/core/api';
import type { Read } from '../changes/etag.ts';

/** Projects, environments and what opens them, as the API shows them. `Refusal` 404 for what is not there. */
export interface EnvironmentViews {
  listProjects(): Promise<Read<Page<Project>>>;
  getProject(project: string): Promise<Read<Project>>;
  listEnvironments(project: string): Promise<Read<Page<Environment>>>;
  getEnvironment(project: string, environment: string): Promise<Read<Environment>>;
  listKeys(project: string, environment: string): Promise<Read<Page<KeyView>>>;
  listTokens(): Promise<Read<Page<TokenView>>>;
}
