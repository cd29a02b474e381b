import { seal, unseal } from '../keyring/sealing.ts';
import type { Member } from './store.ts';

const placeOf = (memberId: string) => `member:${memberId}:phone`;

/** A phone as it lies on its member. */
export const sealPhone = (memberId: string, phone: string): Promise<string> => seal(phone, placeOf(memberId));

/** The phone of a member in clear; null where there is none. */
export async function clearPhone({ memberId, phone }: Pick<Member, 'memberId' | 'phone'>): Promise<string | null> {
  return phone ? unseal(phone, placeOf(memberId)) : null;
}
