import { describe, expect, it } from 'vitest';
import { clockNow, clockState, clockWord, runClock } from '../../infra/local/clock.ts';
import { readClockOrder } from '../../infra/local/control.ts';
import { readOptions } from '../../infra/local/options.ts';

describe('the clock', () => {
  it('stands still where it is frozen, before 1970 too', () => {
    for (const frozenAt of [Date.parse('2027-01-01T00:00:00.001Z'), -1, 0]) {
      const clock = clockWord({ frozenAt });
      expect([clockNow(clock), clockNow(clock)]).toEqual([frozenAt, frozenAt]);
      expect(clockState(clock)).toEqual({ frozenAt });
    }
  });

  it('ticks on from where it stood', () => {
    const frozenAt = Date.parse('2027-01-01T00:00:00Z');
    const clock = clockWord({ frozenAt });
    runClock(clock);
    expect(clockState(clock)).toEqual({ offset: expect.any(Number) });
    expect(clockNow(clock)).toBeGreaterThanOrEqual(frozenAt);
    expect(clockNow(clock)).toBeLessThan(frozenAt + 60_000);
  });

  it('is one word that every thread sees', () => {
    expect(clockWord({ offset: -5 }).buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(clockState(clockWord({ offset: -5 }))).toEqual({ offset: -5 });
  });
});

describe('an order to the clock', () => {
  const at = Date.parse('2026-12-31T16:00:00Z');
  it.each([
    ['{"now":"2027-01-01T00:00:00+08:00"}', { at, running: false }],
    ['{"now":"2026-12-31T16:00:00.000Z","running":false}', { at, running: false }],
    ['{"now":"2026-12-31T16:00Z","running":true}', { at, running: true }],
    ['{"running":true}', { at: undefined, running: true }],
    ['{"running":false}', { at: undefined, running: false }],
  ])('%s is understood', (text, order) => {
    expect(readClockOrder(text)).toEqual(order);
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"now":1}',
    '{"now":"2027-01-01"}',
    '{"now":"2027-01-01T00:00:00"}',
    '{"now":"2027-13-01T00:00:00Z"}',
    '{"running":1}',
    '{"then":1}',
  ])('%j is not', (text) => {
    expect(readClockOrder(text)).toBeUndefined();
  });
});

describe('the command line', () => {
  it('has defaults', () => {
    expect(readOptions([])).toEqual({
      port: 3000,
      data: '.local',
      stage: 'dev',
      fresh: false,
      dynamodb: undefined,
      logs: false,
      watch: false,
    });
  });

  it.each([
    [['--prot', '1']],
    [['--stage', 'prod']],
    [['--port', 'x']],
    [['--port', '70000']],
    [['extra']],
    [['--dynamodb', 'here']],
  ])('refuses %j and says what to say', (args) => {
    expect(() => readOptions(args)).toThrow('npm start -- [--port 3000]');
  });
});
