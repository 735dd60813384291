/** One thing that somebody may want to do, tried over the API. */
export interface Probe {
  /** Of `server/src/policy/permissions.ts`. */
  readonly action: string;
  readonly method: string;
  /** Below `/api/v1`. */
  readonly path: string;
  readonly body?: (unique: string) => object;
}

const P = '/projects/default';

/** How each row of the table of roles is tried: its first cell, without marks. */
export const PROBES: Readonly<Record<string, readonly Probe[]>> = {
  'read everything but secrets and the list of tokens': [
    { action: 'read', method: 'GET', path: `${P}/flags` },
    { action: 'read', method: 'GET', path: `${P}/changes` },
    { action: 'read', method: 'GET', path: `${P}/environments/production/ruleset` },
    { action: 'read', method: 'GET', path: `${P}/environments/production/keys` },
  ],
  'make a flag or a segment; change its name, description, tags, owner, kind; restore an archived flag': [
    { action: 'describe', method: 'POST', path: `${P}/flags`, body: (key) => ({ key }) },
    { action: 'describe', method: 'POST', path: `${P}/segments`, body: (key) => ({ key }) },
    {
      action: 'describe',
      method: 'PATCH',
      path: `${P}/flags/probe`,
      body: (text) => ({ description: text, kind: 'operational' }),
    },
  ],
  'change what flags and segments do in an unprotected environment; its SDK keys, name and position': [
    {
      action: 'change',
      method: 'PUT',
      path: `${P}/flags/probe/settings/development/rollout`,
      body: () => ({ percent: 10 }),
    },
    {
      action: 'change',
      method: 'PATCH',
      path: `${P}/segments/dogfood/settings/development`,
      body: () => ({ condition: { any: [] } }),
    },
    {
      action: 'change',
      method: 'POST',
      path: `${P}/environments/development/keys`,
      body: (name) => ({ kind: 'server', name }),
    },
    { action: 'change', method: 'PATCH', path: `${P}/environments/development`, body: (name) => ({ name }) },
  ],
  'the same in a protected environment': [
    {
      action: 'change',
      method: 'PATCH',
      path: `${P}/flags/probe/settings/production`,
      body: () => ({ enabled: false }),
    },
    {
      action: 'change',
      method: 'PUT',
      path: `${P}/flags/probe/settings/production/rollout`,
      body: () => ({ percent: 10 }),
    },
    {
      action: 'change',
      method: 'POST',
      path: `${P}/environments/production/keys`,
      body: (name) => ({ kind: 'server', name }),
    },
  ],
  'change what reaches every environment, one of them protected: variants, `clientVisible`, metadata, archiving': [
    { action: 'change', method: 'PATCH', path: `${P}/flags/probe`, body: (text) => ({ metadata: { text } }) },
    {
      action: 'change',
      method: 'PATCH',
      path: `${P}/flags/probe`,
      body: () => ({ clientVisible: true }),
    },
    { action: 'change', method: 'DELETE', path: `${P}/flags/archived-{role}` },
  ],
  'make or delete an environment that is not protected': [
    { action: 'add-environment', method: 'POST', path: `${P}/environments`, body: (key) => ({ key, name: key }) },
    { action: 'change', method: 'DELETE', path: `${P}/environments/temporary-{role}` },
  ],
  'protect an environment, end its protection, delete a protected one or say when it ends': [
    {
      action: 'protect',
      method: 'POST',
      path: `${P}/environments`,
      body: (key) => ({ key, name: key, protected: true }),
    },
    {
      action: 'protect',
      method: 'PATCH',
      path: `${P}/environments/guarded-{role}`,
      body: () => ({ protected: false }),
    },
    {
      action: 'protect',
      method: 'PATCH',
      path: `${P}/environments/ending-{role}`,
      body: () => ({ expiresAt: '2100-01-01T00:00:00Z' }),
    },
    { action: 'protect', method: 'DELETE', path: `${P}/environments/kept-{role}` },
  ],
  'make, change and delete projects; list, make and revoke API tokens': [
    { action: 'administer', method: 'POST', path: '/projects', body: (key) => ({ key, name: key }) },
    { action: 'administer', method: 'PATCH', path: P, body: (name) => ({ name }) },
    { action: 'administer', method: 'GET', path: '/tokens' },
    { action: 'administer', method: 'POST', path: '/tokens', body: (name) => ({ name, role: 'viewer' }) },
  ],
};
