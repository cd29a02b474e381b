import { describe, expect, it } from 'vitest';
import { Refusal } from '../../shared/errors.ts';
import { available } from '../../shared/points/account.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { next } from '../../shared/points/rules.ts';
import { earn, lastMoment, noon, spend, story, ZONE } from './stories.ts';

const at = (day: string) => ({ now: noon(day), zone: ZONE });

describe('earning', () => {
  it('puts points with the same last day into one lot', () => {
    const { after } = story(
      [noon('2026-03-01'), earn(128, '2026-12-31')],
      [noon('2026-04-01'), earn(100, '2026-12-31')],
      [noon('2026-04-01'), earn(5, '2027-12-31')],
    );
    expect(after.lots).toEqual({ '2026-12-31': 228, '2027-12-31': 5 });
    expect(after.totals.EARN).toBe(233);
  });

  it('grants and lapses at once what comes after its last day', () => {
    const { after, parts } = story([noon('2027-01-02'), earn(128, '2026-12-31')]);
    expect(after).toMatchObject({ lots: {}, forfeits: { '2026-12-31': 128 }, totals: { EARN: 128, EXPIRE: 128 } });
    expect(parts).toEqual({ lapsed: { '2026-12-31': 128 } });
  });

  it.each([['a movement above 1e9', earn(1_000_000_001, '2026-12-31')]])('refuses %s', (_, movement) => {
    const refusal = next(undefined, movement, at('2026-03-01'));
    expect(refusal).toBeInstanceOf(Refusal);
    expect((refusal as Refusal).code).toBe('points.limit');
  });

  it('refuses what would bring an account above 1e12', () => {
    const head = story([noon('2026-03-01'), earn(1_000_000_000, '2026-12-31')]);
    const full = { ...head, after: { ...head.after, lots: { '2026-12-31': 1_000_000_000_000 } } };
    expect(next(full, earn(1, '2026-12-31'), at('2026-03-02'))).toMatchObject({ code: 'points.limit' });
  });

  it.each([0, -1, 1.5, Number.NaN])('throws on an amount of %s, which no route lets through', (amount) => {
    expect(() => next(undefined, earn(amount, '2026-12-31'), at('2026-03-01'))).toThrow(/whole number/);
  });
});

describe('spending', () => {
  const rich = story(
    [noon('2026-03-01'), earn(50, '2027-12-31')],
    [noon('2026-03-01'), earn(100, '2026-12-31')],
    [noon('2026-03-01'), earn(7, '9999-12-31')],
  );

  it.each([
    [30, { '2026-12-31': 30 }, { '2026-12-31': 70, '2027-12-31': 50, '9999-12-31': 7 }],
    [100, { '2026-12-31': 100 }, { '2027-12-31': 50, '9999-12-31': 7 }],
    [120, { '2026-12-31': 100, '2027-12-31': 20 }, { '2027-12-31': 30, '9999-12-31': 7 }],
    [157, { '2026-12-31': 100, '2027-12-31': 50, '9999-12-31': 7 }, {}],
  ])('%i draws the earliest last day first', (amount, draws, lots) => {
    const draft = next(rich, spend(amount), at('2026-03-02'));
    expect(draft).toMatchObject({ draws, amount });
    expect((draft as typeof rich).after.lots).toEqual(lots);
  });

  it('of more than there is is refused and says what is missing', () => {
    expect(next(rich, spend(158), at('2026-03-02'))).toMatchObject({
      code: 'points.insufficient',
      details: { missing: 1, available: 157 },
    });
  });

  it('still takes a lot in the last millisecond of its last day, and no longer one millisecond later', () => {
    const head = story([noon('2026-03-01'), earn(100, '2026-12-31')]);
    const onTime = next(head, spend(100), { now: lastMoment('2026-12-31'), zone: ZONE });
    expect(onTime).toMatchObject({ kind: 'SPEND', settled: { lapsed: {} } });
    const late = next(head, spend(100), { now: lastMoment('2026-12-31') + 1, zone: ZONE });
    expect(late).toMatchObject({ code: 'points.insufficient', details: { missing: 100, available: 0 } });
  });
});

