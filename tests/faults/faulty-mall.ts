import { afterAll } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { openMall } from '../support/mall.ts';

/** A mall whose way to its table goes through a proxy of faults. */
export function openFaultyMall(): { proxy: FaultProxy } {
  const held = {} as { proxy: FaultProxy };
  openMall({
    async way(table) {
      held.proxy = await startFaultProxy(table);
      return held.proxy.url;
    },
  });
  afterAll(() => held.proxy.stop());
  return held;
}
