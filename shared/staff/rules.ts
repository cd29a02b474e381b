import type { Limits } from '../platform/budget-windows.ts';

/** What staff have to do with each other and with the mall: a role is a list of permissions, and nothing else. */
export const ROLES = {
  owner: [
    'approvals.decide',
    'approvals.read',
    'audit.read',
    'catalog.write',
    'members.merge',
    'members.read',
    'members.unmask',
    'orders.cancel',
    'orders.read',
    'orders.ship',
    'partners.manage',
    'points.adjust',
    'points.adjust_beyond',
    'points.freeze',
    'points.read',
    'privacy.erase',
    'programme.read',
    'programme.write',
    'staff.manage',
    'staff.read',
  ],
  operator: [
    'approvals.decide',
    'approvals.read',
    'catalog.write',
    'members.merge',
    'members.read',
    'orders.cancel',
    'orders.read',
    'orders.ship',
    'points.freeze',
    'points.read',
    'programme.read',
    'programme.write',
  ],
  merchandiser: ['catalog.write', 'orders.read', 'orders.ship', 'programme.read'],
  support: [
    'approvals.read',
    'members.read',
    'members.unmask',
    'orders.cancel',
    'orders.read',
    'points.adjust',
    'points.freeze',
    'points.read',
    'privacy.erase',
  ],
  finance: [
    'approvals.decide',
    'approvals.read',
    'audit.read',
    'members.read',
    'orders.read',
    'points.adjust',
    'points.adjust_beyond',
    'points.read',
    'programme.read',
  ],
  /** Reads everything, changes nothing. */
  auditor: [
    'approvals.read',
    'audit.read',
    'members.read',
    'orders.read',
    'points.read',
    'programme.read',
    'staff.read',
  ],
} as const satisfies Record<string, readonly string[]>;

export type Role = keyof typeof ROLES;

/** What everybody may who is logged in, whatever their roles: see to their own password, recovery codes and sessions. */
const EVERYBODY = ['staff.self'];

/** What somebody with these roles may do. */
export function permissionsOf(roles: readonly Role[]): string[] {
  return [...new Set([...EVERYBODY, ...roles.flatMap((role): readonly string[] => ROLES[role])])].toSorted();
}

/** Who made a call: a person who logged in, or a client that acts for itself. */
export function isPerson(actor: string): boolean {
  return actor.startsWith('person:');
}

/** How a staff session lives: shorter than a member's, and over when nobody renews it for an hour. */
export const SESSION = { accessSeconds: 900, longestSeconds: 12 * 3_600, idleSeconds: 3_600 } as const;

/** For so long an invitation can be accepted. */
export const INVITATION_SECONDS = 72 * 3_600;

/** For so long a proposal waits for a second person. */
export const APPROVAL_SECONDS = 24 * 3_600;

export const RECOVERY_CODES = 10;

/** Tries that cost nothing, the first wait after them, and the longest. A day without a try, and they are forgotten. */
const TRIES = { free: 5, firstWaitSeconds: 30, longestWaitSeconds: 3_600 } as const;
export const TRIES_LIVE_SECONDS = 86_400;

/** How long nobody may try after so many failures in a row. */
export function waitSeconds(failures: number): number {
  if (failures < TRIES.free) return 0;
  return Math.min(TRIES.firstWaitSeconds * 2 ** Math.min(failures - TRIES.free, 10), TRIES.longestWaitSeconds);
}

/**
 * How many tries to log in may be wrong, whatever the names.
 *
 * NETWORK: one office is one network. When 500 people log in at nine, some 25 mistype, and what was right is taken back;
 *   60 is more than twice that, and also how many may be under way at once, of which an office that logs in has ten. Whoever
 *   guesses gets no further than the free tries of a dozen names. An hour alone bounds it: were it a day, one machine in
 *   the office would lock out all of it until midnight.
 * PROGRAMME: ten networks that do nothing else for an hour. It closes nothing, which would lock out all staff: half,
 *   four fifths and all of it are told to people.
 */
export const LOGIN_BUDGETS = {
  NETWORK: { hour: 60, day: 24 * 60 },
  PROGRAMME: { hour: 600, day: 600 },
} as const satisfies Record<string, Limits>;
