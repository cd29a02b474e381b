import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, Stop } from './stop.ts';

/** Where the API is, and who calls it. */
export interface Access {
  api: string;
  clientId: string;
  clientSecret: string;
  /** What the token must be good for; all that the client may do when absent. */
  scope?: string;
  /** Waits; a test does not. */
  wait?: (ms: number) => Promise<unknown>;
}

export interface Answer {
  status: number;
  replayed: boolean;
  body: Record<string, unknown>;
}

/** What is sent under a key: an object goes as JSON, a text as CSV. */
export interface Sent {
  key: string;
  body: object | string;
}

/** An API that is called as one OAuth2 client of it. */
export interface Api {
  call(method: 'GET' | 'POST', path: string, sent?: Sent): Promise<Answer>;
}

const TRIES = 8;
/** After so many, what fails by itself is taken for an answer: it must not keep the other lines out. */
const FAILURES = 3;
const PATIENCE_MS = 30_000;
const LONGEST_WAIT_MS = 60_000;
/** Come again: too many requests, or for the moment nobody there. What was sent is safe to send again. */
const PASSING = new Set([429, 500, 502, 503, 504]);

function waitFor(retryAfter: string | null, tried: number): number {
  const asked = Number(retryAfter ?? 0) * 1_000;
  const own = 100 * 2 ** tried * (0.5 + Math.random());
  return Math.min(LONGEST_WAIT_MS, Math.max(Number.isFinite(asked) ? asked : 0, own));
}

/** Sends until it is answered by more than "come again", a bounded number of times. */
async function persist({ api, wait = sleep }: Access, path: string, request: RequestInit): Promise<Response> {
  let trouble = '';
  for (let tried = 0; tried < TRIES; tried += 1) {
    let retryAfter: string | null = null;
    try {
      const answer = await fetch(`${api}${path}`, { ...request, signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!PASSING.has(answer.status) || (answer.status === 500 && tried + 1 >= FAILURES)) return answer;
      trouble = `${answer.status} ${(await answer.text()).slice(0, 200)}`;
      retryAfter = answer.headers.get('retry-after');
    } catch (thrown) {
      const cause = thrown instanceof Error ? thrown.cause : undefined;
      trouble = cause instanceof Error ? `${messageOf(thrown)}, ${cause.message}` : messageOf(thrown);
    }
    if (tried + 1 < TRIES) await wait(waitFor(retryAfter, tried));
  }
  throw new Stop(`${api}${path} did not serve ${TRIES} tries (${trouble}): start again when it does.`);
}

async function newToken(access: Access): Promise<string> {
  const { clientId, clientSecret, api, scope } = access;
  const credentials = [clientId, clientSecret].map((part) => encodeURIComponent(part)).join(':');
  const answer = await persist(access, '/v1/auth/token', {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) }),
  });
  const text = await answer.text();
  if (answer.status !== 200) {
    throw new Stop(`${api} gives ${clientId} no token${scope ? ` for ${scope}` : ''}: ${text.slice(0, 200)}`);
  }
  return (JSON.parse(text) as { access_token: string }).access_token;
}

/** Calls with a token that all share, and renews it once for all when it has run out. */
export function openApi(access: Access): Api {
  let token: Promise<string> | undefined;

  async function send(method: string, path: string, bearer: string, sent: Sent | undefined) {
    const isText = typeof sent?.body === 'string';
    const headers = {
      authorization: `Bearer ${bearer}`,
      'accept-language': 'en',
      ...(sent && { 'content-type': isText ? 'text/csv' : 'application/json', 'idempotency-key': sent.key }),
    };
    const body = isText ? (sent?.body as string) : JSON.stringify(sent?.body);
    return persist(access, path, { method, headers, ...(sent && { body }) });
  }

  return {
    async call(method, path, sent) {
      token ??= newToken(access);
      const used = token;
      let answer = await send(method, path, await used, sent);
      if (answer.status === 401) {
        await answer.arrayBuffer();
        if (token === used) token = newToken(access);
        answer = await send(method, path, await token, sent);
      }
      const { status, headers } = answer;
      const text = await answer.text();
      if (status === 401 || status === 403) {
        throw new Stop(`${access.api} does not let ${access.clientId} in: ${status} ${text.slice(0, 200)}`);
      }
      const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { title: text.slice(0, 200) };
      return { status, replayed: headers.get('idempotency-replayed') === 'true', body };
    },
  };
}
