import { Refusal } from '../errors.ts';
import { unseal } from '../keyring/sealing.ts';
import { lookup } from '../platform/ids.ts';
import { deleteObject } from '../providers/objects.ts';
import { exchange } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { avatarKey } from './profiles/rules.ts';
import { removeOwn } from './profiles/store.ts';
import { findMember, freeIdentity, noteErased } from './store.ts';

/** The writes by which a member is nobody's any more, and the digest by which their phone was found. */
export async function forget(memberId: string, at: number): Promise<{ phoneDigest?: string; writes: Write[] }> {
  const member = await findMember(memberId, 'consistent');
  if (!member) throw new Refusal('members.not_found');
  const erased = noteErased(memberId, at);
  if (member.phone === undefined) return { writes: [erased] };
  const phoneDigest = await lookup('PHONE', await unseal(member.phone, `member:${memberId}:phone`));
  return { phoneDigest, writes: [erased, freeIdentity('PHONE', phoneDigest, memberId)] };
}

/** Takes away profile, preferences, addresses and picture of one who is erased; again changes nothing. */
export async function eraseOwn(memberId: string): Promise<void> {
  await exchange(async () => ({ writes: await removeOwn(memberId), answer: null }));
  await deleteObject(avatarKey(memberId));
}
