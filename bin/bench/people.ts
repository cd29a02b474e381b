import { randomInt, randomUUID } from 'node:crypto';
import { report } from '../../shared/earning/earning.ts';
import type { MemberRef } from '../../shared/members/members.ts';
import type { By } from '../../shared/platform/ids.ts';

const TILL = { clientId: 'bench-till', mayBackfill: true };

/** A key that nobody has used, on a route of the bench's own. */
export function underNewKey(route: string): By {
  return { caller: 'bench', route, key: randomUUID() };
}

/** Reports a purchase of so many yuan, which gives as many points. */
export async function buy(member: MemberRef, yuan: number, occurredAt?: number) {
  const purchase = { number: `P-${randomUUID()}`, amountFen: yuan * 100, member, occurredAt };
  return (await report(purchase, TILL)).answer;
}

/** The member of this phone, who becomes one by a purchase. */
export async function memberBy(member: MemberRef): Promise<string> {
  return (await buy(member, 1)).memberId;
}

/** A new member who has so many points. */
export async function memberWith(points: number): Promise<string> {
  const phone = `+86138${String(randomInt(100_000_000)).padStart(8, '0')}`;
  return (await buy({ phone }, points)).memberId;
}
