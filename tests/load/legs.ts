import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Fault } from '../support/fault-proxy.ts';
import type { Ground } from './ground.ts';
import { type Crowd, type Kind, type Request, requestOf } from './mix.ts';
import { type Answer, persist, send, type Verdict } from './sending.ts';

/** What came of one part of the soak. */
export interface Leg {
  name: string;
  requests: number;
  seconds: number;
  rate: number;
  counts: Record<Verdict, number>;
  p50: number;
  p99: number;
  /** Calls to the table that write, for each write that was done. */
  callsPerWrite: number;
  /** What should not have been answered: status and text. */
  wrong: string[];
}

const WRITES = ['PutItem', 'UpdateItem', 'TransactWriteItems'];
const READS = ['GetItem', 'BatchGetItem', 'Query'];

/** What a reaction writes by itself, some time after the request, is no call of the request's. */
const isRequests = ({ action, body }: Call): boolean => WRITES.includes(action) && !/"LAPSE[#-]/.test(body);

/** Collects answers, and counts the calls of the product that came by meanwhile. */
function openLeg(name: string, { proxy }: Ground, faultOf: (call: Call) => Fault | undefined = () => undefined) {
  const since = performance.now();
  const counts: Record<Verdict, number> = { done: 0, decided: 0, load: 0, gateway: 0, wrong: 0 };
  const times: number[] = [];
  const wrong: string[] = [];
  let [requests, writes] = [0, 0];
  proxy.strike(faultOf);
  const told = (answer: Answer): void => {
    counts[answer.verdict] += 1;
    times.push(answer.ms);
    if (answer.verdict === 'wrong') wrong.push(`${answer.status} ${JSON.stringify(answer.body)}`);
  };
  return {
    told,
    ended(request: Request, answer: Answer): void {
      requests += 1;
      if (answer.verdict !== 'done') return;
      if (request.isWrite) writes += 1;
      request.acknowledge(answer);
    },
    failed(error: unknown): void {
      counts.wrong += 1;
      wrong.push(String(error));
    },
    close(): Leg {
      const calls = proxy.calm().calls.filter(isRequests).length;
      const seconds = (performance.now() - since) / 1_000;
      const sorted = times.toSorted((a, b) => a - b);
      const at = (share: number): number => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
      const callsPerWrite = writes === 0 ? 0 : calls / writes;
      return {
        name,
        requests,
        seconds,
        rate: requests / seconds,
        counts,
        p50: at(0.5),
        p99: at(0.99),
        callsPerWrite,
        wrong,
      };
    },
  };
}

export interface Closed {
  name: string;
  workers: number;
  /** Goes on while this says so, asked before each request. */
  goesOn: () => boolean;
  faultOf?: (call: Call) => Fault | undefined;
  kinds?: readonly Kind[];
}

/**
 * So many workers, each with members of its own, send one request after the other, and the same again while they are
 * told to come again.
 */
export async function closedLoop(ground: Ground, crowd: Crowd, { name, workers, goesOn, faultOf, kinds }: Closed) {
  const leg = openLeg(name, ground, faultOf);
  async function work(worker: number): Promise<void> {
    const own = crowd.members.filter((_, i) => i % workers === worker);
    for (let i = 0; goesOn(); i += 1) {
      const member = own[i % own.length];
      if (!member) throw new Error('There are more workers than members.');
      const request = requestOf(crowd, member, kinds?.[i % kinds.length]);
      try {
        leg.ended(request, await persist(ground.api, request.sent, leg.told));
      } catch (error) {
        leg.failed(error);
      }
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  return leg.close();
}

/** So many requests a second, whatever becomes of those before; a refusal is a refusal. */
export async function openLoop(
  ground: Ground,
  crowd: Crowd,
  { name, rate, ms }: { name: string; rate: number; ms: number },
) {
  const leg = openLeg(name, ground);
  const underWay: Promise<void>[] = [];
  const total = Math.max(1, Math.round((rate * ms) / 1_000));
  const since = performance.now();
  for (let i = 0; i < total; i += 1) {
    const early = since + (i * 1_000) / rate - performance.now();
    if (early > 1) await sleep(early);
    const request = requestOf(crowd, crowd.members[i % crowd.members.length] as Crowd['members'][number]);
    const sent = send(ground.api, request.sent).then(
      (answer) => {
        leg.told(answer);
        leg.ended(request, answer);
      },
      (error: unknown) => leg.failed(error),
    );
    underWay.push(sent);
  }
  await Promise.all(underWay);
  return leg.close();
}

const FAULTS: readonly Fault[] = ['lost before', 'lost after', 'throttled', 'failed', 'conflict'];

/** One call of the product in ten meets a fault, each kind in its turn. */
export function oneInTen(): (call: Call) => Fault | undefined {
  let struck = 0;
  return (call) => {
    const isWrite = WRITES.includes(call.action);
    if ((!isWrite && !READS.includes(call.action)) || Math.random() >= 0.1) return undefined;
    const kinds = isWrite ? FAULTS : FAULTS.slice(0, 4);
    return kinds[struck++ % kinds.length];
  };
}

/** Nobody gets through to the emulator: at first connections break, then nothing comes back, then they break again. */
export function cutOff(ms: number): (call: Call) => Fault | undefined {
  const since = performance.now();
  return () => {
    const share = (performance.now() - since) / ms;
    if (share >= 1) return undefined;
    return share > 1 / 3 && share < 2 / 3 ? 'black hole' : 'lost before';
  };
}
