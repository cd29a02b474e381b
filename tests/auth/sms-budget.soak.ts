import { expect, it } from 'vitest';
import { BUDGETS, strangersPart } from '../../shared/auth/rules.ts';
import { openMall } from '../support/mall.ts';
import { flood } from '../support/many-codes.ts';

const at = '2026-11-23T04:00:00.000Z';
openMall({ at });

it('10,000 sends from 1,000 addresses to 200 phones of one area stay within its budget, over a new start', async () => {
  const { statuses, messages } = await flood({ sends: 10_000, addresses: 1_000, phones: 200, at });
  console.log(`10,000 codes asked for: ${messages} messages; ${JSON.stringify(statuses)}`);
  expect(messages).toBe(strangersPart(BUDGETS.PREFIX).hour);
  const known = ['202', '429 auth.code_too_soon', '429 auth.code_budget'];
  expect(Object.keys(statuses).filter((told) => !known.includes(told))).toEqual([]);
});
