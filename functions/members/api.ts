import { serve } from '../../shared/http/api.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { profile, search } from '../../shared/members/members.ts';
import { logIn, logOut, refresh } from '../../shared/members/sessions.ts';
import { iso } from '../../shared/platform/clock.ts';

export const handler = serve(membersContract, {
  logIn: async ({ body: { phone, code } }) => ({ body: await logIn(phone, code) }),

  refresh: async ({ body: { refreshToken } }) => ({ body: await refresh(refreshToken) }),

  logOut: async ({ caller: { memberId, sessionId } }) => {
    await logOut(memberId, sessionId);
    return { body: null };
  },

  me: async ({ caller: { memberId } }) => {
    const { registeredAt, ...member } = await profile(memberId);
    return { body: { ...member, registeredAt: iso(registeredAt) } };
  },

  search: async ({ body }) => {
    const found = await search(body);
    return { body: { items: found.map((member) => ({ ...member, registeredAt: iso(member.registeredAt) })) } };
  },

  read: async ({ params }) => {
    const { registeredAt, ...member } = await profile(params.memberId);
    return { body: { ...member, registeredAt: iso(registeredAt) } };
  },
});
