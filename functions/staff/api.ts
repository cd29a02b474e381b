import { serve } from '../../shared/http/api.ts';
import { readCursor, writeCursor } from '../../shared/http/cursor.ts';
import { iso } from '../../shared/platform/clock.ts';
import { proposalView, propose } from '../../shared/staff/approvals/approvals.ts';
import { staffContract } from '../../shared/staff/contract.ts';
import {
  changeRoles,
  checkRoles,
  endSessionsOf,
  type Invitation,
  invite,
  inviteAgain,
  peopleFrom,
  personOf,
  personView,
} from '../../shared/staff/people.ts';
import { recordsFor } from '../../shared/staff/staff.ts';
import { unmask } from '../../shared/staff/unmasking.ts';

const invitationView = ({ expiresAt, ...rest }: Invitation) => ({ ...rest, expiresAt: iso(expiresAt) });

async function placeIn(list: string, cursor: string | undefined): Promise<string | undefined> {
  return cursor === undefined ? undefined : String((await readCursor(list, cursor))[0]);
}

const cursorOf = async (list: string, next: string | undefined) =>
  next === undefined ? null : writeCursor(list, [next]);

export const handler = serve(staffContract, {
  audit: async ({ query: { subject, day = '', limit = 20, cursor } }) => {
    const wanted = subject === undefined ? { day } : { subject };
    const list = `audit:${JSON.stringify(wanted)}`;
    const { items, next } = await recordsFor(wanted, await placeIn(list, cursor), limit);
    return { body: { items, nextCursor: await cursorOf(list, next) } };
  },

  people: async ({ query: { limit = 20, cursor } }) => {
    const { items, next } = await peopleFrom(await placeIn('staff', cursor), limit);
    return { body: { items, nextCursor: await cursorOf('staff', next) } };
  },

  invite: async ({ body: { userName }, caller, route, key }) => {
    const { answer, replayed } = await invite(userName, { caller: caller.id, route, key });
    return { body: invitationView(answer), replayed };
  },

  inviteAgain: async ({ params: { staffId }, body: { reason }, caller, route, key }) => {
    const { answer, replayed } = await inviteAgain(staffId, reason, { caller: caller.id, route, key });
    return { body: invitationView(answer), replayed };
  },

  changeRoles: async ({ params, body, caller }) => {
    const by = { caller: caller.id, alone: caller.grants.includes('staff.manage_alone') };
    const { answer } = await changeRoles({ ...params, ...body }, by);
    return { body: await personView(answer) };
  },

  proposeRoles: async ({ params: { staffId }, body, caller, route, key }) => {
    const asked = { staffId, ...body };
    const wish = { act: 'staff.changeRoles', subject: staffId, asked, why: body.reason } as const;
    const by = { caller: caller.id, route: `${route} ${staffId}`, key };
    const { answer, replayed } = await propose(wish, by, async () => {
      checkRoles(await personOf(staffId, { reading: 'consistent' }), { caller: caller.id });
      return asked;
    });
    return { body: proposalView(answer), replayed };
  },

  endSessions: async ({ params: { staffId }, caller }) => {
    await endSessionsOf(staffId, caller.id, 'staff.endSessions');
    return { body: null };
  },

  unmask: async ({ params: { memberId }, body: { reason }, caller }) => ({
    body: await unmask(memberId, reason, caller.id),
  }),
});
