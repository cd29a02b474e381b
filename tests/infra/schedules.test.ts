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

  it.each([
    ['in the hour that spring leaves out not at all', '2026-03-29T00:00:00Z', '2026-03-30T00:00:00Z', []],
    [
      'in the hour that autumn has twice once',
      '2026-10-25T00:00:00Z',
      '2026-10-26T00:00:00Z',
      ['2026-10-25T00:30:00.000Z'],
    ],
  ])('strikes %s', (_, from, now, expected) => {
    const once = schedule('once', 'cron(30 2 * * ? *)', 'Europe/Berlin');
    expect(dueBetween([once], from, now)).toEqual(expected.map((at) => `once ${at}`));
  });

  it('keeps to its zone’s midnight over a whole year, jumped over at once, and none is lost or doubled', () => {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Asia/Shanghai']) {
      const midnight = schedule('midnight', 'cron(0 0 * * ? *)', zone);
      const clockIn = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
      const from = Date.parse('2027-12-31T11:00:00Z');
      const all = due([midnight], from, from + 366 * 86_400_000).map(({ dueAt }) => clockIn.format(dueAt));
      expect(
        all.filter((local) => !local.endsWith(' 00:00:00')),
        zone,
      ).toEqual([]);
      expect(new Set(all).size, zone).toBe(366);
      expect(all, zone).toHaveLength(366);
      expect(all, zone).toContain('2028-02-29 00:00:00');
    }
  });

  it('comes in parts as it comes in one jump', () => {
    const [from, middle, now] = ['2026-10-20T00:00:00Z', '2026-10-25T01:00:00Z', '2026-11-02T12:00:00Z'];
    const zoned = [
      schedule('a', 'cron(30 2 * * ? *)', 'Europe/Berlin'),
      schedule('b', 'cron(0 8 ? * 2 *)', 'America/New_York'),
    ];
    const parts = [...dueBetween(zoned, from, middle), ...dueBetween(zoned, middle, now)];
    expect(parts).toEqual(dueBetween(zoned, from, now));
    expect(parts).toHaveLength(15);
  });

  it('does not come again when the clock is put back to where it has been served', () => {
    expect(dueBetween([yearEnd], '2026-12-31T16:00:00.000Z', '2026-12-31T15:00:00.000Z')).toEqual([]);
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
