import { describe, expect, it } from 'vitest';
import { openMall } from '../support/mall.ts';
import { randomWorld, verdict } from './random-world.ts';

openMall();

describe('a mall in which nothing is broken', () => {
  it.each([1, 2])('gives no alarm: world %i', async (seed) => {
    await randomWorld(seed);
    const { checked, violations } = await verdict();
    expect(violations).toEqual([]);
    expect(checked).toBeGreaterThan(60);
  });
});
