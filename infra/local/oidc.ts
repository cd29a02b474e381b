import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { Reply, Request } from './http-event.ts';
import { codeDesk, jsonReply, nameWithin, type Provider, providerCode } from './provider-codes.ts';

export interface OidcOptions {
  issuer: string;
  clientId: string;
  /** Absent for a public client, which has PKCE alone. */
  secret?: string;
  redirectUri: string;
  /** How a client with a secret may show it. */
  authMethod?: 'client_secret_basic' | 'client_secret_post';
  now: () => number;
}

const DISCOVERY = '/.well-known/openid-configuration';

interface Begun {
  nonce: string;
  challenge: string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');
const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const refused = (error: string, status = 400) => jsonReply({ error, error_description: 'The double refuses' }, status);

/** Whom the issuer has no time for: by the person's name. */
const BUSY: Record<string, Reply> = {
  busy: refused('temporarily_unavailable', 503),
  limited: refused('temporarily_unavailable'),
  broken: jsonReply({}, 500),
};

/** Where the issuer that answers here says what it is. */
export const discoveryAt = (url: string): string => `${url}${DISCOVERY}`;

/** What the issuer calls a person. */
export const subjectNamed = (person: string): string => nameWithin('oidc', person, 24);

/** The key that id tokens are signed with (RS256), and how it is published: its `kid` is its thumbprint. */
function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const kid = sha256(JSON.stringify({ e, kty: 'RSA', n }));
  const tokenOf = (claims: object): string => {
    const text = `${base64url({ alg: 'RS256', kid })}.${base64url(claims)}`;
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
  };
  return { published: { kty: 'RSA', n, e, kid, use: 'sig', alg: 'RS256' }, tokenOf };
}

/** How a client that asks for tokens shows who it is: its id and its secret, by header or by form. */
function shown({ headers }: Request, form: URLSearchParams): { method: string; id: string; secret: string } {
  const [, basic] = /^Basic (.+)$/.exec(headers['authorization'] ?? '') ?? [];
  const inForm = { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' };
  if (basic === undefined) return { method: form.has('client_secret') ? 'client_secret_post' : 'none', ...inForm };
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  const decoded = (text: string) => new URLSearchParams(`=${text}`).get('') ?? '';
  return { method: 'client_secret_basic', id: decoded(id), secret: decoded(secret) };
}

/**
 * An OpenID Connect issuer for one client: discovery, the login page (which asks nothing: `login_hint` is who logs in), the
 * token endpoint with PKCE (S256 only), and its keys.
 */
export function openOidc(options: OidcOptions): Provider {
  const { issuer, clientId, secret, redirectUri, authMethod = 'client_secret_basic', now } = options;
  const method = secret === undefined ? 'none' : authMethod;
  const key = newKey();
  const desk = codeDesk(now);
  const begun = new Map<string, Begun>();

  const discovery = ({ headers }: Request): Reply => {
    const here = `http://${headers['host']}`;
    return jsonReply({
      issuer,
      authorization_endpoint: `${here}/oidc/authorize`,
      token_endpoint: `${here}/oidc/token`,
      jwks_uri: `${here}/oidc/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: [method],
    });
  };

  const authorize = ({ query }: Request): Reply => {
    const asked = new URLSearchParams(query);
    const told = (name: string) => asked.get(name) ?? '';
    if (told('client_id') !== clientId || told('redirect_uri') !== redirectUri) return refused('invalid_request');
    const fits =
      told('response_type') === 'code' &&
      told('scope').split(' ').includes('openid') &&
      told('code_challenge_method') === 'S256' &&
      told('code_challenge') !== '';
    const back = new URL(redirectUri);
    back.searchParams.set('state', told('state'));
    if (fits) {
      const code = providerCode(told('login_hint'), now());
      begun.set(code, { nonce: told('nonce'), challenge: told('code_challenge') });
      back.searchParams.set('code', code);
    } else {
      back.searchParams.set('error', 'invalid_request');
    }
    return { statusCode: 302, headers: { location: back.href }, cookies: [], body: Buffer.alloc(0) };
  };

  const token = (request: Request): Reply => {
    const form = new URLSearchParams(request.body.toString('utf8'));
    const client = shown(request, form);
    const isOurs = client.method === method && client.id === clientId && client.secret === (secret ?? '');
    if (!isOurs) return refused('invalid_client', 401);
    if (form.get('grant_type') !== 'authorization_code') return refused('unsupported_grant_type');
    const code = form.get('code') ?? '';
    const [told, login] = [desk(code), begun.get(code)];
    const verified = login?.challenge === sha256(form.get('code_verifier') ?? '');
    if (typeof told === 'string' || !login || !verified || form.get('redirect_uri') !== redirectUri) {
      return refused('invalid_grant');
    }
    const busy = BUSY[told.person];
    if (busy) return busy;
    const iat = Math.floor(now() / 1_000);
    const claims = {
      iss: issuer,
      sub: subjectNamed(told.person),
      aud: clientId,
      iat,
      exp: iat + 300,
      nonce: login.nonce,
    };
    const access_token = nameWithin('oidc-token', code, 40);
    return jsonReply({ access_token, token_type: 'Bearer', expires_in: 300, id_token: key.tokenOf(claims) });
  };

  const answers: Record<string, (request: Request) => Reply> = {
    [`GET ${DISCOVERY}`]: discovery,
    'GET /oidc/authorize': authorize,
    'POST /oidc/token': token,
    'GET /oidc/keys': () => jsonReply({ keys: [key.published] }),
  };
  return (request) => answers[`${request.method} ${request.path}`]?.(request);
}
