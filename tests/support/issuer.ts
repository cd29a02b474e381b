import { createHash, randomBytes } from 'node:crypto';
import { vi } from 'vitest';
import { serve } from '../../infra/local/http-server.ts';
import { discoveryAt } from '../../infra/local/oidc.ts';
import { jsonReply, type Provider } from '../../infra/local/provider-codes.ts';
import { OIDC } from './mall.ts';

const discovery = () => process.env.OIDC_DISCOVERY ?? '';

/** What a client sends after somebody has logged in at the issuer: the one that functions of this test find, or another. */
export async function oidcLogin(person: string, { found = discovery(), client = OIDC } = {}) {
  const [codeVerifier, nonce] = [randomBytes(32).toString('base64url'), randomBytes(16).toString('hex')];
  const asked = {
    response_type: 'code',
    scope: 'openid',
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    state: 'state',
    nonce,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    login_hint: person,
  };
  const { authorization_endpoint } = (await (await fetch(found)).json()) as { authorization_endpoint: string };
  const page = await fetch(`${authorization_endpoint}?${new URLSearchParams(asked).toString()}`, {
    redirect: 'manual',
  });
  const back = new URL(page.headers.get('location') ?? '');
  return { code: back.searchParams.get('code') ?? '', codeVerifier, nonce };
}

/** While this is the stage's issuer. */
export async function issuedBy(provider: Provider, act: () => Promise<void>): Promise<void> {
  const answer = async (request: Parameters<Provider>[0]) => provider(request) ?? jsonReply({}, 404);
  const server = await serve({ port: 0, maxBodyBytes: 100_000, answer, complain: (line) => console.error(line) });
  const before = discovery();
  vi.stubEnv('OIDC_DISCOVERY', discoveryAt(server.url));
  try {
    await act();
  } finally {
    vi.stubEnv('OIDC_DISCOVERY', before);
    await server.stop();
  }
}

/** An issuer that answers whatever code with what it is told to: the worst that one can be. */
export interface OddIssuer {
  idToken: string;
  keys: object[];
  /** In place of what a right one says of itself. */
  says?: object;
  keysAsked: number;
}

export function oddIssuer(odd: OddIssuer): Provider {
  return ({ path, headers }) => {
    const here = `http://${headers.host}`;
    if (path === '/.well-known/openid-configuration') {
      const right = { issuer: OIDC.issuer, token_endpoint: `${here}/token`, jwks_uri: `${here}/keys` };
      return jsonReply({ ...right, ...odd.says });
    }
    if (path === '/token') return jsonReply({ access_token: 'x', token_type: 'Bearer', id_token: odd.idToken });
    if (path !== '/keys') return undefined;
    odd.keysAsked += 1;
    return jsonReply({ keys: odd.keys });
  };
}
