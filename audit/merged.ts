import { ofType, type World } from './world.ts';

/** So long after a merge all that is the heir's by it must be. */
const GRACE_MS = 600_000;

/** What is nobody's under a number that was closed. Addresses may stay there that found no room in the heir's book. */
const GONE = ['session', 'profile', 'preferences'];

interface Member {
  memberId: string;
  phone?: string;
  erasedAt?: number;
  mergedInto?: string;
  mergedAt?: number;
}

const memberAt = (world: World, memberId: unknown): Member | undefined =>
  world.items.get(`MEMBER#${String(memberId)}/MEMBER`)?.all as Member | undefined;

/** Whether all is the heir's by now that was this member's; an erasure is looked at by itself. */
const isOver = (world: World, member: Member | undefined): boolean =>
  member?.mergedInto !== undefined && member.erasedAt === undefined && (member.mergedAt ?? 0) + GRACE_MS < world.at;

/** The member, their note and their accounts name one heir, and each step leads on. */
function checkHeirs(world: World): void {
  for (const { key, all } of ofType(world, 'member')) {
    const { memberId, mergedInto, mergedAt } = all as unknown as Member;
    if ((mergedInto === undefined) !== (mergedAt === undefined))
      world.report('INV-31', key, 'says half of that it was merged');
    if (mergedInto === undefined) continue;
    const note = world.items.get(`MEMBER#${mergedInto}/MERGED#${memberId}`);
    if (note?.all['at'] !== mergedAt) world.report('INV-31', key, 'was merged, and its heir has no note of it');
    if (!world.chains.has(`LEDGER#POINTS#${memberId}`)) world.report('INV-31', key, 'was merged, and has no account');
    const met = new Set<unknown>();
    for (let next: unknown = memberId; next !== undefined; next = memberAt(world, next)?.mergedInto) {
      if (met.has(next)) {
        world.report('INV-31', key, 'was merged in a circle');
        break;
      }
      met.add(next);
    }
  }
  for (const { key, all } of ofType(world, 'merged-member')) {
    if (memberAt(world, all['memberId'])?.mergedInto !== all['heirId'])
      world.report('INV-31', key, 'is not what its member says');
  }
  for (const { pk, memberId, entries } of world.chains.values()) {
    const last = entries.at(-1);
    const heirId = last?.kind === 'MERGE_OUT' ? last.parts.party : undefined;
    if (memberAt(world, memberId)?.mergedInto !== heirId)
      world.report('INV-31', pk, `is closed for ${heirId ?? 'nobody'}, and its member is not`);
  }
}

/** Who was merged has one heir, and what was theirs is the heir's (INV-31). */
export function checkMerged(world: World): void {
  checkHeirs(world);
  for (const { key, all } of ofType(world, 'member')) {
    const member = all as unknown as Member;
    if (isOver(world, member) && member.phone !== undefined) world.report('INV-31', key, 'was merged and has a phone');
  }
  for (const { key, all } of ofType(world, 'identity')) {
    if (isOver(world, memberAt(world, all['memberId']))) world.report('INV-31', key, 'finds a member who was merged');
  }
  for (const { key, all } of ofType(world, 'identities')) {
    const isKept = (all['bound'] as unknown[]).length > 0;
    if (isKept && isOver(world, memberAt(world, all['memberId'])))
      world.report('INV-31', key, 'is kept of a member who was merged');
  }
  for (const type of GONE) {
    for (const { key, all } of ofType(world, type))
      if (isOver(world, memberAt(world, all['memberId']))) world.report('INV-31', key, 'is of a member who was merged');
  }
  for (const { key, all } of ofType(world, 'order')) {
    const owner = memberAt(world, all['ownerId'] ?? all['memberId']);
    if (isOver(world, owner)) world.report('INV-31', key, 'is listed with a member who was merged');
  }
}
