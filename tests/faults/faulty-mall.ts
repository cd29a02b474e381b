import { afterAll, beforeAll, inject, vi } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { openMall } from '../support/mall.ts';

/** A mall whose way to its table goes through a proxy of faults. */
export function openFaultyMall(): { proxy: FaultProxy } {
  openMall();
  const held = {} as { proxy: FaultProxy };
  beforeAll(async () => {
    held.proxy = await startFaultProxy(inject('dynamodb'));
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', held.proxy.url);
  });
  afterAll(() => held.proxy.stop());
  return held;
}
