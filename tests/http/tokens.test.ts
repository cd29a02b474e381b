import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign as signBytes,
} from 'node:crypto';
import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { handler as clients } from '../../functions/authorizer/clients.ts';
import { handler as staff } from '../../functions/authorizer/staff.ts';
import { issueToken } from '../../shared/http/tokens.ts';
import { signingKey } from '../../shared/keyring/signing-keys.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { call, contextWith } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';

const NOW = '2026-11-23T04:00:00.000Z';
const SECONDS = Date.parse(NOW) / 1_000;
openMall({ at: NOW });

type Parts = Record<string, unknown>;

const b64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;

const authorize = (authorizer: typeof clients, authorization: string) =>
  authorizer({ identitySource: [authorization] } as unknown as APIGatewayRequestAuthorizerEventV2, contextWith());

const ours = async () => {
  const { privateJwk, kid } = await signingKey();
  const { d: _, ...publicJwk } = privateJwk;
  const key = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' });
  return { key, publicJwk, kid };
};

function signed(key: KeyObject, header: Parts, payload: unknown): string {
  const text = `${b64(header)}.${b64(payload)}`;
  const dsaEncoding = 'ieee-p1363' as const;
  return `${text}.${signBytes('sha256', Buffer.from(text), { key, dsaEncoding }).toString('base64url')}`;
}

const header = (kid: string, more: Parts = {}): Parts => ({ alg: 'ES256', typ: 'at+jwt', kid, ...more });
const payload = (more: Parts = {}): Parts => ({
  iss: 'points-mall-test',
  aud: 'member',
  sub: 'mem_1',
  sid: 'ses_1',
  scope: '',
  iat: SECONDS,
  exp: SECONDS + 900,
  ...more,
});

interface Kit {
  key: KeyObject;
  publicJwk: object;
  kid: string;
  good: string;
}

