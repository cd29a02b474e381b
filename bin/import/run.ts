import { openApi } from '../tools/api.ts';
import { type Screen, showProgress } from '../tools/progress.ts';
import { lanesOf } from './lanes.ts';
import type { Options } from './options.ts';
import { count, newTally, type Tally } from './report.ts';
import { readPurchases, readReturns } from './rows.ts';
import { sendAll } from './send.ts';

/** Reads both files and sends what can be sent. `tally` is complete at the end, and true wherever it was stopped. */
export function startImport({ purchases, returns, concurrency, zone, access }: Options, screen: Screen) {
  const [bought, back] = [readPurchases(purchases, zone), readReturns(returns, zone)];
  const { lanes, faults } = lanesOf(bought.rows, back.rows);
  const tally: Tally = newTally([...bought.faults, ...back.faults, ...faults]);
  const all = lanes.reduce((sum, lane) => sum + lane.length, 0);
  const progress = showProgress(screen, 'lines');
  let done = 0;
  const onFate = (fate: Parameters<typeof count>[1]) => {
    count(tally, fate);
    done += 1;
    progress.show(done / all, done);
  };
  const sent = sendAll(lanes, { api: openApi(access), zone, concurrency, onFate });
  return { tally, done: sent.finally(() => progress.end()) };
}
