import { serve } from '../../shared/http/api.ts';
import type { Caller } from '../../shared/http/caller.ts';
import { requireOn } from '../../shared/http/switches.ts';
import { admit } from '../../shared/partners/limits.ts';
import { holdsContract } from '../../shared/points/holds/contract.ts';
import { type Ending, endBy, hold, holdOf, view } from '../../shared/points/holds/holds.ts';

interface EndRequest {
  params: { holdId: string };
  caller: Caller;
  route: string;
  key: string;
}

/** Ends a hold under a key that counts for this hold and this way to end it. */
async function ended({ params: { holdId }, caller, route, key }: EndRequest, how: Omit<Ending, 'under'>) {
  const under = { caller: caller.id, route: `${route} ${holdId}`, key };
  const { answer, replayed } = await endBy(caller.id, holdId, { ...how, under });
  return { body: await view(answer), replayed };
}

export const handler = serve(
  holdsContract,
  {
    make: async ({ body, caller, route, key }) => {
      await requireOn('spend');
      const { answer, replayed } = await hold(body, { caller: caller.id, route, key });
      return { body: await view(answer), replayed };
    },

    read: async ({ params: { holdId }, caller }) => ({ body: await view(await holdOf(caller.id, holdId)) }),

    capture: (request) => ended(request, { act: 'CAPTURE', points: request.body?.points }),

    release: (request) => ended(request, { act: 'RELEASE' }),
  },
  admit,
);
