import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../../shared/errors.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { move } from '../../shared/points/points.ts';
import { get, type Item } from '../../shared/table/client.ts';
import { commit, exchange } from '../../shared/table/commit.ts';
import { type Clause, change, put, putWhen } from '../../shared/table/writes.ts';
import { asMember, call } from '../support/call.ts';
import { openMall } from '../support/mall.ts';
import { cancelled, conflicting, inProgress, stillInProgress, throttled, trouble } from '../support/table.ts';

openMall();
afterEach(() => {
  vi.restoreAllMocks();
});

const thing = (more: object = {}): Item => ({ pk: `THING#${randomUUID()}`, sk: 'THING', type: 'thing', v: 1, ...more });
const keyOf = ({ pk, sk }: Item) => ({ pk, sk });
const refusal = (code: ErrorCode) => expect.objectContaining({ code }) as object;

async function stored(more: object = {}): Promise<Item> {
  const item = thing(more);
  await commit([put(item, 'request.failed')]);
  return item;
}

describe('one write', () => {
  it('puts what was not there', async () => {
    const item = await stored({ n: 1 });
    expect(await get(keyOf(item))).toEqual(item);
  });

  it('refuses to put in the place of another, which stays', async () => {
    const item = await stored({ n: 1 });
    await expect(commit([put({ ...item, n: 2 }, 'catalog.sold_out')])).rejects.toEqual(refusal('catalog.sold_out'));
    expect(await get(keyOf(item))).toEqual(item);
  });

  it('has succeeded when its own item stands there: the answer was lost', async () => {
    const item = thing({ n: 1, nested: { list: ['甲', 0, null, true] }, bytes: new Uint8Array([1, 2, 3]) });
    const write = put(item, 'catalog.sold_out');
    await commit([write]);
    await expect(commit([write])).resolves.toBeUndefined();
  });

  it('has succeeded when its own ledger entry stands there', async () => {
    const account = { memberId: `mem_${randomUUID()}`, currency: 'POINTS' };
    const earn = { kind: 'EARN', amount: 5, lastDay: '2026-12-31', rule: 'BASE@0', reference: 'purchase:1' } as const;
    const { write } = await move(account, earn, { at: Date.now(), reading: 'consistent' });
    await commit([write]);
    await expect(commit([write])).resolves.toBeUndefined();
  });

  it.each<[string, Clause, boolean]>([
    ['=', ['n', '=', 5], true],
    ['= of another', ['n', '=', 6], false],
    ['= of text', ['n', '=', '5'], false],
    ['<', ['n', '<', 6], true],
    ['< at the bound', ['n', '<', 5], false],
    ['<=', ['n', '<=', 5], true],
    ['>', ['n', '>', 4], true],
    ['> at the bound', ['n', '>', 5], false],
    ['>=', ['n', '>=', 5], true],
    ['a field that is not there', ['m', '>=', 0], false],
  ])('changes, and puts over, only what fits: %s', async (_, clause, fits) => {
    const item = await stored({ n: 5 });
    const tries = [
      change(keyOf(item), { set: { seen: true }, when: [clause] }, 'catalog.sold_out'),
      putWhen({ ...item, m: 1 }, [clause], 'catalog.sold_out'),
    ];
    for (const write of tries) {
      if (fits) await commit([write]);
      else await expect(commit([write])).rejects.toEqual(refusal('catalog.sold_out'));
    }
    expect(await get(keyOf(item))).toEqual(fits ? { ...item, m: 1 } : item);
  });

  it('changes nothing that is not there, and makes nothing', async () => {
    const item = thing();
    const write = change(keyOf(item), { set: { n: 1 }, when: [] }, 'catalog.not_found');
    await expect(commit([write])).rejects.toEqual(refusal('catalog.not_found'));
    expect(await get(keyOf(item))).toBeUndefined();
  });

  it('puts under a condition where nothing is', async () => {
    const item = thing();
    await commit([putWhen(item, [['n', '=', 1]], 'catalog.sold_out')]);
    expect(await get(keyOf(item))).toEqual(item);
  });

  it('sets, adds and removes in one change, whatever the names', async () => {
    const item = await stored({ size: 5, name: 'a', 'a.b#:c': 1 });
    const set = { name: 'size = :0', '#0': '测' };
    await commit([change(keyOf(item), { set, add: { size: -2 }, remove: ['a.b#:c'], when: [] }, 'catalog.moved')]);
    expect(await get(keyOf(item))).toEqual({ ...keyOf(item), type: 'thing', v: 1, size: 3, ...set });
  });
});

