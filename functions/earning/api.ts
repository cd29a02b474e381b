import { earningContract } from '../../shared/earning/contract.ts';
import { purchaseOf, report } from '../../shared/earning/earning.ts';
import { serve } from '../../shared/http/api.ts';

export const handler = serve(earningContract, {
  report: async ({ body: { number, amountFen, member, occurredAt }, caller }) => {
    const at = occurredAt === undefined ? undefined : Date.parse(occurredAt);
    const { answer, replayed } = await report({ number, amountFen, member, occurredAt: at }, caller.id);
    return { body: answer, replayed };
  },

  read: async ({ params: { number } }) => ({ body: await purchaseOf(number) }),
});
