import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { vi } from 'vitest';
import { client } from '../../../shared/table/client.ts';
import { switchClient } from '../../../shared/table/switches.ts';
import { isCount } from '../../support/table.ts';

/** A request, byte for byte. */
export interface Wire {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
}

/** What came back, and what the table was asked for it. */
export interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  media: string;
  text: string;
  body: Record<string, unknown> | undefined;
  replayed: boolean;
  calls: number;
  writes: number;
}

const agent = new Agent({ keepAlive: true });
const counted = { calls: 0, writes: 0 };

/** Counts every call to the table, and the writes that it took. */
export function countCalls(): void {
  for (const each of [client, switchClient]) {
    const real = each.send.bind(each) as (command: object, options?: object) => Promise<unknown>;
    const send = async (command: object, options?: object) => {
      counted.calls += 1;
      const answer = await real(command, options);
      if (/Put|Update|Delete|Write/.test(command.constructor.name) && !isCount(command)) counted.writes += 1;
      return answer;
    };
    vi.spyOn(each, 'send').mockImplementation(send as never);
  }
}

function exchanged(url: string, { method, path, headers, body }: Wire): Promise<Omit<Got, 'calls' | 'writes'>> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const length = body ? { 'content-length': String(body.length) } : {};
    const sent = request({ hostname, port, method, path, agent, headers: { ...headers, ...length } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        const media = (answer.headers['content-type'] ?? '').split(';')[0] ?? '';
        const parsed = media.endsWith('json') && text !== '' ? (JSON.parse(text) as Got['body']) : undefined;
        const replayed = answer.headers['idempotency-replayed'] === 'true';
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, media, text, body: parsed, replayed });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Sends one request and waits for its answer; what it cost is its own only where nothing else is under way. */
export async function send(url: string, wire: Wire): Promise<Got> {
  const before = { ...counted };
  const got = await exchanged(url, wire);
  return { ...got, calls: counted.calls - before.calls, writes: counted.writes - before.writes };
}