describe('a list of writes', () => {
  it('is all or nothing', async () => {
    const [there, fresh] = [await stored(), thing()];
    const writes = [put(fresh, 'catalog.sold_out'), put({ ...there, n: 1 }, 'catalog.off_shelf')];
    await expect(commit(writes)).rejects.toEqual(refusal('catalog.off_shelf'));
    expect(await get(keyOf(fresh))).toBeUndefined();
  });

  it('is refused as its first refused write says', async () => {
    const [a, b] = [await stored(), await stored()];
    const sold = put({ ...a, n: 1 }, 'catalog.sold_out');
    const off = change(keyOf(b), { set: { n: 1 }, when: [['n', '=', 1]] }, 'catalog.off_shelf');
    const fine = put(thing(), 'request.failed');
    await expect(commit([fine, sold, off])).rejects.toEqual(refusal('catalog.sold_out'));
    await expect(commit([off, fine, sold])).rejects.toEqual(refusal('catalog.off_shelf'));
  });

  it('has succeeded when all its own items stand there, and its change is not made twice', async () => {
    const stock = await stored({ left: 1 });
    const take = change(keyOf(stock), { add: { left: -1 }, when: [['left', '>=', 1]] }, 'catalog.sold_out');
    const writes = [take, put(thing(), 'orders.already_placed'), put(thing({ n: 1 }), 'points.moved')];
    await commit(writes);
    await expect(commit(writes)).resolves.toBeUndefined();
    expect(await get(keyOf(stock))).toMatchObject({ left: 0 });
  });

  it('is refused when only one of its items is its own', async () => {
    const [mine, theirs] = [await stored({ n: 1 }), await stored({ n: 1 })];
    const writes = [put(mine, 'orders.already_placed'), put({ ...theirs, n: 2 }, 'points.moved')];
    await expect(commit(writes)).rejects.toEqual(refusal('orders.already_placed'));
  });

  it('is refused when its change was made by another, though the items it puts are the same', async () => {
    const hold = await stored({ status: 'HELD', key: '' });
    const entry = put(thing(), 'points.moved');
    const end = (key: string) =>
      change(
        keyOf(hold),
        { set: { status: 'ENDED', key }, when: [['status', '=', 'HELD']], proof: 'key' },
        'points.hold_moved',
      );
    await commit([end('one'), entry]);
    await expect(commit([end('one'), entry])).resolves.toBeUndefined();
    await expect(commit([end('two'), entry])).rejects.toEqual(refusal('points.hold_moved'));
  });

  it('may be empty', async () => {
    await expect(commit([])).resolves.toBeUndefined();
  });
});

