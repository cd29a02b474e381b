import { createHash, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Refusal } from '../errors.ts';

/** 32 MB a try; more takes seconds on the share of a processor that a small function has. The lock-out does the rest. */
const COST = { N: 2 ** 15, r: 8, p: 1 } as const;
const BYTES = 32;
const SCHEME = `scrypt-${Math.log2(COST.N)}-${COST.r}-${COST.p}`;
/** What a try for a name that nobody has is held against, so that it takes as long. */
const NOBODYS = `${SCHEME}.${'A'.repeat(22)}.${'A'.repeat(43)}`;

function derive(password: string, salt: Buffer): Promise<Buffer> {
  const options: ScryptOptions = { ...COST, maxmem: 256 * COST.N * COST.r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** A password as it is kept: scheme, salt and key. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${SCHEME}.${salt.toString('base64url')}.${(await derive(password, salt)).toString('base64url')}`;
}

/** Whether this is the password; without one it never is, and takes as long to find out. */
export async function isPassword(given: string, kept: string | undefined): Promise<boolean> {
  const [scheme, salt = '', key = ''] = (kept ?? NOBODYS).split('.');
  if (scheme !== SCHEME) throw new Error(`A password is kept as ${scheme}, which this code does not know.`);
  const derived = await derive(given, Buffer.from(salt, 'base64url'));
  return timingSafeEqual(derived, Buffer.from(key, 'base64url')) && kept !== undefined;
}

const DIGEST_BYTES = 4;
let digests: Buffer | undefined;

/** Whether it is one of the commonest: the sorted digests lie in a file of this folder, and beside the bundle. */
function isCommon(password: string): boolean {
  digests ??= readFileSync(new URL('common-passwords.bin', import.meta.url));
  const wanted = createHash('sha256').update(password).digest().subarray(0, DIGEST_BYTES);
  let [low, high] = [0, digests.length / DIGEST_BYTES];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const order = wanted.compare(digests, middle * DIGEST_BYTES, (middle + 1) * DIGEST_BYTES);
    if (order === 0) return true;
    [low, high] = order < 0 ? [low, middle] : [middle + 1, high];
  }
  return false;
}

/**
 * Refuses what others try first: a common password, one with no more than digits and marks around it or twice in a row,
 * and one that holds the user name.
 */
export function checkPassword(password: string, userName: string): void {
  const plain = password.normalize('NFKC').toLowerCase();
  const core = plain.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const half = plain.slice(0, Math.ceil(plain.length / 2));
  const guesses = [plain, core, ...(half + half === plain ? [half] : [])];
  const isSingle = new Set(plain).size < 4;
  if (isSingle || plain.includes(userName) || guesses.some((guess) => isCommon(guess))) {
    throw new Refusal('staff.password_common');
  }
}
