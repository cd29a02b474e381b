/** What a partner system may be granted. */
export const SCOPES = ['purchases:write', 'purchases:backfill', 'holds:write'] as const;

/**
 * What staff may be granted: clients one by one, persons by their roles. What ends in `_alone` is a client's only: it
 * does without a second person what otherwise takes two.
 */
export const PERMISSIONS = [
  'approvals.decide',
  'approvals.read',
  'audit.read',
  'catalog.write',
  'clients.write',
  'members.merge',
  'members.read',
  'members.unmask',
  'orders.cancel',
  'orders.read',
  'orders.ship',
  'points.adjust',
  'points.adjust_alone',
  'points.adjust_beyond',
  'points.freeze',
  'points.import',
  'points.read',
  'programme.read',
  'programme.write',
  'programme.write_alone',
  'staff.manage',
  'staff.manage_alone',
  'staff.read',
  'staff.self',
] as const;

export type Grant = (typeof SCOPES)[number] | (typeof PERMISSIONS)[number];

/** The client whose secret a deployment generates: it may make one client, and is used up by that. */
export const FIRST_STAFF = 'first-staff';

/** Those of the grants that a client of this kind cannot have. */
export function unknownGrants(kind: 'partner' | 'staff', grants: readonly string[]): string[] {
  const known: readonly string[] = kind === 'partner' ? SCOPES : PERMISSIONS;
  return grants.filter((grant) => !known.includes(grant));
}

/** No client id is longer. */
export const MAX_ID = 64;

/** How long a client's token lives. */
export const TOKEN_SECONDS = 3_600;

/** What is granted out of what the client has: all of it when nothing is asked, undefined when more is asked. */
export function grantsFor(has: readonly string[], asked: string | undefined): readonly string[] | undefined {
  const wanted = (asked ?? '').split(' ').filter(Boolean);
  if (wanted.length === 0) return has;
  return wanted.every((grant) => has.includes(grant)) ? wanted : undefined;
}
