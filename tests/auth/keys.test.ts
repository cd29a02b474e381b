import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { handler as clients } from '../../functions/authorizer/clients.ts';
import { authContract } from '../../shared/auth/contract.ts';
import { issueToken } from '../../shared/http/tokens.ts';
import { rotate } from '../../shared/keyring/signing-keys.ts';
import { call, contextWith } from '../support/call.ts';
import { loggedIn } from '../support/logins.ts';
import { clock, openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';

const NOW = '2026-11-23T04:00:00.000Z';
openMall({ at: NOW });

const published = async () => {
  const { status, body, headers } = await call(authContract, 'keys');
  expect(status).toBe(200);
  return { set: body as unknown as JSONWebKeySet, headers };
};

const verified = async (token: string, set: JSONWebKeySet) => {
  const options = { issuer: 'points-mall-test', audience: 'member', typ: 'at+jwt', currentDate: new Date() };
  return (await jwtVerify(token, createLocalJWKSet(set), options)).payload;
};

const seen = async (token: string) => {
  const asked = { identitySource: [`Bearer ${token}`] } as unknown as APIGatewayRequestAuthorizerEventV2;
  return (await clients(asked, contextWith())).context;
};

describe('GET /.well-known/jwks.json', () => {
  it('200 has the keys by which others verify our tokens, and nothing secret', async () => {
    const { accessToken, memberId } = await loggedIn(somePhone());
    const { set, headers } = await published();
    expect(await verified(accessToken, set)).toMatchObject({ sub: memberId, iss: 'points-mall-test' });
    expect(set.keys).toHaveLength(1);
    expect(Object.keys(set.keys[0] ?? {}).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(headers['cache-control']).toBe('public, max-age=300');
    expect(headers['content-type']).toContain('application/json');
  });
});

describe('several signing keys', () => {
  it('are published before they sign, and tokens of each count; one that leaked counts no more', async () => {
    const issue = () => issueToken({ audience: 'member', subject: 'mem_1', grants: [], lifetimeSeconds: 3_600 });
    const kidOf = (token: string) => decodeProtectedHeader(token).kid;
    const before = await issue();
    clock('2026-11-25T04:00:00.000Z');
    await rotate({ leaked: false });
    const { set } = await published();
    expect(set.keys).toHaveLength(2);
    const still = await issue();
    expect(kidOf(still)).toBe(kidOf(before));
    clock('2026-11-25T04:10:00.000Z');
    const after = await issue();
    expect(kidOf(after)).not.toBe(kidOf(before));
    for (const token of [still, after]) {
      expect(await verified(token, set)).toMatchObject({ sub: 'mem_1' });
      expect(await seen(token)).toMatchObject({ kind: 'member', id: 'mem_1' });
    }
    await rotate({ leaked: true });
    expect((await published()).set.keys).toHaveLength(1);
    for (const token of [still, after]) expect(await seen(token)).toEqual({ problem: 'auth.token_invalid' });
    expect(await seen(await issue())).toMatchObject({ kind: 'member' });
  });
});
