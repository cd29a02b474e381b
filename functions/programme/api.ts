import { serve } from '../../shared/http/api.ts';
import { setting } from '../../shared/platform/settings.ts';
import { programmeContract } from '../../shared/programme/contract.ts';
import { programme, replace } from '../../shared/programme/programme.ts';

export const handler = serve(programmeContract, {
  read: async () => ({ body: { ...(await programme()), timeZone: setting('TIME_ZONE') } }),

  replace: async ({ body, caller }) => {
    const { answer } = await replace(body, caller.id);
    return { body: { ...answer, timeZone: setting('TIME_ZONE') } };
  },
});
