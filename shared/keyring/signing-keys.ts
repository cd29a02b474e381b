import { generateKeyPairSync } from 'node:crypto';
import { elapsed, now } from '../platform/clock.ts';
import { digest } from '../platform/digest.ts';
import { query } from '../table/client.ts';
import { exchange } from '../table/commit.ts';
import { keys } from '../table/keys.ts';
import { change, put, type Write } from '../table/writes.ts';
import { seal, unseal } from './sealing.ts';

/** The public half of a P-256 pair. */
interface PublicJwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
}

type PrivateJwk = PublicJwk & { d: string };

/** A key that signs access tokens, as the table keeps it. */
interface SigningKey {
  /** Its place in their row, from 1. */
  seq: number;
  kid: string;
  publicJwk: PublicJwk;
  /** The private half, sealed. */
  sealedJwk: string;
  /** Epoch milliseconds: it signs from here on, and until the next one does. */
  signsFrom: number;
  /** Epoch milliseconds: what it signed counts no longer. Only a key that may have leaked ends before the table forgets it. */
  endsAt?: number;
  /** Epoch seconds: by then what it signed has run out, and the table forgets it, which may take days. */
  expiresAtEpoch?: number;
}

/** A key by which a token is judged. */
export type PublicKey = Pick<SigningKey, 'kid' | 'publicJwk'>;

/** A next key is known for this long before it signs, so that whoever judges tokens has read of it. */
const LEAD_MS = 10 * 60_000;
/** No token lives longer than an hour. A key is forgotten this long after the next one signs, and counts until then. */
const TAIL_MS = 2 * 24 * 3_600_000;
/** A schedule that strikes twice makes one key: where the newest is younger than this, it stays. */
const YOUNG_MS = 24 * 3_600_000;
/** What was read of the keys counts for so long. */
const FRESH_MS = 60_000;
/** A key id that is not known is looked for this soon again, and no sooner, whoever asks. */
const RETRY_MS = 1_000;
/** More than the table ever keeps: one that signs, one that has, one that will, and those that had to be replaced at once. */
const NEWEST = 16;

const placeOf = (seq: number) => `signing-key:${seq}`;

function readKeys(reading: 'eventual' | 'consistent'): Promise<SigningKey[]> {
  return query<SigningKey>({ pk: keys.signingKey(0).pk, newestFirst: true, limit: NEWEST }, reading);
}

async function make(seq: number, signsFrom: number): Promise<Write> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const publicJwk: PublicJwk = { kty: 'EC', crv: 'P-256', x, y };
  const { d = '' } = privateKey.export({ format: 'jwk' });
  const privateJwk: PrivateJwk = { ...publicJwk, d };
  const sealedJwk = await seal(JSON.stringify(privateJwk), placeOf(seq));
  const made: SigningKey = { seq, kid: digest(publicJwk).slice(0, 16), publicJwk, sealedJwk, signsFrom };
  return put({ ...keys.signingKey(seq), type: 'signing-key', v: 1, ...made }, 'table.conflict');
}

/** What becomes of the keys before the next one: that nothing has moved is said by the put of that one, in the same list. */
function follow({ seq }: SigningKey, signsFrom: number, leaked: boolean): Write {
  const expiresAtEpoch = Math.ceil((signsFrom + TAIL_MS) / 1_000);
  const set = { expiresAtEpoch, ...(leaked && { endsAt: signsFrom }) };
  return change(keys.signingKey(seq), { set, when: [['seq', '=', seq]] }, 'table.conflict');
}

/**
 * Makes the next key. It signs in ten minutes and the one before it is good for as long as tokens live, so nobody has
 * to log in again; where the one before may have leaked, it signs at once and all that went before ends now.
 */
export async function rotate({ leaked }: { leaked: boolean }): Promise<{ seq: number; signsFrom: number }> {
  const { answer } = await exchange(async ({ at, reading }) => {
    const all = await readKeys(reading);
    const [newest] = all;
    if (newest && !leaked && newest.signsFrom > at - YOUNG_MS) {
      return { writes: [], answer: { seq: newest.seq, signsFrom: newest.signsFrom } };
    }
    const seq = (newest?.seq ?? 0) + 1;
    const signsFrom = newest && !leaked ? at + LEAD_MS : at;
    const before = leaked ? all.filter(({ endsAt }) => endsAt === undefined) : all.slice(0, 1);
    const writes = [await make(seq, signsFrom), ...before.map((one) => follow(one, signsFrom, leaked))];
    return { writes, answer: { seq, signsFrom } };
  });
  forget();
  return answer;
}

let known: { keys: readonly SigningKey[]; readAt: number } | undefined;
let lookedAt = Number.NEGATIVE_INFINITY;
const opened = new Map<string, Promise<PrivateJwk>>();

function forget(): void {
  known = undefined;
}

async function allKeys(): Promise<readonly SigningKey[]> {
  if (!known || elapsed() - known.readAt >= FRESH_MS) known = { keys: await readKeys('eventual'), readAt: elapsed() };
  return known.keys;
}

const isGood = ({ endsAt }: SigningKey) => endsAt === undefined || endsAt > now();
/** The table may be days late in forgetting a key; nothing that it signed has not run out. */
const isOver = ({ expiresAtEpoch }: SigningKey) => expiresAtEpoch !== undefined && expiresAtEpoch * 1_000 <= now();

/** The public halves of all keys whose tokens count, as they are published: newest first. */
export async function publicKeys(): Promise<PublicKey[]> {
  const counting = (await allKeys()).filter((one) => isGood(one) && !isOver(one));
  return counting.map(({ kid, publicJwk }) => ({ kid, publicJwk }));
}

/** The key of this id, if what it signed counts. An id that nobody has heard of yet is looked for anew now and then. */
export async function publicKey(kid: string): Promise<PublicKey | undefined> {
  const find = (among: readonly SigningKey[]) => among.find((one) => one.kid === kid && isGood(one));
  const found = find(await allKeys());
  if (found || elapsed() - lookedAt < RETRY_MS) return found;
  lookedAt = elapsed();
  forget();
  return find(await allKeys());
}

async function keyThatSigns(): Promise<SigningKey | undefined> {
  const good = (await allKeys()).filter(isGood);
  return good.find(({ signsFrom }) => signsFrom <= now()) ?? good.at(-1);
}

/** Opened once per container. */
function privateHalf({ seq, kid, sealedJwk }: SigningKey): Promise<PrivateJwk> {
  const before = opened.get(kid);
  if (before) return before;
  const opening = unseal(sealedJwk, placeOf(seq)).then((text) => JSON.parse(text) as PrivateJwk);
  opened.set(kid, opening);
  opening.catch(() => opened.delete(kid));
  return opening;
}

/** The key that signs now; the first token of a deployment makes the first one. */
export async function signingKey(): Promise<{ kid: string; privateJwk: PrivateJwk }> {
  const found = await keyThatSigns();
  if (found) return { kid: found.kid, privateJwk: await privateHalf(found) };
  await makeFirst();
  const made = await keyThatSigns();
  if (!made) throw new Error('There is no key to sign with.');
  return { kid: made.kid, privateJwk: await privateHalf(made) };
}

/** However many are first at once, one key is made. */
async function makeFirst(): Promise<void> {
  await exchange(async ({ at, reading }) => {
    const found = await readKeys(reading);
    return { writes: found.some(isGood) ? [] : [await make((found[0]?.seq ?? 0) + 1, at)], answer: null };
  });
  known = { keys: await readKeys('consistent'), readAt: elapsed() };
}