const mac = (secret: string | Buffer, kid: string) => {
  const text = `${b64(header(kid, { alg: 'HS256' }))}.${b64(payload())}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};

const signature = (token: string) => token.split('.')[2] ?? '';
const without = (name: string) => Object.fromEntries(Object.entries(payload()).filter(([field]) => field !== name));

const FORGED: Record<string, (kit: Kit) => string> = {
  'alg none, no signature': ({ kid }) => `${b64(header(kid, { alg: 'none' }))}.${b64(payload())}.`,
  'alg None with a signature': ({ kid, good }) =>
    `${b64(header(kid, { alg: 'None' }))}.${b64(payload())}.${signature(good)}`,
  'HS256 with the public key as JWK': ({ publicJwk, kid }) => mac(JSON.stringify(publicJwk), kid),
  'HS256 with x of the public key': ({ publicJwk, kid }) =>
    mac(Buffer.from((publicJwk as { x: string }).x, 'base64url'), kid),
  'HS256 with an empty secret': ({ kid }) => mac('', kid),
  RS256: ({ kid }) => {
    const text = `${b64(header(kid, { alg: 'RS256' }))}.${b64(payload())}`;
    return `${text}.${signBytes('sha256', Buffer.from(text), rsa).toString('base64url')}`;
  },
  'another key under our kid': ({ kid }) => signed(stranger, header(kid), payload()),
  'another key, brought along as jwk': ({ kid }) =>
    signed(stranger, header(kid, { jwk: stranger.export({ format: 'jwk' }) }), payload()),
  'another key, named by jku': ({ kid }) =>
    signed(stranger, header(kid, { jku: 'https://evil.example/jwks' }), payload()),
  'another key, by x5u': ({ kid }) => signed(stranger, header(kid, { x5u: 'https://evil.example/cert' }), payload()),
  'another key, by x5c': ({ kid }) => signed(stranger, header(kid, { x5c: ['MIIB'] }), payload()),
  'another key under a kid of its own, brought along as jwk': () =>
    signed(stranger, header('mine', { jwk: { ...stranger.export({ format: 'jwk' }), kid: 'mine' } }), payload()),
  'alg ES384': ({ key, kid }) => signed(key, header(kid, { alg: 'ES384' }), payload()),
  'alg PS256': ({ kid }) => signed(stranger, header(kid, { alg: 'PS256' }), payload()),
  'no alg': ({ key, kid }) => signed(key, { typ: 'at+jwt', kid }, payload()),
  'HS256 with the public key as PEM': ({ publicJwk, kid }) =>
    mac(createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' }), kid),
  'HS256 with the kid': ({ kid }) => mac(kid, kid),
  'a kid that is SQL': ({ key }) => signed(key, header("' UNION SELECT 'x' -- "), payload()),
  'a kid that is a command': ({ key }) => signed(key, header('x | /usr/bin/id'), payload()),
  'a kid of a prototype': ({ key }) => signed(key, header('__proto__'), payload()),
  'a kid with a blank behind': ({ key, kid }) => signed(key, header(`${kid} `), payload()),
  'a kid cut short': ({ key, kid }) => signed(key, header(kid.slice(0, -1)), payload()),
  'an object for a kid': ({ key, kid }) => signed(key, header(kid, { kid: { kid } }), payload()),
  'a payload that is not encoded (b64 false)': ({ key, kid }) =>
    signed(key, header(kid, { b64: false, crit: ['b64'] }), payload()),
  'no kid': ({ key }) => signed(key, { alg: 'ES256', typ: 'at+jwt' }, payload()),
  'an empty kid': ({ key }) => signed(key, header(''), payload()),
  'a kid that is a path': ({ key }) => signed(key, header('../../dev/null'), payload()),
  'a kid that is a list': ({ key, kid }) => signed(key, header(kid, { kid: [kid] }), payload()),
  'typ JWT': ({ key, kid }) => signed(key, header(kid, { typ: 'JWT' }), payload()),
  'no typ': ({ key, kid }) => signed(key, { alg: 'ES256', kid }, payload()),
  'crit that we do not know': ({ key, kid }) => signed(key, header(kid, { crit: ['x'], x: 1 }), payload()),
  'alg es256 in small letters': ({ key, kid }) => signed(key, header(kid, { alg: 'es256' }), payload()),
  'another issuer': ({ key, kid }) => signed(key, header(kid), payload({ iss: 'another' })),
  'no issuer': ({ key, kid }) => signed(key, header(kid), without('iss')),
  'another audience': ({ key, kid }) => signed(key, header(kid), payload({ aud: 'refresh' })),
  'no audience': ({ key, kid }) => signed(key, header(kid), without('aud')),
  'expired this second': ({ key, kid }) => signed(key, header(kid), payload({ exp: SECONDS })),
  'no exp': ({ key, kid }) => signed(key, header(kid), without('exp')),
  'exp as text': ({ key, kid }) => signed(key, header(kid), payload({ exp: '9999999999' })),
  'a list of audiences with ours in it': ({ key, kid }) => signed(key, header(kid), payload({ aud: ['x', 'y'] })),
  'no iat': ({ key, kid }) => signed(key, header(kid), without('iat')),
  'made tomorrow, by iat as text': ({ key, kid }) => signed(key, header(kid), payload({ iat: 'tomorrow' })),
  'a sub that is a number': ({ key, kid }) => signed(key, header(kid), payload({ sub: 1 })),
  'a scope that is a list': ({ key, kid }) => signed(key, header(kid), payload({ scope: ['catalog.write'] })),
  'expired a year ago': ({ key, kid }) => signed(key, header(kid), payload({ exp: SECONDS - 31_536_000 })),
  'not valid before tomorrow': ({ key, kid }) => signed(key, header(kid), payload({ nbf: SECONDS + 86_400 })),
  'no sub': ({ key, kid }) => signed(key, header(kid), without('sub')),
  'no scope': ({ key, kid }) => signed(key, header(kid), without('scope')),
  'another payload under a good signature': ({ good }) => {
    const [head = '', , mark = ''] = good.split('.');
    return `${head}.${b64(payload({ sub: 'mem_2' }))}.${mark}`;
  },
  'a signature of zeros': ({ kid }) =>
    `${b64(header(kid))}.${b64(payload())}.${Buffer.alloc(64).toString('base64url')}`,
  'a signature cut short': ({ good }) => good.slice(0, -4),
  'a signature in DER': ({ key, kid }) => {
    const text = `${b64(header(kid))}.${b64(payload())}`;
    return `${text}.${signBytes('sha256', Buffer.from(text), key).toString('base64url')}`;
  },
  'no signature': ({ good }) => good.split('.').slice(0, 2).join('.'),
  'a fourth part': ({ good }) => `${good}.${signature(good)}`,
  'a payload that is no JSON': ({ key, kid }) => signed(key, header(kid), 'not json'),
  'a payload that is a list': ({ key, kid }) => signed(key, header(kid), [payload()]),
  'a header that is null': () => `${b64('null')}.${b64(payload())}.AAAA`,
  'a header that is no JSON': ({ good }) => `!!!!.${good.split('.').slice(1).join('.')}`,
  'three dots': () => '...',
  'one letter': () => 'x',
  'eight thousand letters': () => 'x'.repeat(8_000),
};

async function kit(): Promise<Kit> {
  const good = await issueToken({
    audience: 'member',
    subject: 'mem_1',
    sessionId: 'ses_1',
    grants: [],
    lifetimeSeconds: 900,
  });
  return { ...(await ours()), good };
}

describe('a forged token', () => {
  it.each(Object.entries(FORGED))('is nobody’s: %s', async (name, forge) => {
    const token = forge(await kit());
    const code = name.startsWith('expired') ? 'auth.token_expired' : 'auth.token_invalid';
    for (const authorizer of [clients, staff]) {
      const { isAuthorized, context } = await authorize(authorizer, `Bearer ${token}`);
      expect([isAuthorized, context]).toEqual([true, { problem: code }]);
      const { status, body } = await call(membersContract, 'me', { as: context });
      expect([status, body.code]).toEqual([401, code]);
    }
  });

  it('has many forms', () => {
    expect(Object.keys(FORGED).length).toBeGreaterThan(55);
  });
});

describe('a good token', () => {
  it('says who calls', async () => {
    const { key, kid, good } = await kit();
    const context = { kind: 'member', id: 'mem_1', sessionId: 'ses_1', grants: '', expiresAt: (SECONDS + 900) * 1_000 };
    expect(await authorize(clients, `Bearer ${good}`)).toEqual({ isAuthorized: true, context });
    expect((await authorize(clients, `bearer ${signed(key, header(kid), payload())}`)).context).toEqual(context);
  });

  it.each([
    ['member', clients, true],
    ['partner', clients, true],
    ['staff', clients, false],
    ['member', staff, false],
    ['partner', staff, false],
    ['staff', staff, true],
  ] as const)('for %s counts only at its own door', async (audience, authorizer, counts) => {
    const token = await issueToken({ audience, subject: 'x', grants: ['catalog.write'], lifetimeSeconds: 900 });
    const { context } = await authorize(authorizer, `Bearer ${token}`);
    expect(context).toMatchObject(counts ? { kind: audience, grants: 'catalog.write' } : { problem: 'auth.forbidden' });
  });

  it('ends with its last second', async () => {
    const { good } = await kit();
    clock(new Date((SECONDS + 899) * 1_000).toISOString());
    expect((await authorize(clients, `Bearer ${good}`)).context).toMatchObject({ kind: 'member' });
    clock(new Date((SECONDS + 900) * 1_000).toISOString());
    expect((await authorize(clients, `Bearer ${good}`)).context).toEqual({ problem: 'auth.token_expired' });
    clock(NOW);
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic eDp5', 'Token x', ' Bearer x'])(
    'is not read out of %j',
    async (authorization) => {
      expect((await authorize(clients, authorization)).context).toEqual({ problem: 'auth.token_invalid' });
    },
  );

  it('is not read out of two', async () => {
    const { good } = await kit();
    expect((await authorize(clients, `Bearer ${good} ${good}`)).context).toEqual({ problem: 'auth.token_invalid' });
    expect((await authorize(clients, `Bearer ${good}, Bearer ${good}`)).context).toEqual({
      problem: 'auth.token_invalid',
    });
  });
});
