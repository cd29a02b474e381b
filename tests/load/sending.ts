import { setTimeout as sleep } from 'node:timers/promises';

export interface Sent {
  method: 'GET' | 'POST';
  path: string;
  token: string;
  key?: string;
  body?: object;
}

/** How an answer counts. `gateway` is API Gateway's own 429 or 503, which says no time, there as here. */
export type Verdict = 'done' | 'decided' | 'load' | 'gateway' | 'wrong';

export interface Answer {
  status: number;
  verdict: Verdict;
  body: Record<string, unknown>;
  retryAfterMs: number;
  ms: number;
}

const LONGEST_MS = 60_000;

/** A no of ours: what the caller may do about it is said by its code. */
function verdictOf(status: number, body: Record<string, unknown>, retryAfter: string | null): Verdict {
  if (status < 300) return 'done';
  const code = typeof body['code'] === 'string' ? body['code'] : undefined;
  const forLoad = status === 429 || status === 503;
  if (code === undefined) return forLoad && Object.keys(body).join('') === 'message' ? 'gateway' : 'wrong';
  if (forLoad) return Number(retryAfter) > 0 ? 'load' : 'wrong';
  // Everything that is asked for here is in order: only what the account or the purchase has left may be in the way.
  return ['points.insufficient', 'purchases.return_exceeds'].includes(code) ? 'decided' : 'wrong';
}

export async function send(api: string, { method, path, token, key, body }: Sent): Promise<Answer> {
  const since = performance.now();
  const headers = {
    authorization: `Bearer ${token}`,
    ...(key !== undefined && { 'idempotency-key': key, 'content-type': 'application/json' }),
  };
  const request = {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(LONGEST_MS),
  };
  const answer = await fetch(`${api}${path}`, request);
  const said = JSON.parse(await answer.text()) as Record<string, unknown>;
  const retryAfter = answer.headers.get('retry-after');
  return {
    status: answer.status,
    verdict: verdictOf(answer.status, said, retryAfter),
    body: said,
    retryAfterMs: Number(retryAfter ?? 0) * 1_000,
    ms: performance.now() - since,
  };
}

const TRIES = 400;

/** Sends it again and again until it is answered by more than "come again"; `told` hears of each answer. */
export async function persist(api: string, sent: Sent, told: (answer: Answer) => void = () => {}): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await send(api, sent);
    told(answer);
    const mayPass = answer.verdict === 'load' || answer.verdict === 'gateway';
    if (!mayPass || tries === TRIES) return answer;
    const patience = answer.retryAfterMs || Math.min(2_000, 50 * 2 ** Math.min(tries, 6));
    await sleep(patience * (1 + Math.random() / 2));
  }
}
