import { Refusal } from '../../errors.ts';
import { seal, unseal } from '../../keyring/sealing.ts';
import { iso } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import { type Basis, exchange } from '../../table/commit.ts';
import type { Write } from '../../table/writes.ts';
import { livingMember } from '../merges.ts';
import { clearPhone } from '../phones.ts';
import { AFTER_CHANGE, isHeld } from '../rules.ts';
import { findMember, holdSpending, type Member, type Merge, notErased, replacePhone } from '../store.ts';
import {
  addChange,
  changesOf,
  endTelling,
  findChange,
  type IdentityChange,
  removeChange,
  tryTelling,
} from './store.ts';

/** Where the phone that is told of a change is sealed for. */
const placeOf = ({ memberId, changeId }: Pick<IdentityChange, 'memberId' | 'changeId'>) =>
  `member:${memberId}:change:${changeId}`;

/** A change; a new phone (sealed) comes with the session that goes on. */
type Made = { change: 'BOUND' | 'UNBOUND' } | { change: 'PHONE'; phone: string; keep: string };

/** The write on the member: another phone, and an identity that is gone, hold what leaves the account for a day. */
function onMember(member: Member, made: Made, at: number): Write {
  const until = at + AFTER_CHANGE.heldMs;
  if (made.change === 'PHONE') return replacePhone(member, made.phone, until);
  return made.change === 'UNBOUND' ? holdSpending(member.memberId, until) : notErased(member.memberId);
}

/** The write by which the phone that a member has is told of a change; none where they have none. */
async function toldOf(member: Member, made: Pick<IdentityChange, 'change' | 'at' | 'keep'>): Promise<Write[]> {
  const { memberId } = member;
  const phone = await clearPhone(member);
  if (phone === null) return [];
  const changeId = newId('chg');
  return [
    addChange({ memberId, changeId, ...made, to: await seal(phone, placeOf({ memberId, changeId })), triedAt: 0 }),
  ];
}

/**
 * The writes that go with every change of what a member is recognised by: the phone that they had before is told. They
 * are refused once the member was erased.
 */
export async function noteChange(member: Member, made: Made, at: number): Promise<Write[]> {
  const { erasedAt, mergedInto } = member;
  if (erasedAt !== undefined) throw new Refusal('members.erased');
  if (mergedInto !== undefined) throw new Refusal('members.merged');
  const keep = made.change === 'PHONE' ? { keep: made.keep } : {};
  return [onMember(member, made, at), ...(await toldOf(member, { change: made.change, at, ...keep }))];
}

/** The writes by which the phones of two who are made one are told of it. */
export async function noteMerge({ memberId, heirId, at }: Pick<Merge, 'memberId' | 'heirId' | 'at'>): Promise<Write[]> {
  const both = await Promise.all([memberId, heirId].map((one) => findMember(one, 'consistent')));
  const told = both.flatMap((member) => (member ? [toldOf(member, { change: 'MERGED', at })] : []));
  return (await Promise.all(told)).flat();
}

/**
 * Refuses to let anything leave the account of a member, or of their heir, while a change of what they are recognised by
 * is younger than a day, and of one who was erased. No write stands on it, and it may be read a moment late: who spends
 * in the very instant of the change was there before it.
 */
export async function mustMaySpend(memberId: string, { at, reading }: Basis): Promise<void> {
  const living: Partial<Member> = (await livingMember(memberId, reading)) ?? {};
  if (living.erasedAt !== undefined) throw new Refusal('members.erased');
  mustNotBeHeld(living, at);
}

/** Refuses a member from whose account nothing may leave at this instant. */
export function mustNotBeHeld(member: Pick<Member, 'heldUntil'>, at: number): void {
  if (isHeld(member, at)) throw new Refusal('members.spending_held', { until: iso(member.heldUntil ?? 0) });
}

/** A change of which its member is about to be told, and where. */
export interface Telling {
  change: IdentityChange;
  to: string;
}

/**
 * Begins to tell of a change; undefined where they were told, or nobody is left to be. Of many who begin at once one goes
 * on, and the others fail and come again: whoever goes on may break off.
 */
export async function beginTelling(memberId: string, changeId: string): Promise<Telling | undefined> {
  const { answer } = await exchange<IdentityChange | undefined>(async ({ at }) => {
    const found = await findChange(memberId, changeId);
    if (found?.to === undefined) return { writes: [], answer: undefined };
    if (at - found.triedAt < AFTER_CHANGE.triedMs) throw new Error('Somebody else is telling of this change.');
    return { writes: [tryTelling(found, at)], answer: { ...found, triedAt: at } };
  });
  return answer?.to === undefined ? undefined : { change: answer, to: await unseal(answer.to, placeOf(answer)) };
}

/** Notes that they were told; or that they are not to be. */
export async function endOfTelling({ change }: Telling, wasTold: boolean): Promise<void> {
  await exchange(async ({ at }) => ({ writes: [endTelling(change, wasTold ? at : undefined)], answer: null }));
}

/** Which sessions a change ends: all of before but the one that goes on; undefined where it ends none. */
export async function endedBy(memberId: string, changeId: string): Promise<{ keep: string; at: number } | undefined> {
  const { keep, at = 0 } = (await findChange(memberId, changeId)) ?? {};
  return keep === undefined ? undefined : { keep, at };
}

/** Takes away what is kept of the changes of one who is erased. */
export async function eraseChanges(memberId: string): Promise<void> {
  for (const found of await changesOf(memberId))
    await exchange(async () => {
      const now = await findChange(memberId, found.changeId);
      return { writes: now ? [removeChange(now)] : [], answer: null };
    });
}

/** The changes of late, and who is still to be told: for who is shown all that is held on them. */
export async function changesHeldOn(memberId: string) {
  const all = await changesOf(memberId);
  return Promise.all(
    all.map(async ({ to, ...made }) => ({
      change: made.change,
      at: iso(made.at),
      toldAt: made.toldAt === undefined ? null : iso(made.toldAt),
      tells: to === undefined ? null : await unseal(to, placeOf(made)),
    })),
  );
}
