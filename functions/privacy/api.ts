import { serve } from '../../shared/http/api.ts';
import { iso } from '../../shared/platform/clock.ts';
import { privacyContract } from '../../shared/privacy/contract.ts';
import { erase } from '../../shared/privacy/privacy.ts';

export const handler = serve(privacyContract, {
  erase: async ({ caller: { memberId } }) => {
    const { answer, replayed } = await erase(memberId);
    return { body: { erasedAt: iso(answer.at) }, replayed };
  },
});
