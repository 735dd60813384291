/** Keys of cached answers; the feed invalidates by prefix. */
export const queryKeys = {
  session: ['session'] as const,
  projects: ['projects'] as const,
  tokens: ['tokens'] as const,
  project: (project: string) => ['project', project] as const,
  environments: (project: string) => ['project', project, 'environments'] as const,
  matrix: (project: string) => ['project', project, 'matrix'] as const,
  flag: (project: string, flag: string) => ['project', project, 'flag', flag] as const,
  usage: (project: string) => ['project', project, 'usage'] as const,
  segments: (project: string) => ['project', project, 'segments'] as const,
  keys: (project: string) => ['project', project, 'keys'] as const,
  instances: (project: string) => ['project', project, 'instances'] as const,
  changes: (project: string) => ['project', project, 'changes'] as const,
  receipts: (project: string) => ['project', project, 'receipts'] as const,
};
