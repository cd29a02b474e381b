import { mustBeMember, phoneOf } from '../members/members.ts';
import { exchange } from '../table/commit.ts';
import { record } from './staff.ts';

/** The phone of a member in clear: it is not shown before the record says who looked, and why. */
export async function unmask(memberId: string, why: string, by: string) {
  await exchange(async (basis) => {
    await mustBeMember(memberId, basis);
    const told = await record({ clientId: by, act: 'staff.unmask', subject: memberId, why }, basis);
    return { writes: [told], answer: null };
  });
  return { memberId, phone: await phoneOf(memberId) };
}
