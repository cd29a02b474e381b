import { serve } from '../../shared/http/api.ts';
import { iso } from '../../shared/platform/clock.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import { erase, exportAll, mayBeErased } from '../../shared/privacy/privacy.ts';
import { proposalView, propose } from '../../shared/staff/approvals/approvals.ts';

export const handler = serve(privacyContract, {
  export: async ({ caller, route, key }) => {
    const { answer, replayed } = await exportAll(caller, { caller: caller.id, route, key });
    const { madeAt, expiresAt, ...rest } = answer;
    return { body: { ...rest, madeAt: iso(madeAt), expiresAt: iso(expiresAt) }, replayed };
  },

  erase: async ({ caller }) => {
    const { answer, replayed } = await erase(caller);
    return { body: { erasedAt: iso(answer.at) }, replayed };
  },

  eraseMember: async ({ params: { memberId }, body: { reason }, caller, route, key }) => {
    const body = { memberId, reason };
    const wish = { act: 'privacy.eraseMember', subject: memberId, asked: body, why: reason } as const;
    const by = { caller: caller.id, route: `${route} ${memberId}`, key };
    const { answer, replayed } = await propose(wish, by, async () => {
      await mayBeErased(memberId);
      return body;
    });
    return { body: proposalView(answer), replayed };
  },
});
