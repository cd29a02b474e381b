import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LOOK_UPS } from '../../shared/members/rules.ts';
import { logger } from '../../shared/platform/logger.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { move, POINTS } from '../../shared/points/points.ts';
import { exchange } from '../../shared/table/commit.ts';
import { asMember, type Called, call } from '../support/call.ts';
import { loggedIn } from '../support/logins.ts';
import { counting } from '../support/long-chain.ts';
import { clock, openMall } from '../support/mall.ts';
import { availableOf, memberWith, somePhone } from '../support/people.ts';
import { allItems, counts, listingLate, losingReplies } from '../support/table.ts';

// 12:00 in the programme's zone.
const START = '2026-11-23T04:00:00.000Z';
const UNTIL_MIDNIGHT = 12 * 3_600;
openMall({ at: START });
afterEach(() => {
  vi.restoreAllMocks();
  clock(START);
});

const { day: MOST } = LOOK_UPS.GIFT;
const NOBODY = { phone: '15500000000' };
const give = (from: string, to: object, { points = 1, key = randomUUID() }: { points?: number; key?: string } = {}) =>
  call(pointsContract, 'give', { as: asMember(from), body: { to, points }, key });
const told = ({ status, body }: Called) => `${status}${body.code === undefined ? '' : ` ${body.code as string}`}`;
const times = <T>(count: number, send: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, () => send()));

async function known(): Promise<{ phone: string; memberId: string }> {
  const phone = somePhone();
  return { phone, memberId: (await loggedIn(phone)).memberId };
}

/** How many look-ups of each kind a member is counted for. */
async function countedOf(memberId: string): Promise<Record<string, number>> {
  const of = (await counts()).filter(({ type, budget }) => type === 'look-ups' && String(budget).endsWith(memberId));
  return Object.fromEntries(of.map(({ budget, inVain }) => [String(budget).split('#')[0] ?? '', Number(inVain)]));
}

/** Asks in vain as often as one may on a day. */
async function spendOn(giver: string): Promise<void> {
  for (let i = 0; i < MOST; i += 1) expect(told(await give(giver, NOBODY))).toBe('404 members.not_found');
}

describe('gifts to phones that are nobody’s', () => {
  it('429 members.look_ups_too_many until the next day, for every phone; another giver goes on', async () => {
    const [giver, other, { phone, memberId }] = [await memberWith(100), await memberWith(100), await known()];
    await spendOn(giver);
    for (const to of [NOBODY, { phone }]) {
      const refused = await give(giver, to);
      expect(told(refused)).toBe('429 members.look_ups_too_many');
      expect([refused.body.retryAfterSeconds, refused.headers['retry-after']]).toEqual([
        UNTIL_MIDNIGHT,
        String(UNTIL_MIDNIGHT),
      ]);
    }
    expect([await availableOf(giver), await availableOf(memberId)]).toEqual([100, 0]);
    expect(told(await give(giver, { memberId }))).toBe('201');
    expect(told(await give(other, { phone }))).toBe('201');
    clock('2026-11-23T15:59:59.000Z');
    expect((await give(giver, { phone })).headers['retry-after']).toBe('1');
    clock('2026-11-23T16:00:00.000Z');
    expect(told(await give(giver, { phone }))).toBe('201');
  });

  it('are looked up no more often than there is room for, however many come at once', async () => {
    const giver = await memberWith(100);
    vi.spyOn(logger, 'error').mockImplementation(() => undefined);
    const answers = (await times(100, () => give(giver, NOBODY))).map((one) => told(one));
    // On a machine that is busy with much else a count may be given up: then nobody is looked up.
    expect(new Set(answers.filter((answer) => answer !== '503 request.busy'))).toEqual(
      new Set(['404 members.not_found', '429 members.look_ups_too_many']),
    );
    expect(answers.filter((answer) => answer === '404 members.not_found').length).toBeLessThanOrEqual(MOST);
    expect(await countedOf(giver)).toEqual({ GIFT: MOST });
  });

  it('are all that counts: a gift that arrives leaves nothing, nor does one by id', async () => {
    const [giver, { phone, memberId }] = [await memberWith(100), await known()];
    for (let i = 0; i < MOST + 2; i += 1) expect(told(await give(giver, { phone }))).toBe('201');
    expect(await countedOf(giver)).toEqual({ GIFT: 0 });
    for (let i = 0; i < MOST + 2; i += 1) {
      expect(told(await give(giver, { memberId: `mem_${'0'.repeat(26)}` }))).toBe('404 members.not_found');
    }
    expect(told(await give(giver, { memberId }))).toBe('201');
    expect(await countedOf(giver)).toEqual({ GIFT: 0 });
  });

  it('do not count where nothing is learnt: who cannot give is told that alone', async () => {
    const [poor, { phone }] = [await memberWith(1), await known()];
    for (let i = 0; i < MOST + 2; i += 1) {
      for (const to of [{ phone }, NOBODY]) {
        expect(told(await give(poor, to, { points: 2 }))).toBe('409 points.insufficient');
      }
    }
    expect(await countedOf(poor)).toEqual({ GIFT: 0 });
  });

  it('ask the table two times more than by id, and at most twelve times', async () => {
    const [giver, { phone, memberId }] = [await memberWith(100), await known()];
    await give(giver, { memberId });
    const byId = await counting(() => give(giver, { memberId }));
    const byPhone = await counting(() => give(giver, { phone }));
    // To count it, to read whose it is, and to take it back.
    expect(byPhone.calls - byId.calls).toBe(3);
    const inVain = await counting(() => give(giver, NOBODY));
    const poor = await counting(() => give(giver, { phone }, { points: 1_000 }));
    for (const { calls } of [inVain, poor]) expect(calls).toBeLessThanOrEqual(12);
  });
});

