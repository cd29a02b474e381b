import { describe, expect, it } from 'vitest';
import { emptyAccount } from '../../shared/points/account.ts';
import { payDebt, settle } from '../../shared/points/settlement.ts';

describe('what time does by itself', () => {
  it('lapses a lot the day after its last day, not on it', () => {
    const account = { ...emptyAccount(), lots: { '2026-12-31': 128 } };
    expect(settle(account, '2026-12-31').account.lots).toEqual({ '2026-12-31': 128 });
    const { account: after, settled } = settle(account, '2027-01-01');
    expect(after).toMatchObject({ lots: {}, forfeits: { '2026-12-31': 128 }, totals: { EXPIRE: 128 } });
    expect(settled.lapsed).toEqual({ '2026-12-31': 128 });
  });

  it('never lapses what lasts for ever', () => {
    const account = { ...emptyAccount(), lots: { '9999-12-31': 1 } };
    expect(settle(account, '9999-12-31').account.lots).toEqual({ '9999-12-31': 1 });
  });

  it('makes due pending available and lets it lapse when its own day is over', () => {
    const account = { ...emptyAccount(), pending: { '2026-12-20': { '2026-12-31': 50, '2027-12-31': 5 } } };
    const { account: after, settled } = settle(account, '2027-01-02');
    expect(after).toMatchObject({ lots: { '2027-12-31': 5 }, pending: {} });
    expect(settled).toEqual({
      activated: { '2026-12-20': { '2026-12-31': 50, '2027-12-31': 5 } },
      lapsed: { '2026-12-31': 50 },
      debtPaid: {},
    });
  });

  it('leaves alone what waits for an event', () => {
    const account = { ...emptyAccount(), pending: { EVENT: { '2026-12-31': 50 } } };
    expect(settle(account, '2030-01-01').account.pending).toEqual({ EVENT: { '2026-12-31': 50 } });
  });

  it('pays debt out of what becomes available, on its day', () => {
    const account = { ...emptyAccount(), debt: 30, pending: { '2026-05-01': { '2026-12-31': 50 } } };
    const { account: after, settled } = settle(account, '2026-05-02');
    expect(after).toMatchObject({ lots: { '2026-12-31': 20 }, debt: 0 });
    expect(settled.debtPaid).toEqual({ '2026-05-01': 30 });
  });

  it('comes to the same in one step or day by day, and a second time does nothing', () => {
    const account = {
      ...emptyAccount(),
      lots: { '2026-03-31': 3, '2026-06-30g': 4, '2026-06-30': 5 },
      pending: { '2026-04-15': { '2026-06-30': 6 }, '2026-08-01': { '2027-12-31': 7 } },
      debt: 2,
    };
    const atOnce = settle(account, '2026-09-01').account;
    let stepwise = account as typeof atOnce;
    for (const day of ['2026-03-31', '2026-04-01', '2026-04-15', '2026-06-30', '2026-07-01', '2026-09-01']) {
      stepwise = settle(stepwise, day).account;
    }
    expect(stepwise).toEqual(atOnce);
    expect(settle(atOnce, '2026-09-01').settled).toEqual({ lapsed: {}, activated: {}, debtPaid: {} });
  });

  it('forgets what lapsed more than 400 days ago', () => {
    const account = { ...emptyAccount(), forfeits: { '2025-06-30': 9, '2026-06-30': 8 } };
    expect(settle(account, '2026-12-31').account.forfeits).toEqual({ '2026-06-30': 8 });
  });
});

describe('paying a debt', () => {
  it('takes the earliest of what is fresh, and no more than is owed', () => {
    const fresh = { '2026-12-31': 10, '2027-12-31': 10 };
    const account = { ...emptyAccount(), lots: fresh, debt: 13 };
    expect(payDebt(account, fresh)).toMatchObject({ paid: 13, account: { debt: 0, lots: { '2027-12-31': 7 } } });
  });
});
