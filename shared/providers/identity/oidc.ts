import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import * as z from 'zod';
import { Refusal } from '../../errors.ts';
import { elapsed, now } from '../../platform/clock.ts';
import { setting } from '../../platform/settings.ts';
import { ask, optionalProviderSecret, ourApp, read, unavailable } from './ask.ts';
import type { Claims } from './port.ts';

/** The code that a login came to, and what the client made up before it: the verifier of PKCE and the nonce. */
export interface OidcLogin {
  code: string;
  codeVerifier: string;
  nonce: string;
}

const discovered = z.object({
  issuer: z.string(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  token_endpoint_auth_methods_supported: z.array(z.string()).default(['client_secret_basic']),
});
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });
const refused = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });
const granted = z.object({ id_token: z.string() });
const subject = z.string().regex(/^[ -~]{1,255}$/);

const ALGORITHMS = ['RS256', 'ES256', 'PS256'];
/** Two clocks may differ by so much. */
const SKEW_SECONDS = 60;
/** A token is made when the code is exchanged; an older one is not of this login. */
const OLDEST_SECONDS = 600;
/** So long a container goes by what it discovered, its keys included. */
const KNOWN_MS = 600_000;
/** A key that we do not know makes us read the keys again, so often at most. */
const KEYS_AGAIN_MS = 60_000;

interface Issuer {
  id: string;
  from: string;
  since: number;
  tokenEndpoint: URL;
  authMethods: readonly string[];
  keys: ReturnType<typeof createRemoteJWKSet>;
}

let known: Issuer | undefined;

/**
 * An address that the issuer names. The stage names the issuer, so it is trusted to name any host, but never one without TLS
 * beside its own.
 */
function address(named: string, from: URL): URL {
  const url = new URL(named);
  if (url.protocol === 'https:' || url.origin === from.origin) return url;
  throw unavailable('oidc', 'an address without TLS');
}

/** The issuer of this stage, as it describes itself. */
async function issuerOfStage(): Promise<Issuer> {
  const [id, from] = [setting('OIDC_ISSUER'), setting('OIDC_DISCOVERY')];
  if (known?.id === id && known.from === from && elapsed() - known.since < KNOWN_MS) return known;
  const url = new URL(from);
  const told = read('oidc', discovered, await ask('oidc', url));
  if (told.issuer !== id) throw unavailable('oidc', 'another issuer');
  const keys = createRemoteJWKSet(address(told.jwks_uri, url), {
    cooldownDuration: KEYS_AGAIN_MS,
    cacheMaxAge: KNOWN_MS,
    [customFetch]: async (at) => Response.json(read('oidc', keySet, await ask('oidc', new URL(at)))),
  });
  const tokenEndpoint = address(told.token_endpoint, url);
  known = { id, from, since: elapsed(), tokenEndpoint, authMethods: told.token_endpoint_auth_methods_supported, keys };
  return known;
}

/** As OAuth2 wants it before the two are joined by a colon (RFC 6749, 2.3.1). */
const formEncoded = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);

interface Shown {
  headers: Record<string, string>;
  form: Record<string, string>;
}

/** How we show who asks: by our secret as the issuer takes it, or, where none was filled in, by PKCE alone. */
async function shownAs(clientId: string, authMethods: readonly string[]): Promise<Shown> {
  const secret = await optionalProviderSecret('oidcSecret');
  if (secret === undefined) return { headers: {}, form: { client_id: clientId } };
  if (authMethods.includes('client_secret_basic')) {
    const pair = Buffer.from(`${formEncoded(clientId)}:${formEncoded(secret)}`).toString('base64');
    return { headers: { authorization: `Basic ${pair}` }, form: {} };
  }
  if (authMethods.includes('client_secret_post')) {
    return { headers: {}, form: { client_id: clientId, client_secret: secret } };
  }
  throw unavailable('oidc', 'a way to show our secret that we do not have');
}

async function idTokenFor({ code, codeVerifier }: OidcLogin, clientId: string, issuer: Issuer): Promise<string> {
  const { headers, form } = await shownAs(clientId, issuer.authMethods);
  const redirect_uri = setting('OIDC_REDIRECT_URI');
  const asked = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: codeVerifier, ...form };
  const init = {
    method: 'POST',
    headers: { accept: 'application/json', ...headers },
    body: new URLSearchParams(asked),
  };
  const told = read('oidc', z.union([refused, granted]), await ask('oidc', issuer.tokenEndpoint, init));
  if ('id_token' in told) return told.id_token;
  if (told.error === 'invalid_grant') throw new Refusal('auth.provider_code_invalid');
  throw unavailable('oidc', told.error);
}

/** What is wrong with a token or a key, and never what stands in it. */
function faultOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { name, code, claim = '' } = error as { name: string; code?: unknown; claim?: string };
  return unavailable('oidc', `${typeof code === 'string' ? code : name} ${claim}`.trim());
}

/** Whom an id token is about, if this issuer made it for us, now, and for this login. */
async function subjectOf(idToken: string, nonce: string, clientId: string, issuer: Issuer): Promise<string> {
  const verified = await jwtVerify(idToken, issuer.keys, {
    algorithms: ALGORITHMS,
    issuer: issuer.id,
    audience: clientId,
    clockTolerance: SKEW_SECONDS,
    maxTokenAge: OLDEST_SECONDS,
    currentDate: new Date(now()),
    requiredClaims: ['sub', 'exp', 'nonce'],
  }).catch((error: unknown) => {
    throw faultOf(error);
  });
  const { sub, aud, azp, nonce: told } = verified.payload;
  const isForAnother = azp === undefined ? Array.isArray(aud) && aud.length > 1 : azp !== clientId;
  if (isForAnother) throw unavailable('oidc', 'a token that another party asked for');
  if (told !== nonce) throw new Refusal('auth.provider_code_invalid');
  const id = subject.safeParse(sub);
  if (!id.success) throw unavailable('oidc', 'a token that names nobody');
  return id.data;
}

/** Whom a code of the stage's OpenID Connect issuer stands for, once. A subject counts within its issuer. */
export async function claimsOfOidc(login: OidcLogin): Promise<Claims> {
  const clientId = ourApp('OIDC_CLIENT_ID');
  const issuer = await issuerOfStage();
  // Before the code is spent: who comes again because the keys could not be had comes with the same code.
  if (!issuer.keys.fresh) await issuer.keys.reload();
  const idToken = await idTokenFor(login, clientId, issuer);
  const sub = await subjectOf(idToken, login.nonce, clientId, issuer);
  return [{ kind: 'OIDC_SUBJECT', value: `${issuer.id}|${sub}` }];
}