describe('a gift by phone that is sent again', () => {
  it('201 the same answer, also where no phone is looked up any more', async () => {
    const [giver, { phone, memberId }] = [await memberWith(100), await known()];
    const first = await give(giver, { phone }, { key: 'k' });
    await spendOn(giver);
    for (const to of [{ phone }, { phone: `+86${phone}` }, { memberId }]) {
      const again = await give(giver, to, { key: 'k' });
      expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([201, first.body, 'true']);
    }
    expect(await countedOf(giver)).toEqual({ GIFT: MOST, REPEAT: 0 });
  });

  it('201 where the table’s copies do not know the gift yet', async () => {
    const [giver, { phone }] = [await memberWith(100), await known()];
    const late = (await allItems()).filter(({ pk }) => pk === `LEDGER#POINTS#${giver}`);
    const first = await give(giver, { phone }, { key: 'k' });
    await spendOn(giver);
    const seen = listingLate(`LEDGER#POINTS#${giver}`, late);
    expect((await give(giver, { phone }, { key: 'k' })).body).toEqual(first.body);
    expect(seen.late).toBe(1);
  });

  it('201 once, when the reply is lost and the write is sent again; nothing stays counted', async () => {
    const [giver, { phone }] = [await memberWith(100), await known()];
    losingReplies();
    expect(told(await give(giver, { phone }))).toBe('201');
    expect(await countedOf(giver)).toEqual({ GIFT: 0 });
  });

  it('422 request.key_reused for other phones so often alone: by a gift to an id nobody learns its phone', async () => {
    const [giver, { phone, memberId }, other] = [await memberWith(100), await known(), await known()];
    await give(giver, { memberId }, { key: 'k' });
    for (let i = 0; i < LOOK_UPS.REPEAT.day / 2; i += 1) {
      for (const to of [NOBODY, { phone: other.phone }]) {
        expect(told(await give(giver, to, { key: 'k' }))).toBe('422 request.key_reused');
      }
    }
    for (const to of [{ phone }, NOBODY]) {
      const refused = await give(giver, to, { key: 'k' });
      expect([told(refused), refused.headers['retry-after']]).toEqual([
        '429 members.look_ups_too_many',
        String(UNTIL_MIDNIGHT),
      ]);
    }
    expect(told(await give(giver, { memberId }, { key: 'k' }))).toBe('201');
    expect(told(await give(giver, { phone }))).toBe('201');
    clock('2026-11-23T16:00:00.000Z');
    expect(told(await give(giver, { phone }, { key: 'k' }))).toBe('201');
  });

  it('422 request.key_reused for another amount asks for nobody', async () => {
    const [giver, { phone }] = [await memberWith(100), await known()];
    await give(giver, { phone }, { key: 'k' });
    expect(told(await give(giver, { phone }, { key: 'k', points: 2 }))).toBe('422 request.key_reused');
    expect(await countedOf(giver)).toEqual({ GIFT: 0 });
  });
});

describe('a member who moves on while a gift by phone is decided', () => {
  it('201 counted once, however often it is decided', async () => {
    const [giver, { phone }] = [await memberWith(100), await known()];
    const spending = Array.from({ length: 4 }, (_, i) =>
      exchange(async (basis) => ({
        writes: [
          (
            await move(
              { memberId: giver, currency: POINTS },
              { kind: 'SPEND', amount: 1, reference: `order:${i}` },
              basis,
            )
          ).write,
        ],
        answer: null,
      })),
    );
    const [gift] = await Promise.all([give(giver, { phone }), ...spending]);
    expect(gift && told(gift)).toBe('201');
    expect(await countedOf(giver)).toEqual({ GIFT: 0 });
  });
});
