import type * as api from '@dimmer/core/api';
import type { Context, Json, Ruleset } from '@dimmer/core/model';
import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type * as access from './access.ts';
import type * as change from './change.ts';
import type * as common from './common.ts';
import type * as evaluate from './evaluate.ts';
import type * as flag from './flag.ts';
import type * as model from './model.ts';
import type * as project from './project.ts';
import type * as receipts from './receipts.ts';
import type * as segment from './segment.ts';
import type * as settings from './settings.ts';

/** What the schemas take over from the model as it is; comparing it member by member would never end. */
type Kept<T> = Exactly<T, Json> extends true ? true : Exactly<T, Context>;
type Exactly<T, U> = [T] extends [U] ? ([U] extends [T] ? true : false) : false;

/** The schemas make mutable values; the API's types are read-only views of them. */
type Deep<T> = Kept<T> extends true ? T : Members<T>;
type Members<T> = T extends object ? { readonly [K in keyof T]: Deep<T[K]> } : T;

/** Neither side has, lacks or loosens anything that the other does not. */
type Same<S extends z.ZodType, T> = [Deep<z.output<S>>] extends [T]
  ? [T] extends [Deep<z.output<S>>]
    ? true
    : false
  : false;

test('requests that the schemas let through are those that the API’s types describe', () => {
  expectTypeOf<Same<typeof project.createProject, api.CreateProject>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof project.updateProject, api.UpdateProject>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof project.createEnvironment, api.CreateEnvironment>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof project.updateEnvironment, api.UpdateEnvironment>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof flag.createFlag, api.CreateFlag>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof flag.updateFlag, api.UpdateFlag>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof settings.updateSettings, api.UpdateSettings>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof settings.setRollout, api.SetRollout>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof segment.createSegment, api.CreateSegment>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof segment.updateSegment, api.UpdateSegment>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof segment.updateSegmentSettings, api.UpdateSegmentSettings>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof change.changeSetRequest, api.ChangeSetRequest>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof change.revertRequest, api.RevertRequest>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof evaluate.evaluateRequest, api.EvaluateRequest>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof access.createKey, api.CreateKey>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof access.createToken, api.CreateToken>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof access.signIn, api.SignIn>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof access.setUp, api.SetUp>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof common.writeBody, api.WriteOptions>>().toEqualTypeOf<true>();
});

test('the comparison notices a member that only one side has', () => {
  expectTypeOf<Same<typeof project.updateProject, api.CreateProject>>().toEqualTypeOf<false>();
  expectTypeOf<Same<typeof settings.updateSettings, api.SetRollout>>().toEqualTypeOf<false>();
});

test('answers are documented as the API’s types describe them', () => {
  expectTypeOf<Same<typeof project.project, api.Project>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof project.environment, api.Environment>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof flag.flagView, api.FlagView>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof flag.matrixRow, api.MatrixRow>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof flag.usageView, api.UsageView>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof settings.settingsView, api.SettingsView>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof segment.segmentView, api.SegmentView>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof segment.segmentSettings, api.SegmentSettings>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof change.changeView, api.ChangeView>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof receipts.receipts, api.Receipts>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof receipts.instanceView, api.InstanceView>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof access.keyView, api.KeyView>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof access.tokenView, api.TokenView>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof access.secretAnswer, api.SecretAnswer>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof access.sessionView, api.SessionView>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof evaluate.evaluateAnswer, api.EvaluateAnswer>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof common.writeAnswer, api.WriteAnswer>>().toEqualTypeOf<true>();
  expectTypeOf<Same<typeof model.ruleset, Ruleset>>().toEqualTypeOf<true>();
});
