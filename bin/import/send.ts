import type { Answer, Api } from '../tools/api.ts';
import { instantOf } from './instants.ts';
import type { Lane } from './lanes.ts';
import type { Place } from './records.ts';

/** What came of one line. */
export type Fate = Place & { later: boolean } & ({ fate: 'accepted' | 'known' } | { fate: 'refused'; reason: string });

type One = Lane[number];

const iso = (at: number) => new Date(at).toISOString();

const FORM = new Set(['type', 'title', 'status', 'code', 'instance']);

/** What the API said of a line that it did not take. */
function details({ status, body }: Answer): string {
  const more = Object.entries(body).filter(([name]) => !FORM.has(name));
  const said = [body.code, body.title].filter((one) => typeof one === 'string');
  const rest = more.map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [String(status), ...said, ...rest].join(' · ').slice(0, 300);
}

/** A return of a purchase that is not in the files takes effect no earlier than that, where both are of one day. */
async function timeOf(row: One, api: Api, zone: string): Promise<number> {
  if (!('unmatched' in row)) return row.at;
  const { status, body } = await api.call('GET', `/v1/purchases/${row.purchase}`);
  const bought = status === 200 ? Date.parse(String(body.occurredAt)) : 0;
  const nextMidnight = instantOf(`${row.day} 23:59:59`, zone) ?? row.at;
  return bought > row.at && bought <= nextMidnight ? bought : row.at;
}

async function post(row: One, api: Api, zone: string): Promise<Answer> {
  const { kind, number, amountFen } = row;
  const occurredAt = iso(await timeOf(row, api, zone));
  const key = `${kind}-${number}`;
  if (kind === 'return') {
    return api.call('POST', '/v1/returns', { key, body: { number, purchase: row.purchase, amountFen, occurredAt } });
  }
  const body = { number, amountFen, member: { externalId: row.customer }, occurredAt };
  return api.call('POST', '/v1/purchases', { key, body });
}

/** Sends one line as a till would, and says what came of it. */
async function sendOne(row: One, api: Api, zone: string): Promise<Fate> {
  const { file, line } = row;
  const answer = await post(row, api, zone);
  const { status, replayed, body } = answer;
  if (status !== 201) return { file, line, later: false, fate: 'refused', reason: details(answer) };
  const later = Date.parse(String(body.effectiveAt)) > Date.parse(String(body.occurredAt));
  return { file, line, later, fate: replayed ? 'known' : 'accepted' };
}

export interface Sending {
  api: Api;
  zone: string;
  /** How many customers are served at once. */
  concurrency: number;
  onFate: (fate: Fate) => void;
}

/** Sends the lanes: customers at once, the lines of one customer one after the other. The first trouble stops all. */
export async function sendAll(lanes: readonly Lane[], { api, zone, concurrency, onFate }: Sending): Promise<void> {
  const queue = lanes.values();
  let stopped = false;
  async function work(): Promise<void> {
    for (const lane of queue) {
      for (const row of lane) {
        if (stopped) return;
        onFate(await sendOne(row, api, zone));
      }
    }
  }
  const workers = Array.from({ length: concurrency }, () =>
    work().catch((thrown: unknown) => {
      stopped = true;
      throw thrown;
    }),
  );
  const ended = await Promise.allSettled(workers);
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
