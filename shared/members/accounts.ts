import { Refusal } from '../errors.ts';
import type { Basis } from '../table/commit.ts';
import { findMember } from './store.ts';

/** Whether all that was personal of this member is gone, or about to go. */
export async function isErased(memberId: string): Promise<boolean> {
  return (await findMember(memberId, 'eventual'))?.erasedAt !== undefined;
}

/** Refuses a member who never was. */
export async function mustBeMember(memberId: string, { reading }: Pick<Basis, 'reading'>): Promise<void> {
  if (!(await findMember(memberId, reading))) throw new Refusal('members.not_found', { memberId });
}

/** Whether what moves to this member is somebody's: they are known, and were not erased. */
export async function hasAccount(memberId: string, { reading }: Pick<Basis, 'reading'>): Promise<boolean> {
  const member = await findMember(memberId, reading);
  return member !== undefined && member.erasedAt === undefined;
}

/** Refuses a member who never was, and one who was erased: what moved there would be nobody's. */
export async function mustHaveAccount(memberId: string, { reading }: Pick<Basis, 'reading'>): Promise<void> {
  const member = await findMember(memberId, reading);
  if (!member) throw new Refusal('members.not_found', { memberId });
  if (member.erasedAt !== undefined) throw new Refusal('members.erased', { memberId });
}
