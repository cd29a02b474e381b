import { expect, it } from 'vitest';
import { openMall } from '../support/mall.ts';
import { expectYearEnd, openYear } from './year-end.ts';

openMall();

it('the year end of 20,000 members, or MEMBERS, spends or lapses each point, killed ten times and started again', async () => {
  const began = performance.now();
  const [members, atOnce] = [Number(process.env.MEMBERS ?? 20_000), Number(process.env.AT_ONCE ?? 24)];
  const world = await openYear({ year: 2026, members, atOnce });
  const opened = performance.now();
  await expectYearEnd(world, { kills: 10 });
  const seconds = (from: number, to: number) => Math.round((to - from) / 1_000);
  console.info(
    `${members} members: opened in ${seconds(began, opened)} s, turned and checked in ${seconds(opened, performance.now())} s`,
  );
  expect(world.accounts.length).toBeGreaterThan(0);
}, 3_600_000);
