import { afterEach, describe, expect, it, vi } from 'vitest';
import { membersContract } from '../../shared/members/contract.ts';
import { LOOK_UPS } from '../../shared/members/rules.ts';
import { logger } from '../../shared/platform/logger.ts';
import { client, get } from '../../shared/table/client.ts';
import { keys } from '../../shared/table/keys.ts';
import { asPerson, call, type Who } from '../support/call.ts';
import { loggedIn } from '../support/logins.ts';
import { clock, openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { told } from '../support/staff.ts';
import { allItems, counts, force } from '../support/table.ts';

// 12:20 in the programme's zone.
const NOW = '2026-11-23T04:20:00.000Z';
const DAY = '2026-11-23';
openMall({ at: NOW });
afterEach(() => {
  vi.restoreAllMocks();
  clock(NOW);
});

const { hour: MOST } = LOOK_UPS.SEARCH;
let people = 0;
const somebody = (): Who => {
  people += 1;
  return asPerson(`stf_${String(people).padStart(26, '0')}`, 'members.read');
};
const budgetOf = ({ id }: Who) => `SEARCH#person:${id}`;
const search = (as: Who, body: object) => call(membersContract, 'search', { as, body });
const miss = (as: Who) => search(as, { phone: '+8615500000000' });

/** So many were in vain today, and in this hour, as if they had asked. */
async function spend(who: Who, { day, hour }: { day: number; hour: number }): Promise<void> {
  const budget = budgetOf(who);
  const at = { ...keys.lookUps(budget, DAY), type: 'look-ups', v: 1, budget, day: DAY };
  await force({ ...at, inVain: day, h12: hour, expiresAtEpoch: 1_800_000_000 });
}
const spent = async (who: Who) => {
  const { inVain, h12 } = (await get<{ inVain: number; h12: number }>(keys.lookUps(budgetOf(who), DAY))) ?? {};
  return { day: inVain, hour: h12 };
};

describe('POST /v1/members/search by phones that are nobody’s', () => {
  it('429 members.look_ups_too_many until the next hour, for every phone; another caller goes on', async () => {
    const phone = somePhone();
    const { memberId } = await loggedIn(phone);
    const [one, other] = [somebody(), somebody()];
    await spend(one, { day: 300, hour: MOST - 1 });
    expect((await miss(one)).body).toEqual({ items: [] });
    for (const asked of [phone, '15500000000', somePhone()]) {
      const refused = await search(one, { phone: asked });
      expect(told(refused)).toBe('429 members.look_ups_too_many');
      expect([refused.body.retryAfterSeconds, refused.headers['retry-after']]).toEqual([2_400, '2400']);
    }
    expect(told(await search(one, { memberId }))).toBe('200');
    expect((await search(other, { phone })).body.items).toMatchObject([{ memberId }]);
    clock('2026-11-23T04:59:59.000Z');
    expect((await search(one, { phone })).headers['retry-after']).toBe('1');
    clock('2026-11-23T05:00:00.000Z');
    expect((await search(one, { phone })).body.items).toMatchObject([{ memberId }]);
  });

  it('are looked up no more often than there is room for, however many come at once', async () => {
    const who = somebody();
    vi.spyOn(logger, 'error').mockImplementation(() => undefined);
    const answers = (await Promise.all(Array.from({ length: 100 }, () => miss(who)))).map((answer) => told(answer));
    // On a machine that is busy with much else a count may be given up: then nobody is looked up.
    expect(new Set(answers.filter((answer) => answer !== '503 request.busy'))).toEqual(
      new Set(['200', '429 members.look_ups_too_many']),
    );
    expect(answers.filter((answer) => answer === '200').length).toBeLessThanOrEqual(MOST);
    expect(await spent(who)).toEqual({ day: MOST, hour: MOST });
  });

  it('are all that counts: who is found leaves nothing, nor do an id and an external id', async () => {
    const phone = somePhone();
    const { memberId } = await loggedIn(phone);
    const who = somebody();
    await spend(who, { day: MOST - 1, hour: MOST - 1 });
    const before = (await allItems()).length;
    for (let i = 0; i < 3; i += 1) expect((await search(who, { phone })).body.items).toMatchObject([{ memberId }]);
    for (let i = 0; i < 3; i += 1) {
      expect((await search(who, { memberId: `mem_${'0'.repeat(26)}` })).body).toEqual({ items: [] });
      expect((await search(who, { externalId: `nobody-${i}` })).body).toEqual({ items: [] });
    }
    expect(await spent(who)).toEqual({ day: MOST - 1, hour: MOST - 1 });
    expect((await allItems()).length).toBe(before);
  });

  it('leave who asked and how often for three days, and no phone', async () => {
    const who = somebody();
    await miss(who);
    expect((await counts()).filter(({ budget }) => budget === budgetOf(who))).toEqual([
      {
        ...keys.lookUps(budgetOf(who), DAY),
        type: 'look-ups',
        v: 1,
        budget: budgetOf(who),
        day: DAY,
        inVain: 1,
        h12: 1,
        expiresAtEpoch: Date.parse('2026-11-26') / 1_000,
      },
    ]);
  });
});

describe('a table that does not count', () => {
  /** The counts of look-ups fail from the n-th on. */
  function failing(from: number): void {
    const real = client.send.bind(client) as (command: unknown) => Promise<unknown>;
    let counted = 0;
    const send = async (command: { input: { Key?: { pk?: { S?: string } } } }) => {
      const isCount = command.input.Key?.pk?.S?.startsWith('LOOK-UPS#') === true;
      if (isCount) counted += 1;
      if (isCount && counted >= from) throw new Error('The table is away.');
      return real(command);
    };
    vi.spyOn(client, 'send').mockImplementation(send as never);
  }

  it('503 request.busy, and nobody is looked up', async () => {
    vi.spyOn(logger, 'error').mockImplementation(() => undefined);
    failing(1);
    expect(told(await search(somebody(), { phone: somePhone() }))).toBe('503 request.busy');
  });

  it('200 where only what found somebody cannot be taken back: it stays counted', async () => {
    const [phone, who] = [somePhone(), somebody()];
    const { memberId } = await loggedIn(phone);
    const said = vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
    failing(2);
    expect((await search(who, { phone })).body.items).toMatchObject([{ memberId }]);
    expect(said.mock.calls.map(([line]) => line)).toEqual(['a look-up by phone was not taken back']);
    vi.restoreAllMocks();
    expect(await spent(who)).toEqual({ day: 1, hour: 1 });
  });
});
