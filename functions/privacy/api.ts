import { serve } from '../../shared/http/api.ts';
import { iso } from '../../shared/platform/clock.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import { erase, exportAll } from '../../shared/privacy/privacy.ts';

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
});
