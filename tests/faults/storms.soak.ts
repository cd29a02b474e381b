import { describe, expect, it } from 'vitest';
import { openFaultyMall } from './faulty-mall.ts';
import { operations } from './operations.ts';
import { caught, outage } from './storms.ts';

const TIMES = 20;
const OUTAGE_MS = 5_000;
const SOON_MS = 2_000;
const moving = operations.filter(({ name }) => !name.startsWith('read'));

const mall = openFaultyMall();

describe('conflicts of transactions', () => {
  it.each(moving)(`30 of 100 writes meet one: $name, ${TIMES} times, is always done`, async (operation) => {
    for (let i = 0; i < TIMES; i += 1) {
      const { told } = await caught(mall.proxy, operation, { fault: 'conflict', share: 30, onlyWrites: true });
      expect(told.status).toBeLessThan(300);
    }
  });

  it.each(moving)(
    'every write meets one: $name is told 503 with Retry-After, and nothing is done',
    async (operation) => {
      const { told, isUntouched } = await caught(mall.proxy, operation, {
        fault: 'conflict',
        share: 100,
        onlyWrites: true,
      });
      expect({ ...told, figures: undefined, isUntouched }).toEqual({
        status: 503,
        figures: undefined,
        retryAfter: '1',
        isUntouched: true,
      });
    },
  );
});

describe(`the table fails for ${OUTAGE_MS / 1_000} s`, () => {
  it.each(['throttled', 'failed', 'lost before', 'lost after'] as const)(
    `%s: every operation is told 503 meanwhile and is done once, the first within ${SOON_MS / 1_000} s of the end`,
    async (fault) => {
      const results = await outage(mall.proxy, operations, { fault, share: 100, ms: OUTAGE_MS });
      console.table(results.map(({ told, ...rest }) => ({ fault, ...rest, told: JSON.stringify(told) })));
      expect(Math.min(...results.map(({ doneAfterMs }) => doneAfterMs))).toBeLessThanOrEqual(SOON_MS);
    },
  );
});
