import { describe, expect, it } from 'vitest';
import { cronPattern, due, eventOf, type Schedule, scheduleOf } from '../../infra/local/schedules.ts';
import { nextDates } from '../../infra/local/screen.ts';
import { calendar } from '../../shared/calendar.ts';

function schedule(name: string, ScheduleExpression: string, ScheduleExpressionTimezone = 'Asia/Shanghai'): Schedule {
  const Target = { Arn: 'arn', Input: '{"scheduledAt":"<aws.scheduler.scheduled-time>"}' };
  const properties = { Name: name, ScheduleExpression, ScheduleExpressionTimezone, Target };
  return scheduleOf({ type: '', name, arn: '', ref: '', properties });
}

const yearEnd = schedule('year-end', 'cron(0 0 1 1 ? *)');
const daily = schedule('daily', 'cron(30 2 * * ? *)');
const often = schedule('often', 'cron(0/5 * * * ? *)');

function dueBetween(schedules: Schedule[], from: string, now: string): string[] {
  return due(schedules, Date.parse(from), Date.parse(now)).map(
    (one) => `${one.schedule.name} ${new Date(one.dueAt).toISOString()}`,
  );
}

describe('what came due', () => {
  it.each([
    ['not a millisecond before', '2026-12-01T00:00:00Z', '2026-12-31T15:59:59.999Z', []],
    [
      'at the very instant',
      '2026-12-31T15:59:59.999Z',
      '2026-12-31T16:00:00.000Z',
      ['year-end 2026-12-31T16:00:00.000Z'],
    ],
    ['not again right after', '2026-12-31T16:00:00.000Z', '2026-12-31T16:00:00.001Z', []],
    [
      'each of them when the clock jumps over two years',
      '2026-06-01T00:00:00Z',
      '2028-06-01T00:00:00Z',
      ['year-end 2026-12-31T16:00:00.000Z', 'year-end 2027-12-31T16:00:00.000Z'],
    ],
  ])('%s', (_, from, now, expected) => {
    expect(dueBetween([yearEnd], from, now)).toEqual(expected);
  });

  it('comes in order of time, and what strikes more often than hourly once, at the end', () => {
    expect(dueBetween([often, yearEnd, daily], '2026-12-30T20:00:00Z', '2027-01-01T00:01:00Z')).toEqual([
      'year-end 2026-12-31T16:00:00.000Z',
      'daily 2026-12-31T18:30:00.000Z',
      'often 2027-01-01T00:00:00.000Z',
    ]);
  });

  it('is shown at the start by its next date, one line a schedule, the soonest first', () => {
    const never = schedule('never', 'cron(0 0 1 1 ? 2020)');
    const lines = nextDates([yearEnd, daily, often, never], Date.parse('2026-12-30T20:01:00Z'));
    expect(lines.map((line) => line.trim())).toEqual([
      '2026-12-31 04:05:00 Asia/Shanghai',
      '2027-01-01 00:00:00 Asia/Shanghai',
      '2027-01-01 02:30:00 Asia/Shanghai',
    ]);
  });

  it('comes once, and last, from what strikes every five minutes, when the clock jumps over a year', () => {
    const sweep = schedule('sweep', `cron(${calendar['hold-sweep'].cron})`);
    const all = dueBetween([sweep, yearEnd], '2026-06-01T00:00:00Z', '2027-06-01T00:02:00Z');
    expect(all).toEqual(['year-end 2026-12-31T16:00:00.000Z', 'sweep 2027-06-01T00:00:00.000Z']);
  });

  it('says its own due instant', () => {
    expect(eventOf({ schedule: yearEnd, dueAt: Date.parse('2026-12-31T16:00:00Z') })).toEqual({
      scheduledAt: '2026-12-31T16:00:00Z',
    });
  });
});

describe('an expression', () => {
  it.each([
    ['cron(0 0 1 1 ? *)', '0 0 0 1 1 * *'],
    ['cron(15 10 ? * 2-6 2027)', '0 15 10 * * 1-5 2027'],
    ['cron(0 8 ? * 2#1 *)', '0 0 8 * * 1#1 *'],
    ['cron(0 8 L * ? *)', '0 0 8 L * * *'],
  ])('%s reads as %s', (expression, pattern) => {
    expect(cronPattern(expression)).toBe(pattern);
  });

  it.each(['rate(5 minutes)', 'at(2027-01-01T00:00:00)', 'cron(0 0 1 1 ?)'])('%s is refused', (expression) => {
    expect(() => cronPattern(expression)).toThrow(`The schedule "${expression}"`);
  });
});
