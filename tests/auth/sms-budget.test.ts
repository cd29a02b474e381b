import { expect, it } from 'vitest';
import { BUDGETS, strangersPart } from '../../shared/auth/rules.ts';
import { openMall } from '../support/mall.ts';
import { flood } from '../support/many-codes.ts';

const at = '2026-11-23T04:00:00.000Z';
openMall({ at });

it('300 sends from 100 addresses to 150 phones of one area stay within its budget, over a new start', async () => {
  const { statuses, messages } = await flood({ sends: 300, addresses: 100, phones: 150, at });
  expect(statuses).toEqual({ 202: 300 });
  expect(messages).toBe(strangersPart(BUDGETS.PREFIX).hour);
});
