import { describe, expect, it } from 'vitest';
import type { Draft, Entry } from '../../shared/points/account.ts';
import { next } from '../../shared/points/rules.ts';
import { settle } from '../../shared/points/settlement.ts';
import { linesOf, unwrittenLines } from '../../shared/points/statement.ts';
import { earn, noon, spend, story, ZONE } from './stories.ts';

const entryOf = (draft: Draft, seq: number): Entry => ({
  ...draft,
  currency: 'POINTS',
  memberId: 'mem_1',
  seq,
  recent: new Uint8Array(),
  hash: new Uint8Array(),
});

const short = (draft: Draft, seq = 1) =>
  linesOf(entryOf(draft, seq), ZONE).map(({ id, kind, amount, balanceAfter, reference }) => ({
    id,
    kind,
    amount,
    balanceAfter,
    reference,
  }));

describe('an entry as lines', () => {
  it('is one line for a plain movement', () => {
    expect(short(story([noon('2026-03-01'), earn(128, '2026-12-31')]))).toEqual([
      { id: '1-0', kind: 'EARN', amount: 128, balanceAfter: 128, reference: 'purchase:1' },
    ]);
  });

  it('tells what time had done before it, each at its own instant', () => {
    const head = story([noon('2026-03-01'), earn(100, '2026-12-31')], [noon('2026-03-01'), earn(50, '2027-12-31')]);
    const draft = next(head, spend(20), { now: noon('2027-03-05'), zone: ZONE }) as Draft;
    const lines = linesOf(entryOf(draft, 3), ZONE);
    expect(lines.map(({ id, kind, amount, balanceAfter, at }) => [id, kind, amount, balanceAfter, at])).toEqual([
      ['3-0', 'EXPIRE', -100, 50, Date.parse('2027-01-01T00:00:00+08:00')],
      ['3-1', 'SPEND', -20, 30, noon('2027-03-05')],
    ]);
  });

  it('shows what came too late as two lines', () => {
    expect(short(story([noon('2027-01-02'), earn(128, '2026-12-31')]))).toEqual([
      { id: '1-0', kind: 'EARN', amount: 128, balanceAfter: 128, reference: 'purchase:1' },
      { id: '1-1', kind: 'EXPIRE', amount: -128, balanceAfter: 0, reference: 'purchase:1' },
    ]);
  });

  it('names the lots of a refund: those that got it back, and those that were over', () => {
    const spent = story(
      [noon('2026-03-01'), earn(100, '2026-12-31')],
      [noon('2026-03-01'), earn(50, '2027-12-31')],
      [noon('2026-03-02'), spend(120)],
    );
    const back = { kind: 'REFUND', amount: 120, from: spent.draws, reference: 'cancel:1' } as const;
    const draft = next(spent, back, { now: noon('2027-01-05'), zone: ZONE }) as Draft;
    const lines = linesOf(entryOf(draft, 4), ZONE).map(({ kind, amount, lots }) => [kind, amount, lots]);
    expect(lines).toEqual([
      ['REFUND', 120, { '2026-12-31': 100, '2027-12-31': 20 }],
      ['EXPIRE', -100, { '2026-12-31': 100 }],
    ]);
  });

  it('shows a debt that it paid', () => {
    const head = story([noon('2026-03-01'), earn(1, '2026-12-31')]);
    const owing = { ...head, after: { ...head.after, lots: {}, debt: 30 } };
    const draft = next(owing, earn(100, '2026-12-31'), { now: noon('2026-03-02'), zone: ZONE }) as Draft;
    expect(short(draft).map(({ kind, amount, balanceAfter }) => [kind, amount, balanceAfter])).toEqual([
      ['EARN', 100, 100],
      ['DEBT_PAID', -30, 70],
    ]);
  });

  it('has no line of its own when it only writes down a lapse', () => {
    const head = story([noon('2026-03-01'), earn(128, '2026-12-31')]);
    const draft = next(
      head,
      { kind: 'EXPIRE', reference: 'lapse:2026-12-31' },
      { now: noon('2027-01-01'), zone: ZONE },
    );
    expect(short(draft as Draft, 2)).toEqual([
      { id: '2-0', kind: 'EXPIRE', amount: -128, balanceAfter: 0, reference: 'lapse:2026-12-31' },
    ]);
  });
});

describe('what nothing has written down yet', () => {
  it('has the lines, with the ids, that the next entry will begin with', () => {
    const head = entryOf(story([noon('2026-03-01'), earn(128, '2026-12-31')]), 1);
    const before = unwrittenLines(head, settle(head.after, '2027-01-01').settled, ZONE);
    const draft = next(
      head,
      { kind: 'EXPIRE', reference: 'lapse:2026-12-31' },
      { now: noon('2027-01-01'), zone: ZONE },
    );
    expect(before).toEqual(linesOf(entryOf(draft as Draft, 2), ZONE));
  });
});
