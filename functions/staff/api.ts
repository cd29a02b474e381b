import { serve } from '../../shared/http/api.ts';
import { readCursor, writeCursor } from '../../shared/http/cursor.ts';
import { staffContract } from '../../shared/staff/contract.ts';
import { recordsFor } from '../../shared/staff/staff.ts';

export const handler = serve(staffContract, {
  audit: async ({ query: { subject, day = '', limit = 20, cursor } }) => {
    const wanted = subject === undefined ? { day } : { subject };
    const list = `audit:${JSON.stringify(wanted)}`;
    const before = cursor === undefined ? undefined : String((await readCursor(list, cursor))[0]);
    const { items, next } = await recordsFor(wanted, before, limit);
    return { body: { items, nextCursor: next === undefined ? null : await writeCursor(list, [next]) } };
  },
});
