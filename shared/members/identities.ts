import { Refusal } from '../errors.ts';
import { seal, unseal } from '../keyring/sealing.ts';
import { lookup, newId } from '../platform/ids.ts';
import type { Claims } from '../providers/identity/port.ts';
import { type Basis, exchange } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { ownerOf } from './merges.ts';
import { AFTER_CHANGE } from './rules.ts';
import {
  type Bound,
  findIdentities,
  freeIdentity,
  type IdentityKind,
  notErased,
  register,
  removeIdentities,
  take,
  writeIdentities,
} from './store.ts';

/** Where what somebody is recognised by is sealed for. */
const placeOf = (memberId: string, { kind, digest }: Pick<Bound, 'kind' | 'digest'>) =>
  `member:${memberId}:${kind}:${digest}`;

/** An identity as it is kept with the heir of who had it: bound now, or it would vouch for the heir at once. */
export async function boundAnew(
  memberId: string,
  heirId: string,
  { kind, digest, sealed }: Bound,
  at: number,
): Promise<Bound> {
  const value = await unseal(sealed, placeOf(memberId, { kind, digest }));
  return { kind, digest, sealed: await seal(value, placeOf(heirId, { kind, digest })), at };
}

/** What somebody is recognised by, in clear. */
export interface Named {
  kind: IdentityKind;
  value: string;
}

export interface Seen extends Named {
  digest: string;
  /** Whose it is. */
  memberId: string | undefined;
}

/** What a provider vouches for, and whose it is by now, for sure: where all is bound already, no write stands on it. */
export function seen(claims: Claims): Promise<Seen[]> {
  return Promise.all(
    claims.map(async ({ kind, value }) => {
      const digest = await lookup(kind, value);
      return { kind, value, digest, memberId: await ownerOf(kind, digest, 'consistent') };
    }),
  );
}

/** What is kept with the member of what they are recognised by: the id itself only sealed. */
export function bound(memberId: string, claims: readonly Omit<Seen, 'memberId'>[], at: number): Promise<Bound[]> {
  return Promise.all(
    claims.map(async ({ kind, value, digest }) => {
      return { kind, digest, sealed: await seal(value, placeOf(memberId, { kind, digest })), at };
    }),
  );
}

/**
 * What refuses a binding once the member was erased, and says what else follows; the request that asks for it; and how many
 * the member may have with it.
 */
interface Bindings {
  guard?: Write[] | undefined;
  request?: string;
  most?: number;
}

/** The writes by which identities that nobody has become this member's. */
export async function binding(
  memberId: string,
  claims: readonly Seen[],
  { at, reading }: Basis,
  { guard = [notErased(memberId)], request, most }: Bindings = {},
): Promise<Write[]> {
  if (claims.length === 0) return [];
  const before = await findIdentities(memberId, reading);
  const has = before?.bound.length ?? 0;
  if (most !== undefined && has + claims.length > most) throw new Refusal('members.identities_full', { most });
  const added = await bound(memberId, claims, at);
  return [
    ...guard,
    ...claims.map(({ kind, digest }) => take(kind, digest, memberId, at)),
    writeIdentities(memberId, before, [...(before?.bound ?? []), ...added], request),
  ];
}

/**
 * The member for whom a provider vouches; made now if there is none. What it vouches for and nobody has yet becomes
 * theirs. Where its ids are of two members, the first id counts and the other stays where it is.
 */
export async function findOrRegisterBy(claims: Claims): Promise<{ memberId: string; registered: boolean }> {
  const { answer } = await exchange(async (basis) => {
    const all = await seen(claims);
    const unseen = all.filter((one) => one.memberId === undefined);
    const memberId = all.find((one) => one.memberId !== undefined)?.memberId;
    if (memberId !== undefined) {
      return { writes: await binding(memberId, unseen, basis), answer: { memberId, registered: false } };
    }
    const member = { memberId: newId('mem'), registeredAt: basis.at, via: 'LOGIN' } as const;
    const writes = [
      ...register(unseen, member),
      writeIdentities(member.memberId, undefined, await bound(member.memberId, unseen, basis.at)),
    ];
    return { writes, answer: { memberId: member.memberId, registered: true } };
  });
  return answer;
}

/** The writes by which nothing of what is kept with a member leads to them any more, and the digests of the phones among it. */
export async function forgetIdentities(memberId: string): Promise<{ phoneDigests: string[]; writes: Write[] }> {
  const before = await findIdentities(memberId, 'consistent');
  const freed = (before?.bound ?? []).map(({ kind, digest }) => freeIdentity(kind, digest, memberId));
  const phones = (before?.bound ?? []).filter(({ kind }) => kind === 'PHONE');
  return { phoneDigests: phones.map(({ digest }) => digest), writes: [removeIdentities(memberId, before), ...freed] };
}

/** What a member has bound, in clear: for who is shown all that is held on them. */
export async function identitiesOf(memberId: string): Promise<(Named & { at: number })[]> {
  const bound = (await findIdentities(memberId, 'consistent'))?.bound ?? [];
  return Promise.all(
    bound.map(async ({ kind, digest, sealed, at }) => {
      return { kind, value: await unseal(sealed, placeOf(memberId, { kind, digest })), at };
    }),
  );
}

/**
 * Whether a provider vouches for this member by something that has been theirs for a day: what was bound by who has just
 * got in vouches for nothing.
 */
export async function isVouchedFor(memberId: string, claims: Claims, at: number): Promise<boolean> {
  const all = await seen(claims);
  if (all.find((one) => one.memberId !== undefined)?.memberId !== memberId) return false;
  const bound = (await findIdentities(memberId, 'consistent'))?.bound ?? [];
  const old = bound.filter((one) => at - one.at >= AFTER_CHANGE.heldMs);
  return all.some(({ kind, digest }) => old.some((one) => one.kind === kind && one.digest === digest));
}
