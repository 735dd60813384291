import type {
  ChangePassword,
  CreateKey,
  CreateToken,
  KeyView,
  ResetPassword,
  SecretAnswer,
  SessionView,
  SetUp,
  SignIn,
  TokenView,
} from '@dimmer/core/api';
import { z } from 'zod';
import { isOrigin } from '../../auth/origin.ts';
import { PASSWORD_MAX, PASSWORD_MIN } from '../../auth/password.ts';
import { instant, writeOptions } from './common.ts';

const role = z.enum(['viewer', 'developer', 'releaser', 'owner']);
const label = z.string().min(1).max(200);
const kind = z.enum(['server', 'client']);

/** An SDK key as listed. */
export const keyView = z
  .object({
    id: z.string(),
    kind,
    name: z.string(),
    hint: z.string(),
    origins: z.array(z.string()).exactOptional(),
    createdAt: z.string(),
    lastUsedAt: z.string().nullable(),
    expiresAt: z.string().nullable(),
  })
  .meta({ id: 'Key' }) satisfies z.ZodType<KeyView>;

/** Body of `POST …/keys`. */
export const createKey = z
  .strictObject({
    kind,
    name: label,
    origins: z
      .array(z.string().max(300).refine(isOrigin, 'expected an origin like https://shop.example.com'))
      .max(100)
      .exactOptional()
      .describe('Origins that browsers may use a client key from; any when absent.'),
    ...writeOptions,
  })
  .meta({ id: 'CreateKey' }) satisfies z.ZodType<CreateKey>;

/** Answer to the creation of a key or token. */
export const secretAnswer = z
  .object({
    id: z.string(),
    changeId: z.string().nullable(),
    key: z.string().exactOptional().describe('The secret, this once.'),
    secretShown: z.literal(true).exactOptional().describe('A replay: the secret was in the first answer.'),
  })
  .meta({ id: 'Secret' }) satisfies z.ZodType<SecretAnswer>;

/** An API token as listed. */
export const tokenView = z
  .object({
    id: z.string(),
    name: z.string(),
    role,
    hint: z.string(),
    createdBy: z.string().nullable().describe('E-mail of a person, or name of a token.'),
    createdAt: z.string(),
    lastUsedAt: z.string().nullable(),
    expiresAt: z.string().nullable(),
  })
  .meta({ id: 'Token' }) satisfies z.ZodType<TokenView>;

/** Body of `POST /tokens`. */
export const createToken = z
  .strictObject({ name: label, role, expiresAt: instant.exactOptional(), ...writeOptions })
  .meta({ id: 'CreateToken' }) satisfies z.ZodType<CreateToken>;

const email = z
  .string()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, 'expected an e-mail address');

/** Body of `POST /session`. */
export const signIn = z
  .strictObject({ email: z.string().max(254), password: z.string().max(PASSWORD_MAX) })
  .meta({ id: 'SignIn' }) satisfies z.ZodType<SignIn>;

/** Body of `POST /setup`. */
export const setUp = z
  .strictObject({
    token: z.string().max(200).describe('From the set-up link.'),
    email,
    password: z.string().min(PASSWORD_MIN).max(PASSWORD_MAX),
  })
  .meta({ id: 'SetUp' }) satisfies z.ZodType<SetUp>;

const newPassword = z.string().min(PASSWORD_MIN).max(PASSWORD_MAX);

/** Body of `PUT /session/password`. */
export const changePassword = z
  .strictObject({ current: z.string().max(PASSWORD_MAX).describe('The password so far.'), password: newPassword })
  .meta({ id: 'ChangePassword' }) satisfies z.ZodType<ChangePassword>;

/** Body of `POST /password-reset`. */
export const resetPassword = z
  .strictObject({ token: z.string().max(200).describe('From the reset link.'), password: newPassword })
  .meta({ id: 'ResetPassword' }) satisfies z.ZodType<ResetPassword>;

/** Who is signed in. */
export const sessionView = z
  .object({ user: z.object({ id: z.string(), email: z.string(), role }), expiresAt: z.string() })
  .meta({ id: 'Session' }) satisfies z.ZodType<SessionView>;
