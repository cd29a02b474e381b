import { describe, expect, it } from 'vitest';
import { membersContract } from '../../shared/members/contract.ts';
import { asMember, call } from '../support/call.ts';
import { loggedIn } from '../support/logins.ts';
import { openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { told } from '../support/staff.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });

describe('GET /v1/me', () => {
  it('200 shows the phone masked, and nothing else', async () => {
    const phone = somePhone();
    const { memberId } = await loggedIn(phone);
    const { status, body } = await call(membersContract, 'me', { as: asMember(memberId) });
    const masked = `+86138****${phone.slice(-4)}`;
    expect([status, body]).toEqual([200, { memberId, phone: masked, registeredAt: START, heldUntil: null }]);
  });

  it('404 members.not_found for a member who is not there', async () => {
    expect(told(await call(membersContract, 'me', { as: asMember('mem_NOBODY') }))).toBe('404 members.not_found');
  });
});
