import { Refusal } from '../../shared/errors.ts';
import { serve } from '../../shared/http/api.ts';
import type { Caller } from '../../shared/http/caller.ts';
import { mustBeMember, mustHaveAccount } from '../../shared/members/members.ts';
import { adjust, adjustmentOf, undo } from '../../shared/points/adjustments.ts';
import { shownAccount, shownEntries } from '../../shared/points/asked.ts';
import { type FreezeWish, freeze } from '../../shared/points/freezing.ts';
import { POINTS } from '../../shared/points/points.ts';
import { pointsStaffContract } from '../../shared/points/staff-contract.ts';
import { adjustmentView } from '../../shared/points/views.ts';
import { currencyCodes, programme } from '../../shared/programme/programme.ts';
import { proposalView, propose } from '../../shared/staff/approvals/approvals.ts';

const CONSISTENT = { reading: 'consistent' } as const;
const BEYOND = 'points.adjust_beyond';

/** Refuses to take more than is there to whoever may only adjust. */
function checkBeyond({ grants }: Extract<Caller, { kind: 'staff' }>, shortage: string | undefined): void {
  if (shortage === undefined || shortage === 'REFUSE' || grants.includes(BEYOND)) return;
  throw new Refusal('auth.forbidden', { needs: BEYOND });
}

/** A key that counts on one member, or on one adjustment: which is part of the route under which it counts. */
function under({ caller, route, key }: { caller: Caller; route: string; key: string }, id: string) {
  return { caller: caller.id, route: `${route} ${id}`, key };
}

async function freezeOrThaw(wish: FreezeWish, by: ReturnType<typeof under>) {
  const { answer, replayed } = await freeze(wish, by);
  return { body: { memberId: wish.memberId, accounts: answer }, replayed };
}

export const handler = serve(pointsStaffContract, {
  accounts: async ({ params: { memberId } }) => {
    await mustBeMember(memberId, CONSISTENT);
    const codes = currencyCodes(await programme());
    return {
      body: { items: await Promise.all(codes.map((currency) => shownAccount({ memberId, currency }, undefined))) },
    };
  },

  account: async ({ params: { memberId }, query: { currency = POINTS, at } }) => {
    await mustBeMember(memberId, CONSISTENT);
    return { body: await shownAccount({ memberId, currency }, at) };
  },

  entries: async ({ params: { memberId }, query: { currency = POINTS, ...query } }) => {
    await mustBeMember(memberId, CONSISTENT);
    return { body: await shownEntries({ memberId, currency }, query) };
  },

  adjust: async ({ body, caller, route, key }) => {
    checkBeyond(caller, 'shortage' in body ? body.shortage : undefined);
    const { answer, replayed } = await adjust(
      body,
      { caller: caller.id, route, key },
      { alone: caller.grants.includes('points.adjust_alone') },
    );
    return { body: adjustmentView(answer), replayed };
  },

  proposeAdjustment: async ({ body, caller, route, key }) => {
    checkBeyond(caller, 'shortage' in body ? body.shortage : undefined);
    const wish = { act: 'points-staff.adjust', subject: body.memberId, asked: body, why: body.reason } as const;
    const { answer, replayed } = await propose(wish, { caller: caller.id, route, key }, async () => {
      await mustHaveAccount(body.memberId, CONSISTENT);
      return body;
    });
    return { body: proposalView(answer), replayed };
  },

  readAdjustment: async ({ params }) => ({ body: adjustmentView(await adjustmentOf(params.adjustmentId)) }),

  undo: async (request) => {
    const { adjustmentId } = request.params;
    checkBeyond(request.caller, request.body.shortage);
    const { answer, replayed } = await undo(adjustmentId, request.body, under(request, adjustmentId));
    return { body: adjustmentView(answer), replayed };
  },

  freeze: async (request) => {
    const { memberId } = request.params;
    return freezeOrThaw({ memberId, kind: 'FREEZE', ...request.body }, under(request, memberId));
  },

  thaw: async (request) => {
    const { memberId } = request.params;
    return freezeOrThaw({ memberId, kind: 'THAW', ...request.body }, under(request, memberId));
  },
});
