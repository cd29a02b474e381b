import { setTimeout as sleep } from 'node:timers/promises';

const ATTEMPTS = 8;
const SHORTEST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;
/** A token is renewed when it has less than this to live. */
const SPARE_MS = 60_000;

/** An OAuth2 client and the API that it calls. */
export interface Login {
  api: string;
  clientId: string;
  clientSecret: string;
}

export interface ApiRequest {
  method: string;
  path: string;
  /** Sent as it is. */
  body?: string;
  headers?: Record<string, string>;
}

export interface ApiAnswer {
  status: number;
  body: Record<string, unknown>;
}

export interface ApiClient {
  send(request: ApiRequest): Promise<ApiAnswer>;
}

/** Why the API cannot be used; the sentence is for the person who started the tool. */
export class ApiError extends Error {}

function waitFor(attempt: number, answer: Response | undefined): number {
  const asked = Number(answer?.headers.get('retry-after') ?? 0) * 1_000;
  const backoff = SHORTEST_WAIT_MS * 2 ** attempt * (0.5 + Math.random() / 2);
  return Math.min(LONGEST_WAIT_MS, Math.max(asked, backoff));
}

/** Asks again, a bounded number of times, while the API is busy or does not answer. */
async function persistently(url: string, init: RequestInit): Promise<Response> {
  for (let attempt = 0; ; attempt += 1) {
    const last = attempt === ATTEMPTS - 1;
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(40_000) }).catch((error: unknown) => {
      if (last) throw new ApiError(`${new URL(url).origin} does not answer (${String(error)}).`);
      return undefined;
    });
    if (answer && (last || (answer.status !== 429 && answer.status !== 503))) return answer;
    await answer?.body?.cancel();
    await sleep(waitFor(attempt, answer));
  }
}

async function jsonOf(answer: Response): Promise<Record<string, unknown>> {
  const text = await answer.text();
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new ApiError(`${answer.url} answered ${answer.status} without JSON: is that the Points Mall API?`);
  }
}

async function tokenFor({ api, clientId, clientSecret }: Login): Promise<{ token: string; until: number }> {
  const answer = await persistently(`${api}/v1/auth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token, expires_in: seconds, error } = await jsonOf(answer);
  if (typeof token !== 'string') throw new ApiError(`${clientId} gets no token from ${api}: ${String(error)}.`);
  return { token, until: performance.now() + Number(seconds) * 1_000 - SPARE_MS };
}

/** A client that keeps its token fresh and waits, within bounds, where the API is busy. */
export function apiClient(login: Login): ApiClient {
  let held: Promise<{ token: string; until: number }> | undefined;

  async function token(fresh: boolean): Promise<string> {
    const current = fresh ? undefined : await held;
    if (current && current.until > performance.now()) return current.token;
    held = tokenFor(login);
    return (await held).token;
  }

  async function send({ method, path, body, headers }: ApiRequest): Promise<ApiAnswer> {
    for (const fresh of [false, true]) {
      const answer = await persistently(`${login.api}${path}`, {
        method,
        headers: { authorization: `Bearer ${await token(fresh)}`, ...headers },
        ...(body !== undefined && { body }),
      });
      if (answer.status !== 401 || fresh) return { status: answer.status, body: await jsonOf(answer) };
      await answer.body?.cancel();
    }
    throw new ApiError('unreachable');
  }

  return { send };
}