describe('refunding', () => {
  const spent = story(
    [noon('2026-03-01'), earn(100, '2026-12-31')],
    [noon('2026-03-01'), earn(50, '2027-12-31')],
    [noon('2026-03-02'), spend(120)],
  );
  const back = (amount: number, more: object = {}): Movement => ({
    kind: 'REFUND',
    amount,
    from: spent.draws,
    reference: 'cancel:1',
    ...more,
  });

  it('of the whole restores every lot', () => {
    const draft = next(spent, back(120), at('2026-03-03'));
    expect(draft).toMatchObject({ after: { lots: { '2026-12-31': 100, '2027-12-31': 50 } }, parts: { debtPaid: 0 } });
  });

  it('of a part goes to the latest last day first', () => {
    expect(next(spent, back(25), at('2026-03-03'))).toMatchObject({ draws: { '2027-12-31': 20, '2026-12-31': 5 } });
  });

  it('after the last day forfeits what the member caused, and says so', () => {
    const draft = next(spent, back(120), at('2027-01-05'));
    expect(draft).toMatchObject({
      draws: { '2027-12-31': 20 },
      parts: { lapsed: { '2026-12-31': 100 } },
      after: { lots: { '2027-12-31': 50 }, forfeits: { '2026-12-31': 100 } },
    });
  });

  it('after the last day gives a grace lot for what the shop caused', () => {
    const draft = next(spent, back(120, { graceUntil: '2027-02-04' }), at('2027-01-05'));
    expect(draft).toMatchObject({
      parts: { lapsed: {} },
      after: { lots: { '2027-02-04g': 100, '2027-12-31': 50 }, forfeits: {} },
    });
  });

  it('of more than was taken is a fault of the caller', () => {
    expect(() => next(spent, back(121), at('2026-03-03'))).toThrow(/No more goes back than was taken/);
  });

  it('pays a debt before anything becomes available', () => {
    const owing = { ...spent, after: { ...spent.after, lots: {}, debt: 70 } };
    const draft = next(owing, back(120), at('2026-03-03'));
    expect(draft).toMatchObject({ parts: { debtPaid: 70 }, after: { debt: 0 } });
    expect(available((draft as typeof spent).after)).toBe(50);
  });
});

describe('the three times', () => {
  it('never run backwards along a chain, whatever the clock does', () => {
    const head = story([noon('2026-03-02'), earn(10, '2026-12-31')]);
    const draft = next(head, spend(1), at('2026-03-01'));
    expect(draft).toMatchObject({ recordedAt: head.recordedAt, effectiveAt: head.effectiveAt });
  });

  it('keep the caller’s time apart from ours', () => {
    const occurredAt = noon('2026-02-27');
    const draft = next(undefined, earn(10, '2026-12-31', { occurredAt }), at('2026-03-01'));
    expect(draft).toMatchObject({ occurredAt, recordedAt: noon('2026-03-01'), effectiveAt: noon('2026-03-01') });
  });

  it('let history take effect at its own time under backfill, and at the head’s when it is older', () => {
    const backfill = { backfill: true, occurredAt: noon('2025-05-05') };
    const first = next(undefined, earn(10, '2025-12-31', backfill), at('2026-03-01')) as ReturnType<typeof story>;
    expect(first).toMatchObject({ effectiveAt: noon('2025-05-05'), after: { lots: { '2025-12-31': 10 } } });
    const older = { backfill: true, occurredAt: noon('2025-04-04') };
    expect(next(first, earn(1, '2025-12-31', older), at('2026-03-01'))).toMatchObject({
      occurredAt: noon('2025-04-04'),
      effectiveAt: noon('2025-05-05'),
    });
  });
});

describe('writing down a lapse', () => {
  it('is an entry whose amount is what has lapsed, and changes nothing else', () => {
    const head = story([noon('2026-03-01'), earn(128, '2026-12-31')], [noon('2026-03-01'), earn(9, '2027-12-31')]);
    const draft = next(head, { kind: 'EXPIRE', reference: 'lapse:2026-12-31' }, at('2027-01-01'));
    expect(draft).toMatchObject({
      amount: 128,
      draws: {},
      settled: { lapsed: { '2026-12-31': 128 } },
      after: { lots: { '2027-12-31': 9 }, totals: { EARN: 137, EXPIRE: 128 } },
    });
  });
});
