import { Refusal } from '../errors.ts';
import { unseal } from '../keyring/sealing.ts';
import { exchange } from '../table/commit.ts';
import { record } from './staff.ts';
import { findSealedPhone } from './store.ts';

/** The phone of a member in clear: it is not shown before the record says who looked, and why. */
export async function unmask(memberId: string, why: string, by: string) {
  const { answer: sealed } = await exchange(async (basis) => {
    const phone = await findSealedPhone(memberId);
    if (phone === undefined) throw new Refusal('members.not_found', { memberId });
    const told = await record({ clientId: by, act: 'staff.unmask', subject: memberId, why }, basis);
    return { writes: [told], answer: phone };
  });
  return { memberId, phone: sealed === null ? null : await unseal(sealed, `member:${memberId}:phone`) };
}
