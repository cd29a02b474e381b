import { serve } from '../../shared/http/api.ts';
import { readCursor, writeCursor } from '../../shared/http/cursor.ts';
import { setting } from '../../shared/platform/settings.ts';
import { pointsContract } from '../../shared/points/contract.ts';
import { balance, POINTS, placeOf, statement } from '../../shared/points/points.ts';
import { accountView, lineView } from '../../shared/points/views.ts';

export const handler = serve(pointsContract, {
  account: async ({ caller, query: { currency = POINTS } }) => {
    const { account, at } = await balance({ memberId: caller.memberId, currency });
    return { body: accountView(account, currency, at, setting('TIME_ZONE')) };
  },

  entries: async ({ caller, query: { currency = POINTS, limit = 20, cursor } }) => {
    const list = `entries:${caller.memberId}:${currency}`;
    const [seq, part] = cursor === undefined ? [] : ((await readCursor(list, cursor)) as number[]);
    const from = seq === undefined || part === undefined ? undefined : { seq, part };
    const { lines, more } = await statement({ memberId: caller.memberId, currency }, limit, from);
    const last = lines.at(-1);
    const nextCursor = more && last ? await writeCursor(list, [placeOf(last).seq, placeOf(last).part]) : null;
    return { body: { items: lines.map((line) => lineView(line)), nextCursor } };
  },
});
