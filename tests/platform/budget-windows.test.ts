import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { secondsUntilRoom } from '../../shared/platform/budget-windows.ts';

const LIMITS = { hour: 10, day: 20 };
const SPENT_HOUR = { hour: 10, day: 12 };
const SPENT_DAY = { hour: 3, day: 20 };

describe.each(['Asia/Shanghai', 'Asia/Kathmandu'])('a budget that is spent, in %s', (zone) => {
  beforeAll(() => void vi.stubEnv('TIME_ZONE', zone));
  afterAll(() => void vi.unstubAllEnvs());
  const offset = zone === 'Asia/Shanghai' ? '+08:00' : '+05:45';
  const at = (time: string) => Date.parse(`2026-11-23T${time}${offset}`);

  it.each([
    ['12:00:00.000', SPENT_HOUR, 3_600],
    ['12:20:00.000', SPENT_HOUR, 2_400],
    ['12:20:30.000', SPENT_HOUR, 2_370],
    ['12:59:59.000', SPENT_HOUR, 1],
    ['12:59:59.999', SPENT_HOUR, 1],
    ['23:59:58.500', SPENT_HOUR, 2],
    ['12:20:30.000', SPENT_DAY, 41_970],
    ['23:59:59.999', SPENT_DAY, 1],
  ])('begins anew, at %s, when its hour or its day does, to the second', (time, spent, seconds) => {
    expect(secondsUntilRoom(spent, LIMITS, at(time))).toBe(seconds);
  });
});
