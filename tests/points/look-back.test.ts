import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Draft, emptyAccount } from '../../shared/points/account.ts';
import { link } from '../../shared/points/chain.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import type { Amounted } from '../../shared/points/movements.ts';
import { move, moveOnce, POINTS } from '../../shared/points/points.ts';
import { next } from '../../shared/points/rules.ts';
import { head } from '../../shared/points/store.ts';
import type { Item } from '../../shared/table/client.ts';
import { exchange } from '../../shared/table/commit.ts';
import { keys } from '../../shared/table/keys.ts';
import { put } from '../../shared/table/writes.ts';
import { asMember, call } from '../support/call.ts';
import { clock, openMall, ZONE } from '../support/mall.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall();
beforeEach(() => clock(START));

const someone = () => ({ memberId: `mem_${randomUUID()}`, currency: POINTS });
type Account = ReturnType<typeof someone>;

const earn = (reference: string, more: object = {}): Amounted => ({
  kind: 'EARN',
  amount: 1,
  lastDay: '2027-12-31',
  rule: 'BASE@0',
  reference,
  ...more,
});

/** Lets the account move so often, each movement with a reference of its own. */
async function fill(account: Account, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const movement = earn(`purchase:${randomUUID()}`);
    await exchange(async () => ({
      writes: [(await move(account, movement, { at: Date.now(), reading: 'consistent' })).write],
      answer: null,
    }));
  }
}

/** Asks for a movement; the sequence number of the entry that it is, and whether it was there before. */
async function once(account: Account, movement: Amounted): Promise<{ seq: number; before: boolean }> {
  const { answer } = await exchange(async (basis) => {
    const found = await moveOnce(account, movement, basis);
    if ('repeat' in found) return { writes: [], answer: { seq: found.repeat.seq, before: true } };
    return { writes: [found.step.write], answer: { seq: found.step.seq, before: false } };
  });
  return answer;
}

describe('the same movement again', () => {
  it.each([0, 31, 32, 33, 66])('is found %i entries back', async (count) => {
    const account = someone();
    await fill(account, 2);
    expect(await once(account, earn('grant:1'))).toEqual({ seq: 3, before: false });
    await fill(account, count);
    expect(await once(account, earn('grant:1'))).toEqual({ seq: 3, before: true });
    expect((await head(account, 'consistent'))?.seq).toBe(3 + count);
  });

  it('is refused when its content is another', async () => {
    const account = someone();
    await once(account, earn('grant:1', { occurredAt: Date.parse(START) }));
    for (const other of [{ amount: 2 }, { occurredAt: Date.parse(START) - 1 }]) {
      await expect(once(account, earn('grant:1', other))).rejects.toMatchObject({ code: 'request.key_reused' });
    }
    await expect(once(account, { kind: 'SPEND', amount: 1, reference: 'grant:1' })).rejects.toMatchObject({
      code: 'request.key_reused',
    });
  });

  it('is not looked for among entries older than 24 hours beyond the 32 that the head knows', async () => {
    const account = someone();
    await once(account, earn('grant:1'));
    await fill(account, 40);
    clock('2026-11-24T04:00:00.001Z');
    expect(await once(account, earn('grant:1'))).toEqual({ seq: 42, before: false });
  });

  it('is looked for since 5 minutes before its own time, where the caller gave one', async () => {
    const [near, far] = [someone(), someone()];
    for (const account of [near, far]) {
      await once(account, earn('grant:1', { occurredAt: Date.parse(START) }));
      await fill(account, 40);
      clock('2026-11-26T04:00:00.000Z');
      await fill(account, 1);
      expect(await once(account, earn('grant:1', { occurredAt: Date.parse(START) }))).toEqual({ seq: 1, before: true });
      clock(START);
    }
  });

  it('429 points.too_many_movements where a chain moved so often in a day that a repeat cannot be told', async () => {
    const account = someone();
    const from = { recordedAt: Date.parse(START), effectiveAt: Date.parse(START), after: emptyAccount() };
    const draft = next(from, earn('purchase:many'), { now: Date.parse(START), zone: ZONE }) as Draft;
    // Only the entries that a look back meets are there.
    const seqs = Array.from({ length: 210 }, (_, i) => 7_000 - 33 * i);
    for (const seq of seqs) {
      const item = link(undefined, draft, keys.entry(POINTS, account.memberId, seq));
      await exchange(async () => ({ writes: [put(item as unknown as Item, 'points.moved')], answer: null }));
    }
    const gift = { to: { memberId: `mem_${'0'.repeat(26)}` }, points: 1 };
    const { status, body } = await call(pointsContract, 'give', { as: asMember(account.memberId), body: gift });
    expect([status, body.code]).toEqual([429, 'points.too_many_movements']);
    clock('2026-11-24T04:00:00.001Z');
    const later = await call(pointsContract, 'give', { as: asMember(account.memberId), body: gift });
    expect(later.body.code).toBe('members.not_found');
  });
});
