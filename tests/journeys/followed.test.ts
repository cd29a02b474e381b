import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRunLog } from '../../infra/local/run-log.ts';
import { storyOf } from '../../infra/local/trace.ts';
import { type Answered, runMall } from '../support/running.ts';
import { force } from '../support/table.ts';

const complaints: string[] = [];
const held = runMall((line) => complaints.push(line));
const PHONE = '13900139007';

const idOf = ({ headers }: Answered): string => headers.get('apigw-requestid') ?? '';

async function purchase(number: string, amountFen: number, phone = PHONE): Promise<Answered> {
  const { mall } = held;
  const token = await mall.tokenOf(mall.demo.till);
  return mall.send('POST', '/v1/purchases', { token, body: { number, amountFen, member: { phone } } });
}

/** The story as lines with the milliseconds, the ids and the instants taken out. */
const story = (id: string) => storyOf(readRunLog(join(held.mall.data, 'logs')), id);
const heading = (line: string) => line.replace(/, \d+ ms.*$/, '').replace(/^\S+Z /, '');

describe('a request is followed by its id', { shuffle: false }, () => {
  it('from the gateway through its function and its writes to the events and who reacted', async () => {
    const bought = await purchase('FOLLOW-1', 12_860, '13900139008');
    await held.mall.drain();
    const lines = story(idOf(bought));
    const memberId = String(bought.body.memberId);
    expect(lines.slice(0, 3).map(heading)).toEqual(['POST /v1/purchases → 201', '  AuthorizerClients', '  EarningApi']);
    expect(lines[3]).toMatch(new RegExp(`^ {4}INFO written .*"LEDGER#POINTS#${memberId}\\|\\d{10}"`));
    const events = lines.flatMap((line) => [...line.matchAll(/^ {4}(\S+) {2}event (\S{22}) of /g)]);
    const names = events.map(([, name = '']) => name).toSorted();
    expect(names).toEqual(['member.registered', 'points.earned', 'points.lot_opened', 'purchase.reported']);
    const reaction = lines.findIndex((line) => line.startsWith('      PointsOnPointsLotOpened'));
    expect(lines[reaction - 1]).toContain('points.lot_opened');
    expect(lines[reaction + 1]).toBe('        INFO reacting {"event":"points.lot_opened"}');
    expect(lines[reaction + 2]).toMatch(/^ {8}INFO written .*"LAPSE/);
    const [earned] = (await held.mall.events('points.earned')).filter(({ detail }) => detail.memberId === memberId);
    expect(events.map(([, , id]) => id)).toContain(earned?.detail.eventId);
  });

  it('so that a redemption tells its two events, and not those of a request that changed the order later', async () => {
    const { mall } = held;
    const { token } = await mall.logIn(PHONE);
    const { items } = (await mall.send('GET', '/v1/products')).body as {
      items: { productId: string; pricePoints: number }[];
    };
    const cheap = items.toSorted((one, other) => one.pricePoints - other.pricePoints)[0];
    await purchase('FOLLOW-2', 100_000_00);
    const placed = await mall.send('POST', '/v1/orders', { token, body: { productId: cheap?.productId } });
    expect(placed.status).toBe(201);
    const path = `/v1/me/orders/${String(placed.body.orderId)}/cancellation`;
    const cancelled = await mall.send('POST', path, { token });
    await mall.drain();
    const eventsOf = (answer: Answered) =>
      story(idOf(answer))
        .flatMap((line) => /^ {4}(\S+) {2}event/.exec(line)?.[1] ?? [])
        .toSorted();
    expect(eventsOf(placed)).toEqual(['order.placed', 'points.spent']);
    expect(eventsOf(cancelled)).toEqual(['order.cancelled', 'points.refunded']);
    expect(story(idOf(placed)).map(heading)).toContain('  OrdersApi');
  });

  it('and a refusal says by its instance which one it was, and why', async () => {
    const { mall } = held;
    const { token } = await mall.logIn('13900139001');
    const refused = await mall.send('POST', '/v1/orders', {
      token,
      body: { productId: 'prd_01ARZ3NDEKTSV4RRFFQ69G5FAV' },
    });
    expect(refused.body.instance).toBe(idOf(refused));
    expect(story(idOf(refused)).join('\n')).toContain('{"route":"POST /v1/orders","code":"catalog.');
  });

  it('by npm run trace, without colour where nobody looks; an id that nobody knows is said so', () => {
    const [request] = readRunLog(join(held.mall.data, 'logs')).filter(({ kind }) => kind === 'request');
    const id = request?.kind === 'request' ? request.requestId : '';
    const trace = (...args: string[]) =>
      spawnSync(process.execPath, ['bin/trace.ts', ...args, '--data', held.mall.data], { encoding: 'utf8' });
    const known = trace(id);
    expect([known.status, known.stdout.trim().split('\n').map(heading)[0]]).toEqual([
      0,
      request?.kind === 'request' && `${request.method} ${request.path} → ${request.status}`,
    ]);
    expect(known.stdout).not.toContain('\u001B');
    expect(trace(id.slice(0, -1)).stdout).toBe(known.stdout);
    expect(trace('nobody').stderr).toContain('says nothing of nobody');
    expect(trace('-PU-2TE4LnfGaNY=').stderr).toContain('says nothing of -PU-2TE4LnfGaNY=');
  });
});

describe('a poison record in the table', () => {
  it('becomes a dead letter with its reason, and its neighbours are announced, once each', async () => {
    const { mall } = held;
    await mall.drain();
    complaints.length = 0;
    const before = await purchase('POISON-1', 100);
    await force({ pk: 'LEDGER#POINTS#poison', sk: '0000000001', type: 'entry', v: 1 });
    const after = await purchase('POISON-2', 200);
    const drained = await mall.drain();
    expect(drained.deadLetters).toBe(1);
    const [letter] = (await (await fetch(`${mall.api}/local/dead-letters`)).json()) as {
      queue: string;
      body: object;
    }[];
    expect(letter).toMatchObject({
      queue: 'EventDeadLetters',
      body: { requestContext: { condition: 'RetryAttemptsExhausted' }, DDBStreamBatchInfo: { batchSize: 1 } },
    });
    const earned = await mall.events('points.earned');
    for (const { body } of [before, after]) {
      const own = earned.filter(({ detail }) => detail.reference === `purchase:${String(body.number)}`);
      expect(own).toHaveLength(1);
    }
    const said = readRunLog(join(mall.data, 'logs')).flatMap((line) => (line.kind === 'said' ? [line.text] : []));
    expect(said.filter((text) => text.includes('a change that cannot be announced')).length).toBeGreaterThan(1);
    expect((await mall.drain()).deadLetters).toBe(0);
  });
});
