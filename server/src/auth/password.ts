import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/** Shortest password; longer ones are suggested, nothing else is demanded of them. */
export const PASSWORD_MIN = 8;

/** Longest password, a bound on the work of hashing it. */
export const PASSWORD_MAX = 256;

interface Parameters {
  /** Base-two logarithm of the cost. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB and about a fifth of a second a hash; what is stored with each hash, so that this may rise. */
const PARAMETERS: Parameters = { ln: 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Hashes a password as `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`. */
export async function hashPassword(password: string, parameters = PARAMETERS): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, parameters, HASH_BYTES);
  const { ln, r, p } = parameters;
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** Whether a password fits a stored hash, and whether that hash was made with other parameters than today's. */
export async function verifyPassword(
  password: string,
  stored: string,
): Promise<{ readonly ok: boolean; readonly outdated: boolean }> {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(stored);
  if (match === null) return { ok: false, outdated: false };
  const [, ln, r, p, salt = '', hash = ''] = match;
  const parameters = { ln: Number(ln), r: Number(r), p: Number(p) };
  const expected = Buffer.from(hash, 'base64url');
  const actual = await derive(password, Buffer.from(salt, 'base64url'), parameters, expected.length);
  const outdated = parameters.ln !== PARAMETERS.ln || parameters.r !== PARAMETERS.r || parameters.p !== PARAMETERS.p;
  return { ok: timingSafeEqual(actual, expected), outdated };
}

/**
 * A hash that no password fits. Checking against it takes as long as against a real one, so that an unknown e-mail
 * cannot be told from a wrong password by the time it takes.
 */
export const UNUSABLE_HASH = `$scrypt$ln=${PARAMETERS.ln},r=${PARAMETERS.r},p=${PARAMETERS.p}$${Buffer.alloc(SALT_BYTES).toString('base64url')}$${Buffer.alloc(HASH_BYTES).toString('base64url')}`;

function derive(password: string, salt: Buffer, parameters: Parameters, length: number): Promise<Buffer> {
  const options: ScryptOptions = {
    N: 2 ** parameters.ln,
    r: parameters.r,
    p: parameters.p,
    maxmem: 256 * 2 ** parameters.ln * parameters.r,
  };
  return queue(
    () =>
      new Promise((resolve, reject) => {
        scrypt(password.normalize('NFC'), salt, length, options, (error, key) =>
          error === null ? resolve(key) : reject(error),
        );
      }),
  );
}

/** One hash at a time: they would otherwise fill the thread pool that the database's files need too. */
let last: Promise<unknown> = Promise.resolve();
function queue<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work);
  last = result.catch(() => {});
  return result;
}
