import { Refusal } from '../errors.ts';
import { maskName, maskPhone } from '../platform/masking.ts';
import { type Claims, nameIn } from '../providers/identity/port.ts';
import { exchange } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { noteChange } from './changes/changes.ts';
import { binding, identitiesOf, seen } from './identities.ts';
import { type Company, companyOf, MOST_BOUND } from './rules.ts';
import { findIdentities, findMember, unbindIdentity, writeIdentities } from './store.ts';

/** What tells a request from all others, and the write that refuses it once who asks for it may do so no more. */
export interface Asked {
  request: string;
  guard: Write;
}

/** Binds what a provider vouches for to a member; it may be theirs already, and is never taken from another. */
export async function bind(memberId: string, claims: Claims, asked: Asked): Promise<void> {
  await exchange(async (basis) => {
    const all = await seen(claims);
    if (all.some((one) => one.memberId !== undefined && one.memberId !== memberId)) {
      throw new Refusal('members.identity_of_another');
    }
    const member = await findMember(memberId, basis.reading);
    if (!member) throw new Refusal('members.not_found');
    const unseen = all.filter((one) => one.memberId === undefined);
    // By something that is the member's already, the provider shows that it is the same person.
    const guard = all.length > unseen.length ? undefined : await noteChange(member, { change: 'BOUND' }, basis.at);
    const writes = await binding(memberId, unseen, basis, { guard, request: asked.request, most: MOST_BOUND });
    return { writes: writes.length === 0 ? [] : [...writes, asked.guard], answer: null };
  });
}

/** Whether the last change of what a member is recognised by was made by this very request. */
export async function wasMadeBy(memberId: string, request: string): Promise<boolean> {
  return (await findIdentities(memberId, 'consistent'))?.request === request;
}

/** What a member has bound: of each company the first, masked, and of further phones; instants in epoch milliseconds. */
export async function boundTo(memberId: string): Promise<{ provider: Company; name: string; boundAt: number }[]> {
  const bound = Map.groupBy(await identitiesOf(memberId), ({ kind }) => companyOf(kind));
  return [...bound].flatMap(([provider, [first]]) => {
    if (!first || provider === undefined) return [];
    const name = provider === 'PHONE' ? maskPhone(first.value) : maskName(nameIn(first));
    return [{ provider, name, boundAt: first.at }];
  });
}

/** Takes all that a company calls a member off them, unless nothing would be left to log in by; again changes nothing. */
export async function unbind(memberId: string, company: Company, guard: Write): Promise<void> {
  await exchange(async ({ at }) => {
    // Where nothing is written, nothing guards what was read.
    const [member, before] = await Promise.all([
      findMember(memberId, 'consistent'),
      findIdentities(memberId, 'consistent'),
    ]);
    const bound = before?.bound ?? [];
    const go = bound.filter(({ kind }) => companyOf(kind) === company);
    const stay = bound.filter(({ kind }) => companyOf(kind) !== company);
    if (!member) throw new Refusal('members.not_found');
    if (go.length === 0) return { writes: [], answer: null };
    const isWayIn = stay.some(({ kind }) => companyOf(kind) !== undefined);
    if (!isWayIn && member.phone === undefined) throw new Refusal('members.identity_last');
    const freed = go.map(({ kind, digest }) => unbindIdentity(kind, digest, memberId, at));
    const noted = await noteChange(member, { change: 'UNBOUND' }, at);
    return { writes: [...noted, ...freed, writeIdentities(memberId, before, stay), guard], answer: null };
  });
}
