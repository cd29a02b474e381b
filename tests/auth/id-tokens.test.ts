import { KeyObject, sign } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { identitiesContract } from '../../shared/auth/identities-contract.ts';
import { call } from '../support/call.ts';
import { issuedBy, type OddIssuer, oddIssuer } from '../support/issuer.ts';
import { clock, OIDC, openMall } from '../support/mall.ts';
import { allItems } from '../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
afterEach(() => clock(START));

const AT = Date.parse(START) / 1_000;
const NONCE = 'a-nonce-of-a-test';
const login = { code: 'any', codeVerifier: 'v'.repeat(43), nonce: NONCE };
const logIn = async () => {
  const { status, body } = await call(identitiesContract, 'oidc', { body: login });
  return `${status} ${(body.code as string | undefined) ?? ''}`.trim();
};

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
const made = (alg: string) => generateKeyPair(alg, { extractable: true });
let [ours, theirs, elliptic, probabilistic]: Pair[] = [];
let keys: object[] = [];

beforeAll(async () => {
  [ours, theirs, elliptic, probabilistic] = await Promise.all([
    made('RS256'),
    made('RS256'),
    made('ES256'),
    made('PS256'),
  ]);
  keys = await Promise.all([published(ours, 'k1'), published(elliptic, 'k2'), published(probabilistic, 'k3')]);
});

const right: JWTPayload = { iss: OIDC.issuer, sub: 'anna', aud: OIDC.clientId, iat: AT, exp: AT + 300, nonce: NONCE };
const RS256 = { alg: 'RS256', kid: 'k1' };

function signed(claims: JWTPayload, header: { alg: string; kid?: string; [more: string]: unknown } = RS256, by = ours) {
  return new SignJWT({ ...right, ...claims }).setProtectedHeader(header).sign(key(by).privateKey);
}

describe('an id token counts', () => {
  it.each([
    ['RS256', () => signed({})],
    ['ES256', () => signed({}, { alg: 'ES256', kid: 'k2' }, elliptic)],
    ['PS256', () => signed({}, { alg: 'PS256', kid: 'k3' }, probabilistic)],
    ['with clocks a minute apart, one way', () => signed({ iat: AT + 60, nbf: AT + 60 })],
    ['and the other', () => signed({ exp: AT - 59 })],
    ['for us and others, asked for by us', () => signed({ aud: ['other', OIDC.clientId], azp: OIDC.clientId })],
  ])('%s', async (_, idToken) => {
    expect(await when({ idToken: await idToken() })).toBe('201');
  });
});

