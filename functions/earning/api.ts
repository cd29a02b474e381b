import { earningContract } from '../../shared/earning/contract.ts';
import { purchaseOf, type Reporter, report } from '../../shared/earning/earning.ts';
import { reportReturn, returnNumbered } from '../../shared/earning/returns.ts';
import { serve } from '../../shared/http/api.ts';
import type { CallerOf } from '../../shared/http/caller.ts';
import { requireOn } from '../../shared/http/switches.ts';
import { admit } from '../../shared/partners/limits.ts';

function reporter({ id, grants }: CallerOf<'partner'>): Reporter {
  return { clientId: id, mayBackfill: grants.includes('purchases:backfill') };
}

const instantOf = (given: string | undefined) => (given === undefined ? undefined : Date.parse(given));

export const handler = serve(
  earningContract,
  {
    report: async ({ body: { lines, occurredAt, ...given }, caller }) => {
      await requireOn('earn');
      const whole = lines?.map(({ sku, earns = true, ...line }) => ({ ...line, ...(sku && { sku }), earns }));
      const purchase = { ...given, lines: whole, occurredAt: instantOf(occurredAt) };
      const { answer, replayed } = await report(purchase, reporter(caller));
      return { body: answer, replayed };
    },

    read: async ({ params: { number } }) => ({ body: await purchaseOf(number) }),

    reportReturn: async ({ body: { number, purchase, amountFen = 0, lines, occurredAt }, caller }) => {
      const asked = lines ? { lines } : { amountFen };
      const back = { number, purchase, asked, occurredAt: instantOf(occurredAt) };
      const { answer, replayed } = await reportReturn(back, reporter(caller));
      return { body: answer, replayed };
    },

    readReturn: async ({ params: { number } }) => ({ body: await returnNumbered(number) }),
  },
  admit,
);
