import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, inject } from 'vitest';
import { readArchive } from '../../audit/archive.ts';
import { audit } from '../../audit/audit.ts';
import type { Violation } from '../../audit/findings.ts';
import { scan } from '../../audit/scan.ts';
import { type Demo, seed } from '../../bin/seed.ts';
import { type Runtime, startRuntime } from '../../infra/local/runtime.ts';
import { synthesize } from '../../infra/local/synthesis.ts';
import { connection } from '../../infra/local/tables.ts';
import { get } from '../../shared/table/client.ts';
import { keys } from '../../shared/table/keys.ts';
import { ARCHIVE } from './archive.ts';
import { ZONE } from './mall.ts';
import { patiently } from './patience.ts';
import { type Typed, typed } from './typed.ts';

export interface Answered {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export interface Sent {
  token?: string;
  body?: unknown;
  key?: string | null;
  headers?: Record<string, string>;
}

/** The whole mall, running from its template, with a person's ways to use it. */
export interface RunningMall {
  api: string;
  /** The data folder. */
  data: string;
  demo: Demo;
  send(method: string, path: string, sent?: Sent): Promise<Answered>;
  /** The mall as the generated client sees it, with this token or with none. */
  as(token?: string): Typed;
  tokenOf(client: Demo['till']): Promise<string>;
  /** Logs in with the code from the inbox; waits out the minute by moving the clock when one was sent already. */
  logIn(phone: string): Promise<{ token: string; memberId: string; refreshToken: string }>;
  clock(now: string): Promise<void>;
  drain(): Promise<{ events: number; schedules: { name: string; dueAt: string }[]; deadLetters: number }>;
  events(name: string): Promise<{ detail: Record<string, unknown> }[]>;
  /** What the auditor finds broken, the archive included, once every event has been handled. */
  violations(): Promise<readonly Violation[]>;
}

async function send(
  api: string,
  method: string,
  path: string,
  { token, body, key, headers }: Sent = {},
): Promise<Answered> {
  const answer = await fetch(`${api}${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method === 'POST' && key !== null && { 'idempotency-key': key ?? randomUUID() }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text };
  return { status: answer.status, headers: answer.headers, body: json };
}

async function codeFor(api: string, phone: string): Promise<string> {
  const asked = await send(api, 'POST', '/v1/auth/codes', { body: { phone } });
  if (asked.status !== 202) throw new Error(`No code was sent: ${JSON.stringify(asked.body)}`);
  const inbox = (await (await fetch(`${api}/local/inbox`)).json()) as { to: string; text: string }[];
  const code = /\d{6}/.exec(inbox.find(({ to }) => to.endsWith(phone))?.text ?? '')?.[0];
  if (!code) throw new Error('The inbox has no code.');
  return code;
}

async function audited({ dynamodb, table: name, now, folder }: Runtime): Promise<readonly Violation[]> {
  const items = await scan({ name, connection: connection(dynamodb) }, () => {});
  const archived = await readArchive({ bucket: ARCHIVE, folder: folder.path });
  return audit(items, { at: now(), zone: ZONE }, archived).violations;
}

/** A person's ways to use what runs. */
export function personOf(runtime: Runtime, demo: Demo): RunningMall {
  const { api } = runtime;
  const plain = (method: string, path: string, sent?: Sent) => send(api, method, path, sent);
  return {
    api,
    data: runtime.folder.path,
    demo,
    send: plain,
    as: (token) => typed(api, token),
    async tokenOf({ clientId, clientSecret }) {
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      });
      const answer = await fetch(`${api}/v1/auth/token`, { method: 'POST', body: form });
      return ((await answer.json()) as { access_token: string }).access_token;
    },
    async logIn(phone) {
      const { status, body } = await plain('POST', '/v1/auth/sessions', {
        body: { phone, code: await codeFor(api, phone) },
      });
      if (status !== 201) throw new Error(`No login: ${JSON.stringify(body)}`);
      const { accessToken, memberId, refreshToken } = body as Record<string, string>;
      return { token: accessToken ?? '', memberId: memberId ?? '', refreshToken: refreshToken ?? '' };
    },
    async clock(now) {
      const { status, body } = await plain('PUT', '/local/clock', { body: { now } });
      if (status !== 200) throw new Error(`The clock does not move to ${now}: ${JSON.stringify(body)}`);
    },
    drain: async () => (await plain('POST', '/local/drain')).body as never,
    async events(name) {
      const all = (await (await fetch(`${api}/local/events`)).json()) as {
        'detail-type': string;
        detail: Record<string, unknown>;
      }[];
      return all.filter((event) => event['detail-type'] === name);
    },
    async violations() {
      await plain('POST', '/local/drain');
      return audited(runtime);
    },
  };
}

/** Starts everything in a folder of its own, seeds it, and takes it all away at the end. */
export function runMall(log: (line: string) => void = (line) => console.error(line)): { mall: RunningMall } {
  const held = {} as { mall: RunningMall };
  const data = mkdtempSync(join(tmpdir(), 'points-mall-'));
  let runtime: Runtime | undefined;
  beforeAll(async () => {
    const synthesis = inject('synthesis');
    runtime = await startRuntime({ synthesize: () => synthesize(synthesis), data, port: 0, log });
    Object.assign(process.env, runtime.env);
    // The first call takes longer than others, and on a busy machine longer than a call may.
    await patiently(() => get(keys.programme(0)));
    held.mall = personOf(runtime, await seed({ api: runtime.api }));
  });
  afterAll(async () => {
    await runtime?.stop();
    rmSync(data, { recursive: true, force: true });
  });
  return held;
}
