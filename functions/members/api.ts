import { serve } from '../../shared/http/api.ts';
import { membersContract } from '../../shared/members/contract.ts';
import { memberCode } from '../../shared/members/member-codes.ts';
import { profile, search } from '../../shared/members/members.ts';
import { iso } from '../../shared/platform/clock.ts';

export const handler = serve(membersContract, {
  me: async ({ caller: { memberId } }) => {
    const { registeredAt, ...member } = await profile(memberId);
    return { body: { ...member, registeredAt: iso(registeredAt) } };
  },

  code: async ({ caller: { memberId } }) => {
    const { code, nextAt } = await memberCode(memberId);
    return { body: { code, nextAt: iso(nextAt) } };
  },

  search: async ({ body, caller }) => {
    const found = await search(body, caller.id);
    return { body: { items: found.map((member) => ({ ...member, registeredAt: iso(member.registeredAt) })) } };
  },

  read: async ({ params }) => {
    const { registeredAt, ...member } = await profile(params.memberId);
    return { body: { ...member, registeredAt: iso(registeredAt) } };
  },
});
