import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { earningContract } from '../../shared/earning/contract.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { asStaff, asTill, call } from '../support/call.ts';
import { loggedIn } from '../support/logins.ts';
import { openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { strangers, told } from '../support/staff.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });

const staff = asStaff('members.read');
const search = (body: object, as = staff) => call(membersContract, 'search', { as, body });
const read = (memberId: string, as = staff) => call(membersContract, 'read', { as, params: { memberId } });

async function reported(member: object): Promise<string> {
  const body = { number: `M-${randomUUID()}`, amountFen: 100, member };
  return (await call(earningContract, 'report', { as: asTill(), body })).body.memberId as string;
}

describe('POST /v1/members/search', () => {
  it('200 finds one by phone, with or without +86, and by id; the phone is masked', async () => {
    const { memberId } = await loggedIn('13812345678');
    const member = {
      memberId,
      phone: '+86138****5678',
      registeredAt: START,
      via: 'LOGIN',
      heldUntil: null,
      mergedInto: null,
    };
    for (const body of [{ phone: '13812345678' }, { phone: '+8613812345678' }, { memberId }]) {
      const found = await search(body);
      expect([found.status, found.body]).toEqual([200, { items: [member] }]);
      expect(JSON.stringify(found.body)).not.toContain('12345678');
    }
    expect((await read(memberId)).body).toEqual(member);
  });

  it('200 finds one whom a till reported by external id, who has no phone', async () => {
    const externalId = `crm-${randomUUID()}`;
    const memberId = await reported({ externalId });
    const items = [{ memberId, phone: null, registeredAt: START, via: 'TILL', heldUntil: null, mergedInto: null }];
    expect((await search({ externalId })).body).toEqual({ items });
  });

  it('200 finds nobody, and makes nobody', async () => {
    const phone = somePhone();
    for (const body of [{ phone }, { phone }, { externalId: randomUUID() }, { memberId: `mem_${'0'.repeat(26)}` }]) {
      const { status, body: found } = await search(body);
      expect([status, found]).toEqual([200, { items: [] }]);
    }
  });

  it.each<[string, object]>([
    ['nothing', {}],
    ['two names', { phone: '13812345678', externalId: 'crm-1' }],
    ['half a phone', { phone: '1381234' }],
    ['an id of another kind', { memberId: 'ord_00000000000000000000000000' }],
  ])('400 request.invalid for %s', async (_, body) => {
    expect(told(await search(body))).toBe('400 request.invalid');
  });

  it.each(strangers('members.read'))('%s', async (title, as) => {
    expect(told(await call(membersContract, 'search', { as, body: { phone: somePhone() } }))).toBe(title);
  });
});

describe('GET /v1/members/{memberId}', () => {
  it('404 members.not_found for one who never was', async () => {
    expect(told(await read(`mem_${'0'.repeat(26)}`))).toBe('404 members.not_found');
  });

  it.each(strangers('members.read'))('%s', async (title, as) => {
    const params = { memberId: `mem_${'0'.repeat(26)}` };
    expect(told(await call(membersContract, 'read', { as, params }))).toBe(title);
  });
});
