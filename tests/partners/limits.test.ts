import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import type { Refusal } from '../../shared/errors.ts';
import { partnersContract } from '../../shared/partners/contract.ts';
import { createClient } from '../../shared/partners/partners.ts';
import { asStaff, asTill, call } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { told } from '../support/staff.ts';
import { counts, throttled } from '../support/table.ts';

const NOON = '2026-11-23T04:00:00.000Z';
openMall({ at: NOON });

type Told = 'in' | string;

/** A partner with so many requests a minute. */
async function partner(requestsPerMinute: number): Promise<string> {
  const clientId = `till-${randomUUID()}`;
  await createClient({ clientId, kind: 'partner', name: 'Till', grants: ['purchases:write'], requestsPerMinute });
  return clientId;
}

/** A container of its own: it remembers nothing of the others, and its writes are counted. */
async function container() {
  vi.resetModules();
  const { admit } = await import('../../shared/partners/limits.ts');
  const { client } = await import('../../shared/table/client.ts');
  const sent = vi.spyOn(client, 'send');
  return {
    ask: (clientId: string): Promise<Told> =>
      admit({ clientId }).then(
        () => 'in',
        (error: unknown) => (error as Refusal).code,
      ),
    writes: () => sent.mock.calls.filter(([command]) => command.constructor.name === 'UpdateItemCommand').length,
  };
}

const times = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
const lettingIn = (answers: readonly Told[]) => answers.filter((one) => one === 'in').length;

describe('the limit of a partner', () => {
  it.each([20, 50, 200, 605])('of %i is not passed by four containers at once, and not missed', async (limit) => {
    const clientId = await partner(limit);
    const containers: Awaited<ReturnType<typeof container>>[] = [];
    while (containers.length < 4) containers.push(await container());
    const requests = 4 * limit;
    const answers = await Promise.all(times(requests, (i) => containers[i % 4]?.ask(clientId) ?? Promise.resolve('')));
    expect(lettingIn(answers)).toBe(limit);
    expect(new Set(answers)).toEqual(new Set(['in', 'request.too_many']));
    const writes = containers.reduce((sum, one) => sum + one.writes(), 0);
    expect(writes).toBeLessThanOrEqual(requests / 20 + 4);
  });

  it('costs one write for twenty requests, one after the other', async () => {
    const clientId = await partner(600);
    const one = await container();
    for (let i = 0; i < 100; i += 1) expect(await one.ask(clientId)).toBe('in');
    expect(one.writes()).toBe(5);
  });

  it('costs nothing more once it is reached', async () => {
    const clientId = await partner(20);
    const one = await container();
    await Promise.all(times(20, () => one.ask(clientId)));
    const answers = await Promise.all(times(500, () => one.ask(clientId)));
    expect([lettingIn(answers), one.writes()]).toEqual([0, 2]);
  });

  it('begins anew with the minute, and its counters end', async () => {
    const clientId = await partner(20);
    const one = await container();
    expect(lettingIn(await Promise.all(times(30, () => one.ask(clientId))))).toBe(20);
    clock('2026-11-23T04:01:00.000Z');
    expect(lettingIn(await Promise.all(times(30, () => one.ask(clientId))))).toBe(20);
    clock(NOON);
    const own = (await counts()).filter((item) => item['clientId'] === clientId);
    expect(own.map((item) => [item['leased'], item['expiresAtEpoch']])).toEqual([
      [20, Date.parse(NOON) / 1_000 + 3_600],
      [20, Date.parse(NOON) / 1_000 + 3_660],
    ]);
  });

  it.each([
    ['throttled', throttled()],
    ['broken', new Error('nobody there')],
  ])('lets nobody in when the counters are %s, and does so again when they are not', async (_, error) => {
    const clientId = await partner(20);
    const one = await container();
    const troubled = (await import('../support/table.ts')).trouble(() => error, { all: true });
    expect(await one.ask(clientId)).toBe('request.busy');
    troubled.mockRestore();
    expect(await one.ask(clientId)).toBe('in');
  });

  it('does not know who never was: a token of theirs is worth nothing', async () => {
    const one = await container();
    expect(await one.ask('nobody')).toBe('auth.token_invalid');
  });
});

describe('a route of partners', () => {
  const params = { number: 'A-1' };
  const read = (as = asTill()) => call(earningContract, 'read', { as, params });

  it('429 request.too_many with Retry-After to the end of the minute, whatever is asked', async () => {
    const as = { ...asTill(), id: await partner(20) };
    clock('2026-11-23T04:00:18.200Z');
    for (let i = 0; i < 19; i += 1) expect(told(await read(as))).toBe('404 purchases.not_found');
    expect(told(await call(earningContract, 'report', { as, body: {} }))).toBe('400 request.invalid');
    for (const answer of [await read(as), await call(earningContract, 'report', { as, body: {} })]) {
      expect(told(answer)).toBe('429 request.too_many');
      expect([answer.headers['retry-after'], answer.body.retryAfterSeconds]).toEqual(['42', 42]);
    }
    clock(NOON);
  });

  it('503 request.busy with Retry-After when nobody can count', async () => {
    const as = { ...asTill(), id: await partner(20) };
    const { trouble: troubleNow } = await import('../support/table.ts');
    const troubled = troubleNow(() => new Error('nobody there'), { all: true });
    const answer = await read(as);
    troubled.mockRestore();
    expect([told(answer), answer.headers['retry-after']]).toEqual(['503 request.busy', '1']);
  });

  it('401 auth.token_invalid from the next minute on for a client that is disabled, whatever its token says', async () => {
    const clientId = await partner(20);
    const as = { ...asTill(), id: clientId };
    expect(told(await read(as))).toBe('404 purchases.not_found');
    const body = { status: 'DISABLED' };
    await call(partnersContract, 'changeClient', { as: asStaff('partners.manage'), params: { clientId }, body });
    clock('2026-11-23T04:01:00.000Z');
    expect(told(await read(as))).toBe('401 auth.token_invalid');
    clock(NOON);
  });

  it('does not count who may not come in, nor staff', async () => {
    const clientId = await partner(20);
    expect(told(await read({ ...asTill('holds:write'), id: clientId }))).toBe('403 auth.forbidden');
    await call(partnersContract, 'listClients', { as: { ...asStaff('partners.manage'), id: clientId } });
    const own = (await counts()).filter((item) => item['clientId'] === clientId);
    expect(own).toEqual([]);
  });
});
