import { expect, it } from 'vitest';
import { noteLot, POINTS, writeDownLapse } from '../../shared/points/points.ts';
import { clock, openMall } from '../support/mall.ts';
import { asImporter, buy } from '../support/purchases.ts';
import { verdict } from './random-world.ts';

openMall({ at: '2026-11-23T04:00:00.000Z' });

it('gives no alarm for history whose lapse waits for the end of the day on which it was reported, and one after that', async () => {
  const { memberId } = await buy({ occurredAt: '2025-12-30T12:00:00+08:00' }, asImporter);
  const account = { memberId, currency: POINTS };
  await noteLot(account, '2025-12-31', true);
  const found = async () => (await verdict()).violations.map(({ invariant }) => invariant);
  expect(await found()).toEqual([]);
  clock('2026-11-25T02:00:00.000+08:00');
  expect(await found()).toEqual(['INV-23']);
  await writeDownLapse(account, '2026-11-23');
  expect(await found()).toEqual([]);
});