describe('an exchange', () => {
  it('decides again when the account moved, and answers what was decided last', async () => {
    const there = await stored();
    const fresh = thing();
    let seen = 0;
    const outcome = await exchange(async () => {
      seen += 1;
      return { writes: [put(seen < 3 ? { ...there, seen } : fresh, 'points.moved')], answer: seen };
    });
    expect(outcome).toEqual({ answer: 3, replayed: false });
    expect(await get(keyOf(fresh))).toEqual(fresh);
  });

  it('gives up as busy within 12 attempts, with nothing written', async () => {
    const [there, other] = [await stored(), thing()];
    const decide = vi.fn(async () => ({
      writes: [put(other, 'catalog.sold_out'), put({ ...there, n: 1 }, 'points.moved')],
      answer: 1,
    }));
    const known = vi.fn(async () => undefined);
    await expect(exchange(decide, known)).rejects.toEqual(refusal('points.busy'));
    expect(decide.mock.calls.length).toBeGreaterThan(3);
    expect(decide.mock.calls.length).toBeLessThanOrEqual(12);
    expect(known).toHaveBeenCalledOnce();
    expect(await get(keyOf(other))).toBeUndefined();
  });

  it('never decides a plain refusal again, and asks first whether it was served before', async () => {
    const there = await stored();
    const decide = vi.fn(async () => ({ writes: [put({ ...there, n: 1 }, 'catalog.sold_out')], answer: 'new' }));
    await expect(exchange(decide)).rejects.toEqual(refusal('catalog.sold_out'));
    expect(decide).toHaveBeenCalledOnce();
    expect(await exchange(decide, async () => 'old')).toEqual({ answer: 'old', replayed: true });
    expect(decide).toHaveBeenCalledTimes(2);
  });

  it('lets through what is not a refusal', async () => {
    const decide = vi.fn(async () => {
      throw new TypeError('a mistake');
    });
    await expect(exchange(decide, async () => 'old')).rejects.toThrow(TypeError);
    expect(decide).toHaveBeenCalledOnce();
  });

  it.each([
    ['a transaction conflict', () => cancelled('None', 'TransactionConflict')],
    ['a throttled transaction', () => cancelled('ThrottlingError', 'None')],
  ])('sends a list again after %s', async (_, error) => {
    const [a, b] = [thing(), thing()];
    const send = trouble((n) => (n <= 3 ? error() : undefined));
    const outcome = await exchange(async () => ({
      writes: [put(a, 'points.moved'), put(b, 'points.moved')],
      answer: 1,
    }));
    expect(outcome.replayed).toBe(false);
    expect(send).toHaveBeenCalledTimes(4);
    expect([await get(keyOf(a)), await get(keyOf(b))]).toEqual([a, b]);
  });

  it('sends one write again that met a transaction', async () => {
    const item = thing();
    trouble((n) => (n <= 2 ? conflicting() : undefined));
    await exchange(async () => ({ writes: [put(item, 'points.moved')], answer: 1 }));
    expect(await get(keyOf(item))).toEqual(item);
  });

  it('sends a transaction that is still being made again as it is, and decides nothing anew', async () => {
    const [counter, other] = [await stored({ n: 1 }), thing()];
    const decide = vi.fn(async () => {
      // Of a change without a proof nothing tells whether it was made.
      const counted = change(keyOf(counter), { add: { n: 1 }, when: [['n', '=', 1]] }, 'catalog.sold_out');
      return { writes: [counted, put(other, 'catalog.sold_out')], answer: 'made' };
    });
    const sent = stillInProgress();
    expect((await exchange(decide)).answer).toBe('made');
    const tokens = sent.mock.calls.map(([{ input }]) => (input as { ClientRequestToken?: string }).ClientRequestToken);
    expect([tokens.length, new Set(tokens).size, decide.mock.calls.length]).toEqual([2, 1, 1]);
    expect(await get(keyOf(counter))).toMatchObject({ n: 2 });
  });

  it('is busy, after a bounded number of tries, while a transaction is still being made', async () => {
    const sent = trouble(() => inProgress());
    const made = exchange(async () => ({
      writes: [put(thing(), 'catalog.sold_out'), put(thing(), 'catalog.sold_out')],
      answer: null,
    }));
    await expect(made).rejects.toEqual(refusal('request.busy'));
    expect(sent.mock.calls.length).toBeLessThanOrEqual(60);
  });

  it('is busy when every try meets a conflict', async () => {
    const [a, b] = [thing(), thing()];
    const send = trouble(() => cancelled('TransactionConflict', 'None'));
    const writes = [put(a, 'points.moved'), put(b, 'points.moved')];
    await expect(exchange(async () => ({ writes, answer: 1 }))).rejects.toEqual(refusal('request.busy'));
    expect(send.mock.calls.length).toBeLessThanOrEqual(12);
    expect(await get(keyOf(a))).toBeUndefined();
  });
});

describe('a table that does not answer', () => {
  const named = (name: string) => Object.assign(new Error('injected'), { name });

  it.each([
    ['throttles', throttled],
    ['throttles the account', () => named('ThrottlingException')],
    ['allows no more requests', () => named('RequestLimitExceeded')],
    ['is silent', () => named('TimeoutError')],
    ['fails inside', () => named('InternalServerError')],
  ])('503 request.busy with Retry-After when it %s', async (_, error) => {
    trouble(error, { all: true });
    const { status, body, headers } = await call(membersContract, 'me', { as: asMember('mem_1') });
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'request.busy', '1']);
  });

  it('500 request.failed for a mistake of ours, of which the caller learns nothing', async () => {
    trouble(() => new TypeError('secret internals'), { all: true });
    const { status, body } = await call(membersContract, 'me', { as: asMember('mem_1') });
    expect([status, body.code]).toEqual([500, 'request.failed']);
    expect(JSON.stringify(body)).not.toContain('internals');
  });
});
