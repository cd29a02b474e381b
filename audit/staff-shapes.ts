import { type Form, ID, instant, list, number, one, text } from './schema.ts';

const staffId = ID('stf');
const role = one('owner', 'operator', 'merchandiser', 'support', 'finance', 'auditor');

/** The people of the staff, their sessions, and what waits for two of them. */
export const staffShapes: Record<string, Record<string, Form>> = {
  staff: {
    staffId,
    userName: text,
    status: one('INVITED', 'ENROLLING', 'ACTIVE'),
    roles: list(role),
    createdAt: instant,
    version: number,
    'invitation?': text,
    'invitationEndsAt?': instant,
    'password?': text,
    'totp?': text,
    totpStep: number,
    recovery: list(text),
    generation: number,
    gsi1pk: text,
    gsi1sk: text,
  },
  'staff-name': { staffId },
  'staff-tries': {
    failures: number,
    lockedUntil: instant,
    endsAt: instant,
    attempt: text,
    version: number,
    expiresAtEpoch: number,
  },
  'staff-session': {
    staffId,
    sessionId: ID('ses'),
    refreshDigest: text,
    generation: number,
    startedAt: instant,
    idleEndsAt: instant,
    expiresAt: instant,
    expiresAtEpoch: number,
  },
  'first-owner': { staffId, endsAt: instant, enrolled: one(0, 1), alone: one(0, 1) },
  approval: {
    approvalId: ID('apr'),
    act: one('points-staff.adjust', 'programme.replace', 'staff.changeRoles'),
    subject: text,
    body: text,
    digest: text,
    why: text,
    status: one('OPEN', 'APPROVED', 'REJECTED'),
    by: text,
    at: instant,
    expiresAt: instant,
    'decidedBy?': text,
    'decidedAt?': instant,
    'decidedWhy?': text,
    'result?': text,
    request: text,
    gsi1pk: text,
    gsi1sk: text,
  },
};
