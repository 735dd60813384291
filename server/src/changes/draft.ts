import type { Effect, Warning } from '@dimmer/core/api';
import { can, neededRole } from '../policy/permissions.ts';
import type { Action } from '../policy/permissions.ts';
import type { Principal } from '../policy/principal.ts';
import { forbidden, notFound } from '../refusal.ts';
import type { EnvironmentHead, EnvironmentRow } from '../storage/environment-store.ts';
import type { ObjectKind } from '../storage/object-store.ts';
import type { ProjectRow } from '../storage/project-store.ts';
import type { Tx } from '../storage/storage.ts';
import type { KeyRevoked } from './change-feed.ts';
import type { RandomBytes } from './secrets.ts';

/** What a draft is opened with. */
export interface DraftOptions {
  readonly tx: Tx;
  readonly principal: Principal;
  readonly now: number;
  readonly random: RandomBytes;
  /** Archive though still evaluated; revert though changed since. */
  readonly force: boolean;
}

/** A wire object that may come out differently, and where in the request's body what is wrong with it stands. */
export interface TouchedObject {
  readonly kind: ObjectKind;
  readonly key: string;
  /** In front of paths into the object. */
  readonly path: string;
  /** The same for `enabled`, `off`, `rules` and `default` of a flag. */
  readonly settingsPath: string;
}

/** A change set being made, inside its transaction: what intents read, and what they leave for the door to finish. */
export class Draft {
  readonly tx: Tx;
  readonly principal: Principal;
  readonly now: number;
  readonly random: RandomBytes;
  readonly force: boolean;
  readonly effects: Effect[] = [];
  readonly warnings: Warning[] = [];
  readonly revoked: KeyRevoked[] = [];
  readonly removedEnvironments: { readonly environment: EnvironmentRow; readonly projectKey: string }[] = [];
  readonly addedEnvironments = new Set<string>();
  created: { readonly id: string; readonly secret?: string } | undefined;
  reverts: string | undefined;
  #project: ProjectRow | undefined;
  #environments: EnvironmentRow[] = [];
  readonly #touched = new Map<string, Map<string, TouchedObject>>();

  constructor({ tx, principal, now, random, force }: DraftOptions) {
    this.tx = tx;
    this.principal = principal;
    this.now = now;
    this.random = random;
    this.force = force;
  }

  /** Null while the change is one of the installation. */
  get projectOrNull(): ProjectRow | null {
    return this.#project ?? null;
  }

  get project(): ProjectRow {
    if (!this.#project) throw notFound('project named in this request');
    return this.#project;
  }

  /** In their order, all locked. */
  get environments(): readonly EnvironmentRow[] {
    return this.#environments;
  }

  get environmentIds(): string[] {
    return this.#environments.map((environment) => environment.id);
  }

  /** Makes this a change of that project. */
  enter(project: ProjectRow, environments: readonly EnvironmentRow[]): void {
    this.#project = project;
    this.#environments = [...environments];
  }

  environment(key: string): EnvironmentRow {
    const found = this.#environments.find((environment) => environment.key === key);
    if (!found) throw notFound(`environment "${key}" in project "${this.project.key}"`);
    return found;
  }

  /** A new environment, or the new words of one. */
  setEnvironment(row: EnvironmentRow): void {
    this.#environments = [...this.#environments.filter((other) => other.id !== row.id), row].sort(
      (a, b) => a.position - b.position || (a.key < b.key ? -1 : 1),
    );
  }

  /** Its head after this change, as the answer shows it. */
  advance(id: string, { version, digest, bytes, committedAt }: EnvironmentHead): void {
    const row = this.#environments.find((environment) => environment.id === id);
    if (row) this.setEnvironment({ ...row, version, digest, bytes, committedAt });
  }

  removeEnvironment(environment: EnvironmentRow, projectKey: string): void {
    this.#environments = this.#environments.filter((other) => other.id !== environment.id);
    this.#touched.delete(environment.id);
    this.removedEnvironments.push({ environment, projectKey });
  }

  /** Throws 403 unless the principal may do this, in this environment. */
  require(action: Action, environment?: EnvironmentRow): void {
    const { role } = this.principal;
    if (can(role, action, environment)) return;
    const where = environment ? ` in the environment "${environment.key}"` : '';
    throw forbidden(`This needs the role ${neededRole(action, environment)}${where}; yours is ${role}.`);
  }

  /** What a flag or segment is reaches every environment, and needs the right to change all of them. */
  requireEverywhere(): void {
    this.require('describe');
    for (const environment of this.#environments) this.require('change', environment);
  }

  touch(environment: EnvironmentRow, object: TouchedObject): void {
    const objects = this.#touched.get(environment.id) ?? new Map<string, TouchedObject>();
    objects.set(`${object.kind}:${object.key}`, object);
    this.#touched.set(environment.id, objects);
  }

  /** Touches an object in every environment; its settings stand at `settingsPath`, else where the object does. */
  touchEverywhere(
    object: Omit<TouchedObject, 'settingsPath'>,
    settingsPath: (environment: string) => string = () => object.path,
  ): void {
    for (const environment of this.#environments) {
      this.touch(environment, { ...object, settingsPath: settingsPath(environment.key) });
    }
  }

  touchedIn(environment: EnvironmentRow): TouchedObject[] {
    return [...(this.#touched.get(environment.id)?.values() ?? [])];
  }
}
