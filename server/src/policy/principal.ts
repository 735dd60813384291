import type { Actor, Role } from '@dimmer/core/api';

/** Who asks, how they proved it, and with what rights. */
export interface Principal {
  readonly actor: Actor;
  /** `session`: a person in a browser, who is asked to confirm; `token`: a script; `system`: the server itself. */
  readonly via: 'session' | 'token' | 'system';
  readonly role: Role;
}

/** The server itself, as `setup`, `demo` and the like. */
export function systemPrincipal(name: string): Principal {
  return { actor: { kind: 'system', id: name, name }, via: 'system', role: 'owner' };
}

/** One text for an actor, under which idempotency keys are remembered. */
export function actorKey(actor: Actor): string {
  return `${actor.kind}:${actor.id}`;
}