describe('an id token does not count, and nothing is written,', () => {
  it.each<[string, () => Promise<string>]>([
    ['without a signature (alg none)', async () => new UnsecuredJWT(right).encode()],
    ['signed with the public key as a secret (HS256)', byPublicKey],
    ['signed with another key under the same kid', () => signed({}, RS256, theirs)],
    ['signed with a key that it brings along', broughtAlong],
    ['signed by a kid that is not published', () => signed({}, { alg: 'RS256', kid: 'k9' })],
    ['signed by an algorithm that is not on our list', async () => byHand({ alg: 'RS512', kid: 'k1' }, 'sha512')],
    ['signed by a key of another algorithm', () => signed({}, { alg: 'RS256', kid: 'k2' })],
    [
      'with what must be understood and is not (crit)',
      async () => byHand({ ...RS256, crit: ['new'], new: true }, 'sha256'),
    ],
    ['changed after it was signed', async () => tampered(await signed({}))],
    ['with its signature taken off', async () => (await signed({})).replace(/[^.]+$/, '')],
    ['that is none', async () => 'anna'],
    ['of another issuer', () => signed({ iss: 'https://evil.test' })],
    ['of an issuer that is spelt otherwise', () => signed({ iss: `${OIDC.issuer}/` })],
    ['for somebody else', () => signed({ aud: 'other' })],
    ['for nobody', () => signed({ aud: [] })],
    ['for us and others, and it is not said who asked', () => signed({ aud: [OIDC.clientId, 'other'] })],
    ['that another party asked for', () => signed({ azp: 'other' })],
    ['that has run out', () => signed({ exp: AT - 60 })],
    ['that never runs out', () => signed({ exp: undefined })],
    ['from the future', () => signed({ iat: AT + 61 })],
    ['that does not count yet', () => signed({ nbf: AT + 61 })],
    ['of an hour ago', () => signed({ iat: AT - 3_600 })],
    ['of nobody knows when', () => signed({ iat: undefined })],
    ['without a nonce', () => signed({ nonce: undefined })],
    ['without a subject', () => signed({ sub: undefined })],
    ['with an empty subject', () => signed({ sub: '' })],
    ['with a subject without end', () => signed({ sub: 'a'.repeat(256) })],
    ['with a subject that is no text', () => signed({ sub: 7 } as unknown as JWTPayload)],
  ])('%s', async (_, idToken) => {
    const before = await allItems();
    expect(await when({ idToken: await idToken() })).toBe('503 auth.provider_busy');
    expect(await allItems()).toEqual(before);
  });

  it('of another login (nonce): 401 auth.provider_code_invalid', async () => {
    expect(await when({ idToken: await signed({ nonce: 'of another login' }) })).toBe('401 auth.provider_code_invalid');
  });

  it('while the keys are weak, or not what they say to be', async () => {
    const idToken = await signed({});
    for (const key of [
      { kty: 'RSA', kid: 'k1', n: 'AQAB', e: 'AQAB' },
      { kty: 'RSA', kid: 'k1' },
      { kty: 'oct', k: 'a2V5', kid: 'k1' },
    ]) {
      expect(await when({ idToken, keys: [key] })).toBe('503 auth.provider_busy');
    }
  });
});

it('an issuer that changes its key is followed, and an unknown kid makes us look once a minute at most', async () => {
  const odd: OddIssuer = { idToken: await signed({}), keys: [...keys], keysAsked: 0 };
  await issuedBy(oddIssuer(odd), async () => {
    expect([await logIn(), await logIn(), odd.keysAsked]).toEqual(['201', '201', 1]);
    odd.keys = [await published(theirs, 'k7')];
    odd.idToken = await signed({}, { alg: 'RS256', kid: 'k7' }, theirs);
    expect([await logIn(), odd.keysAsked]).toEqual(['503 auth.provider_busy', 1]);
    clock('2026-11-23T04:01:01.000Z');
    expect([await logIn(), odd.keysAsked]).toEqual(['201', 2]);
    odd.idToken = await signed({}, { alg: 'RS256', kid: 'k8' }, theirs);
    for (let tries = 0; tries < 5; tries += 1) expect(await logIn()).toBe('503 auth.provider_busy');
    expect(odd.keysAsked).toBe(2);
  });
});

/** What a login comes to at an issuer that answers with this. */
async function when(odd: Partial<OddIssuer>): Promise<string> {
  let answer = '';
  await issuedBy(oddIssuer({ idToken: '', keys, keysAsked: 0, ...odd }), async () => {
    answer = await logIn();
  });
  return answer;
}

function key(pair: Pair | undefined): Pair {
  if (!pair) throw new Error('The keys of this test are made before it.');
  return pair;
}

async function published(pair: Pair | undefined, kid: string) {
  return { ...(await exportJWK(key(pair).publicKey)), kid };
}

async function byPublicKey() {
  const secret = new TextEncoder().encode(await exportSPKI(key(ours).publicKey));
  return new SignJWT(right).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret);
}

function byHand(header: object, digest: 'sha256' | 'sha512') {
  const text = [header, right].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${sign(digest, Buffer.from(text), KeyObject.from(key(ours).privateKey)).toString('base64url')}`;
}

async function broughtAlong() {
  return signed({}, { ...RS256, jwk: await exportJWK(key(theirs).publicKey) }, theirs);
}

function tampered(token: string) {
  const [head, , signature] = token.split('.');
  return [head, Buffer.from(JSON.stringify({ ...right, sub: 'carl' })).toString('base64url'), signature].join('.');
}
