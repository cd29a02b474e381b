import { serve } from '../../shared/http/api.ts';
import { uploadsContract } from '../../shared/points/uploads/contract.ts';
import { OPENING, type Upload, upload } from '../../shared/points/uploads/uploads.ts';

/** The report, which is a replay when each of its rows counted before. */
async function taken(given: Upload) {
  const report = await upload(given);
  return { body: report, replayed: report.known === report.rows };
}

export const handler = serve(uploadsContract, {
  openingBalances: ({ query: { dryRun = false }, body: csv, caller }) =>
    taken({ batch: OPENING, opening: true, csv, dryRun, by: caller.id }),

  grants: ({ query: { batch, reason, dryRun = false }, body: csv, caller }) =>
    taken({ batch, opening: false, csv, dryRun, why: reason, by: caller.id }),
});
