import { serve } from '../../shared/http/api.ts';
import { setting } from '../../shared/platform/settings.ts';
import { programmeContract } from '../../shared/programme/contract.ts';
import { checkChange, programme, replace } from '../../shared/programme/programme.ts';
import { proposalView, propose } from '../../shared/staff/approvals/approvals.ts';

export const handler = serve(programmeContract, {
  read: async () => ({ body: { ...(await programme()), timeZone: setting('TIME_ZONE') } }),

  replace: async ({ body, caller }) => {
    const { answer } = await replace(body, caller.id, { alone: caller.grants.includes('programme.write_alone') });
    return { body: { ...answer, timeZone: setting('TIME_ZONE') } };
  },

  propose: async ({ body: { change, reason: why }, caller, route, key }) => {
    const wish = { act: 'programme.replace', subject: 'programme', asked: change, why } as const;
    const by = { caller: caller.id, route, key };
    const { answer, replayed } = await propose(wish, by, () => checkChange(change));
    return { body: proposalView(answer), replayed };
  },
});
