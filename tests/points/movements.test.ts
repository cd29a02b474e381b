import { describe, expect, it } from 'vitest';
import { Refusal } from '../../shared/errors.ts';
import { type Account, type Draft, type Entry, emptyAccount } from '../../shared/points/account.ts';
import { announcementsOf } from '../../shared/points/announcements.ts';
import { link, load } from '../../shared/points/chain.ts';
import type { Movement } from '../../shared/points/movements.ts';
import { type Head, next } from '../../shared/points/rules.ts';
import { linesOf } from '../../shared/points/statement.ts';
import { lineView } from '../../shared/points/views.ts';
import { keys } from '../../shared/table/keys.ts';
import { lastMoment, noon, ZONE } from './stories.ts';

/** An account as it stood at noon of 1 March 2026, after 7 entries. */
const THEN = noon('2026-03-01');
const head = (account: Partial<Account>): Head => ({
  seq: 7,
  recordedAt: THEN,
  effectiveAt: THEN,
  after: { ...emptyAccount(), ...account },
});

interface Wanted {
  account?: Partial<Account>;
  draws?: object;
  parts?: object;
  amount?: number;
}

/** What happens to an account on which a movement is made at noon of this day. */
function made(account: Partial<Account>, movement: object, day = '2026-03-02'): Draft | Refusal {
  const full = { reference: 'test:1', ...movement } as Movement;
  return next(head(account), full, { now: noon(day), zone: ZONE });
}

function expectMade(draft: Draft | Refusal, { account = {}, ...wanted }: Wanted): void {
  expect(draft).not.toBeInstanceOf(Refusal);
  const { after, ...own } = draft as Draft;
  const { totals: _, ...rest } = after;
  const { totals: __, ...empty } = emptyAccount();
  expect(rest).toEqual({ ...empty, ...account });
  expect(own).toMatchObject(wanted);
}

const expectRefused = (draft: Draft | Refusal, code: string, details: object = {}) =>
  expect(draft).toMatchObject({ code, details });

type Case = [string, Partial<Account>, object, Wanted, string?];
type No = [string, Partial<Account>, object, string, object?];

const E26 = '2026-12-31';
const E27 = '2027-12-31';
const OVER = '2025-12-31';

function table(title: string, normal: Case[], refusals: No[] = []): void {
  describe(title, () => {
    it.each(normal)('%s', (_, account, movement, wanted, day) => {
      expectMade(made(account, movement, day), wanted);
    });
    if (refusals.length === 0) return;
    it.each(refusals)('is refused: %s', (_, account, movement, code, details) => {
      expectRefused(made(account, movement), code, details);
    });
  });
}

const earn = { kind: 'EARN', amount: 50, lastDay: E26, rule: 'BASE@1' };
const BILLION = 1_000_000_000;
const TRILLION = 1_000_000_000_000;

table(
  '§3.1 amounts: a movement of up to 1e9, an account of up to 1e12',
  [
    ['1e9 in one movement', {}, { ...earn, amount: BILLION }, { account: { lots: { [E26]: BILLION } } }],
    ['up to 1e12 in one account', { lots: { [E26]: TRILLION - 50 } }, earn, { account: { lots: { [E26]: TRILLION } } }],
    [
      'and what was taken may always come back',
      { lots: { [E26]: TRILLION } },
      { kind: 'REFUND', amount: 5, from: { [E26]: 5 } },
      { account: { lots: { [E26]: TRILLION + 5 } } },
    ],
  ],
  [
    ['more than 1e9', {}, { ...earn, amount: BILLION + 1 }, 'points.limit', { limit: BILLION }],
    ['more than 1e12 available', { lots: { [E26]: TRILLION - 49 } }, earn, 'points.limit', { limit: TRILLION }],
    [
      'more than 1e12 with what is pending',
      { lots: { [E26]: 1 }, pending: { EVENT: { EVENT: TRILLION - 50 } } },
      earn,
      'points.limit',
    ],
    ['more than 1e12 with what is held', { lots: { [E26]: 1 }, held: { '3': TRILLION - 50 } }, earn, 'points.limit'],
    ['pending beyond 1e12', { lots: { [E26]: TRILLION } }, { ...earn, availableOn: 'EVENT' }, 'points.limit'],
    [
      'a gift beyond 1e12',
      { lots: { [E26]: TRILLION } },
      { kind: 'TRANSFER_IN', amount: 1, lots: { [E26]: 1 }, party: 'm' },
      'points.limit',
    ],
    [
      'staff beyond 1e12',
      { lots: { [E26]: TRILLION } },
      { kind: 'ADJUST_UP', amount: 1, lots: { [E26]: 1 } },
      'points.limit',
    ],
  ],
);

describe('§3.2 three times', () => {
  it('the last millisecond of a day belongs to it, the next one to the next', () => {
    const account = head({ lots: { '2026-03-01': 5 } });
    const at = (now: number) => next(account, { kind: 'SPEND', amount: 5, reference: 'o' }, { now, zone: ZONE });
    expect(at(lastMoment('2026-03-01'))).toMatchObject({ kind: 'SPEND', effectiveAt: lastMoment('2026-03-01') });
    expectRefused(at(lastMoment('2026-03-01') + 1), 'points.insufficient', { missing: 5, available: 0 });
  });

  it.each([
    ['now', {}, '2026-03-02', '2026-03-02', '2026-03-02'],
    ['late, as the caller says', { occurredAt: noon('2026-02-20') }, '2026-02-20', '2026-03-02', '2026-03-02'],
    [
      'history, before the head: at the head',
      { occurredAt: noon('2026-02-20'), backfill: true },
      '2026-02-20',
      '2026-03-02',
      '2026-03-01',
    ],
    [
      'history, after the head: at its own time',
      { occurredAt: THEN + 5, backfill: true },
      undefined,
      '2026-03-02',
      undefined,
    ],
  ])('%s', (_, more, occurred, recorded, effective) => {
    const draft = made({}, { ...earn, ...more }) as Draft;
    expect(draft).toMatchObject({
      occurredAt: occurred ? noon(occurred) : THEN + 5,
      recordedAt: noon(recorded),
      effectiveAt: effective ? noon(effective) : THEN + 5,
    });
  });

  it.each([300_000, 86_400_000])('a clock %i ms behind the head writes at the head’s time', (behind) => {
    const draft = next(head({}), { ...earn, reference: 'p' } as Movement, { now: THEN - behind, zone: ZONE });
    expect(draft).toMatchObject({ recordedAt: THEN, effectiveAt: THEN, occurredAt: THEN });
  });
});

const forty = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`20${30 + i}-12-31`, 1]));

table(
  '§3.3 lots by last valid day',
  [
    ['the same last day is one lot', { lots: { [E26]: 5 } }, earn, { account: { lots: { [E26]: 55 } } }],
    [
      'its last day is the day itself',
      {},
      { ...earn, lastDay: '2026-03-02' },
      { account: { lots: { '2026-03-02': 50 } } },
    ],
    [
      'after its last day it is granted and gone at once',
      {},
      { ...earn, lastDay: '2026-03-01' },
      { account: { forfeits: { '2026-03-01': 50 } }, parts: { lapsed: { '2026-03-01': 50 } } },
    ],
    [
      'and pays no debt then',
      { debt: 7 },
      { ...earn, lastDay: '2026-03-01' },
      { account: { debt: 7, forfeits: { '2026-03-01': 50 } } },
    ],
    ['for ever', {}, { ...earn, lastDay: '9999-12-31' }, { account: { lots: { '9999-12-31': 50 } } }, '2199-01-01'],
    ['a purchase may make a 41st', { lots: forty }, earn, { account: { lots: { ...forty, [E26]: 50 } } }],
    [
      'a gift into one of 40 is no 41st',
      { lots: forty },
      { kind: 'TRANSFER_IN', amount: 1, lots: { '2030-12-31': 1 }, party: 'm' },
      { account: { lots: { ...forty, '2030-12-31': 2 } } },
    ],
    [
      'what comes back may make a 41st',
      { lots: forty },
      { kind: 'REFUND', amount: 1, from: { [E26]: 1 } },
      { account: { lots: { ...forty, [E26]: 1 } } },
    ],
  ],
  [
    [
      'a gift that makes a 41st',
      { lots: forty },
      { kind: 'TRANSFER_IN', amount: 1, lots: { [E26]: 1 }, party: 'm' },
      'points.too_many_lots',
      { limit: 40 },
    ],
    [
      'an exchange that makes a 41st',
      { lots: forty },
      { kind: 'EXCHANGE_IN', amount: 1, lots: { [E26]: 1 }, party: 'COINS' },
      'points.too_many_lots',
    ],
    [
      'an adjustment that makes a 41st',
      { lots: forty },
      { kind: 'ADJUST_UP', amount: 1, lots: { [E26]: 1 } },
      'points.too_many_lots',
    ],
  ],
);

table('§3.4 time settles first', [
  [
    'what lapsed is written down by the next entry',
    { lots: { '2026-03-01': 9 } },
    earn,
    { account: { lots: { [E26]: 50 }, forfeits: { '2026-03-01': 9 } } },
  ],
  [
    'what is due becomes available',
    { pending: { '2026-03-02': { [E27]: 9 } } },
    earn,
    { account: { lots: { [E26]: 50, [E27]: 9 } } },
  ],
  [
    'a debt is paid by what is due before the movement',
    { debt: 4, pending: { '2026-03-02': { [E27]: 9 } } },
    { kind: 'SPEND', amount: 5 },
    { account: {} },
  ],
  [
    'a lapse of long ago is forgotten',
    { forfeits: { '2025-01-01': 1, '2025-03-01': 2 } },
    earn,
    { account: { lots: { [E26]: 50 }, forfeits: { '2025-03-01': 2 } } },
    '2026-04-05',
  ],
]);

table(
  '§3.5 spending draws the earliest last day first',
  [
    [
      'through several lots',
      { lots: { [E27]: 5, [E26]: 5 } },
      { kind: 'SPEND', amount: 7 },
      { account: { lots: { [E27]: 3 } }, draws: { [E26]: 5, [E27]: 2 } },
    ],
    [
      'a plain lot before a grace lot of the same day',
      { lots: { [`${E26}g`]: 5, [E26]: 5 } },
      { kind: 'SPEND', amount: 6 },
      { account: { lots: { [`${E26}g`]: 4 } } },
    ],
    ['the last point', { lots: { [E26]: 5 } }, { kind: 'SPEND', amount: 5 }, { account: {} }],
  ],
  [
    [
      'one point short',
      { lots: { [E26]: 5 } },
      { kind: 'SPEND', amount: 6 },
      'points.insufficient',
      { missing: 1, available: 5 },
    ],
    ['nothing there', {}, { kind: 'SPEND', amount: 1 }, 'points.insufficient', { missing: 1, available: 0 }],
    [
      'what is held and pending is not there',
      { held: { '3': 9 }, pending: { EVENT: { EVENT: 9 } } },
      { kind: 'SPEND', amount: 1 },
      'points.insufficient',
    ],
    ['frozen', { lots: { [E26]: 5 }, frozen: true }, { kind: 'SPEND', amount: 1 }, 'points.frozen'],
  ],
);

const holding = { held: { '3': 60 } };
const gave = { [OVER]: 20, [E26]: 30, [E27]: 10 };
table(
  '§3.7 hold, and its one ending',
  [
    [
      'hold: takes points out of their lots',
      { lots: { [E26]: 60, [E27]: 5 } },
      { kind: 'HOLD', amount: 62 },
      { account: { lots: { [E27]: 3 }, held: { '8': 62 } }, draws: { [E26]: 60, [E27]: 2 } },
    ],
    [
      'hold: they do not lapse while held',
      holding,
      { kind: 'FREEZE' },
      { account: { ...holding, frozen: true } },
      '2030-01-01',
    ],
    [
      'capture: the whole, after the last day and while frozen',
      { ...holding, frozen: true },
      { kind: 'CAPTURE', amount: 60, hold: 3, from: gave },
      { account: { frozen: true }, draws: {}, parts: { back: {} } },
      '2030-01-01',
    ],
    [
      'capture: a part gives the rest back, latest last day first',
      holding,
      { kind: 'CAPTURE', amount: 35, hold: 3, from: gave },
      { account: { lots: { [E27]: 10, [E26]: 15 } }, parts: { back: { [E27]: 10, [E26]: 15 } } },
    ],
    [
      'capture: what returns after its day lapses',
      holding,
      { kind: 'CAPTURE', amount: 10, hold: 3, from: gave },
      { account: { lots: { [E27]: 10, [E26]: 30 }, forfeits: { [OVER]: 10 } }, parts: { lapsed: { [OVER]: 10 } } },
    ],
    [
      'capture: or becomes a grace lot when the shop caused it',
      holding,
      { kind: 'CAPTURE', amount: 10, hold: 3, from: gave, graceUntil: '2026-04-01' },
      { account: { lots: { '2026-04-01g': 10, [E27]: 10, [E26]: 30 } }, parts: { lapsed: {} } },
    ],
    [
      'release: all goes back',
      holding,
      { kind: 'RELEASE', amount: 60, hold: 3, from: gave, graceUntil: '2026-04-01' },
      { account: { lots: { '2026-04-01g': 20, [E26]: 30, [E27]: 10 } } },
    ],
    [
      'release: and pays a debt first',
      { ...holding, debt: 5 },
      { kind: 'RELEASE', amount: 60, hold: 3, from: gave },
      {
        account: { lots: { [E26]: 30, [E27]: 10 }, forfeits: { [OVER]: 15 } },
        parts: { debtPaid: 5, lapsed: { [OVER]: 15 } },
      },
    ],
    [
      'release: leaves another hold alone',
      { held: { '3': 60, '5': 1 } },
      { kind: 'RELEASE', amount: 60, hold: 3, from: { [E26]: 60 } },
      { account: { held: { '5': 1 }, lots: { [E26]: 60 } } },
    ],
  ],
  [
    [
      'a hold of more than there is',
      { lots: { [E26]: 5 } },
      { kind: 'HOLD', amount: 6 },
      'points.insufficient',
      { missing: 1 },
    ],
    ['a hold while frozen', { lots: { [E26]: 5 }, frozen: true }, { kind: 'HOLD', amount: 5 }, 'points.frozen'],
  ],
);

describe('§3.7 hold: what its document never asks for', () => {
  it.each([
    ['a capture of more than is held', holding, { kind: 'CAPTURE', amount: 61, hold: 3, from: gave }],
    ['a release of a part', holding, { kind: 'RELEASE', amount: 59, hold: 3, from: gave }],
  ])('%s throws', (_, account, movement) => {
    expect(() => made(account, movement)).toThrow(/hold/);
  });

  it('a second ending is decided again: the document that was read is older than the account', () => {
    const again = made({}, { kind: 'RELEASE', amount: 60, hold: 3, from: gave });
    expect(again).toMatchObject({ code: 'points.hold_moved' });
  });
});

const refund = { kind: 'REFUND', amount: 60, from: gave };
table('§3.8 refund', [
  [
    'back where they came from; forfeited when the day has passed',
    {},
    refund,
    { account: { lots: { [E26]: 30, [E27]: 10 }, forfeits: { [OVER]: 20 } }, parts: { lapsed: { [OVER]: 20 } } },
  ],
  [
    'a grace lot when the shop caused it',
    {},
    { ...refund, graceUntil: '2026-04-01' },
    { account: { lots: { '2026-04-01g': 20, [E26]: 30, [E27]: 10 } } },
  ],
  ['a part: latest last day first', {}, { ...refund, amount: 15 }, { account: { lots: { [E27]: 10, [E26]: 5 } } }],
  [
    'what has passed pays the debt, before what still counts does',
    { debt: 25 },
    refund,
    { account: { lots: { [E26]: 25, [E27]: 10 } }, parts: { debtPaid: 25, lapsed: {} } },
  ],
  [
    'what has passed is forfeited only beyond the debt',
    { debt: 15 },
    refund,
    { account: { lots: { [E26]: 30, [E27]: 10 }, forfeits: { [OVER]: 5 } }, parts: { debtPaid: 15 } },
  ],
  ['a debt larger than all', { debt: 70 }, refund, { account: { debt: 10 }, parts: { debtPaid: 60, lapsed: {} } }],
  [
    'while frozen',
    { frozen: true },
    { kind: 'REFUND', amount: 1, from: { [E26]: 1 } },
    { account: { frozen: true, lots: { [E26]: 1 } } },
  ],
]);

const claw = { kind: 'CLAWBACK', amount: 100, lastDay: E26, shortage: 'DEBT' };
table('§3.9 clawback', [
  [
    'its pending first',
    { pending: { '2026-03-09': { [E26]: 130 } }, lots: { [E26]: 9 } },
    { ...claw, availableOn: '2026-03-09' },
    { account: { pending: { '2026-03-09': { [E26]: 30 } }, lots: { [E26]: 9 } }, draws: {} },
  ],
  [
    'what became available meanwhile is no longer pending',
    { pending: { '2026-03-02': { [E26]: 100 } } },
    { ...claw, availableOn: '2026-03-02' },
    { account: {}, draws: { [E26]: 100 } },
  ],
  [
    'no other purchase’s pending',
    { pending: { EVENT: { EVENT: 90 } }, lots: { [E26]: 80 } },
    { ...claw, availableOn: 'EVENT', waiting: 20 },
    { account: { pending: { EVENT: { EVENT: 70 } } }, draws: { [E26]: 80 } },
  ],
  [
    'its lot, then that lot’s forfeits, then others, earliest first',
    { lots: { '2026-06-30': 4, [E26]: 30, [E27]: 90 }, forfeits: { [E26]: 40 } },
    claw,
    {
      account: { lots: { [E27]: 64 } },
      draws: { [E26]: 30, '2026-06-30': 4, [E27]: 26 },
      parts: { counted: 40, owed: 0 },
    },
  ],
  [
    'forfeits of its lot only, and once',
    { forfeits: { [E26]: 30, [E27]: 9 } },
    claw,
    { account: { forfeits: { [E27]: 9 }, debt: 70 }, parts: { counted: 30, owed: 70 } },
  ],
  [
    'a shortage is a debt',
    { lots: { [E26]: 99 } },
    claw,
    { account: { debt: 1 }, parts: { owed: 1, lost: 0, offset: 0 } },
  ],
  ['or a loss', {}, { ...claw, shortage: 'CLAMP' }, { account: {}, parts: { owed: 0, lost: 100, offset: 0 } }],
  [
    'or is for the caller to take from the cash',
    {},
    { ...claw, shortage: 'OFFSET_CASH' },
    { account: {}, parts: { owed: 0, lost: 0, offset: 100 } },
  ],
  ['never held points', holding, claw, { account: { ...holding, debt: 100 } }],
  ['while frozen', { frozen: true, lots: { [E26]: 100 } }, claw, { account: { frozen: true } }],
]);

table('§3.10 debt: whatever becomes available pays it first', [
  ['earn', { debt: 30 }, earn, { account: { lots: { [E26]: 20 } }, parts: { debtPaid: 30 } }],
  ['a debt larger than what comes', { debt: 80 }, earn, { account: { debt: 30 }, parts: { debtPaid: 50 } }],
  [
    'activate',
    { debt: 30, pending: { EVENT: { EVENT: 50 } } },
    { kind: 'ACTIVATE', amount: 50, lastDay: E26 },
    { account: { lots: { [E26]: 20 } }, parts: { debtPaid: 30 } },
  ],
  [
    'a gift that comes in, its earliest day first',
    { debt: 30 },
    { kind: 'TRANSFER_IN', amount: 50, lots: { [E27]: 25, [E26]: 25 }, party: 'm' },
    { account: { lots: { [E27]: 20 } }, parts: { debtPaid: 30 } },
  ],
  [
    'an exchange that comes in',
    { debt: 30 },
    { kind: 'EXCHANGE_IN', amount: 50, lots: { [E26]: 50 }, party: 'C' },
    { account: { lots: { [E26]: 20 } } },
  ],
  [
    'an adjustment',
    { debt: 30 },
    { kind: 'ADJUST_UP', amount: 50, lots: { [E26]: 50 } },
    { account: { lots: { [E26]: 20 } } },
  ],
  [
    'pending does not',
    { debt: 30 },
    { ...earn, availableOn: '2026-03-09' },
    { account: { debt: 30, pending: { '2026-03-09': { [E26]: 50 } } } },
  ],
]);

table('§3.11 pending', [
  [
    'waits for its day',
    {},
    { ...earn, availableOn: '2026-03-03' },
    { account: { pending: { '2026-03-03': { [E26]: 50 } } } },
  ],
  ['its day is today: available', {}, { ...earn, availableOn: '2026-03-02' }, { account: { lots: { [E26]: 50 } } }],
  [
    'waits for an event, whatever the day',
    { pending: { EVENT: { EVENT: 5 } } },
    { ...earn, availableOn: 'EVENT' },
    { account: { pending: { EVENT: { EVENT: 55 } } } },
    '2031-01-01',
  ],
  [
    'activate: a part',
    { pending: { EVENT: { EVENT: 50 } } },
    { kind: 'ACTIVATE', amount: 20, lastDay: E27 },
    { account: { pending: { EVENT: { EVENT: 30 } }, lots: { [E27]: 20 } } },
  ],
  [
    'activate: after its last day it is gone at once',
    { pending: { EVENT: { EVENT: 50 } } },
    { kind: 'ACTIVATE', amount: 50, lastDay: OVER },
    { account: { forfeits: { [OVER]: 50 } }, parts: { lapsed: { [OVER]: 50 } } },
  ],
]);

it('§3.11 pending: no more is activated than waits', () => {
  expect(() => made({ pending: { EVENT: { EVENT: 5 } } }, { kind: 'ACTIVATE', amount: 6, lastDay: E27 })).toThrow(
    /waits/,
  );
});

const gift = { kind: 'TRANSFER_OUT', amount: 7, party: 'mem_2' };
const from = { lots: { [E26]: 40 }, pending: { '2026-05-01': { [E27]: 5 } }, forfeits: { [OVER]: 3 }, debt: 0 };
table(
  '§3.12 transfer, exchange, merge',
  [
    [
      'transfer out: earliest first',
      { lots: { [E26]: 5, [E27]: 5 } },
      gift,
      { account: { lots: { [E27]: 3 } }, draws: { [E26]: 5, [E27]: 2 }, parts: { party: 'mem_2' } },
    ],
    [
      'transfer in: lots keep their days',
      { lots: { [E26]: 1 } },
      { kind: 'TRANSFER_IN', amount: 7, lots: { [E26]: 5, [E27]: 2 }, party: 'mem_1' },
      { account: { lots: { [E26]: 6, [E27]: 2 } } },
    ],
    [
      'transfer in: after its last day it is there and gone',
      { debt: 4 },
      { kind: 'TRANSFER_IN', amount: 7, lots: { [OVER]: 5, [E27]: 2 }, party: 'mem_1' },
      { account: { debt: 2, forfeits: { [OVER]: 5 } }, parts: { lapsed: { [OVER]: 5 }, debtPaid: 2 } },
    ],
    [
      'exchange in: after the target’s last day it is there and gone',
      {},
      { kind: 'EXCHANGE_IN', amount: 7, lots: { [OVER]: 7 }, party: 'POINTS' },
      { account: { forfeits: { [OVER]: 7 } }, draws: {}, parts: { lapsed: { [OVER]: 7 } } },
    ],
    [
      'merge out: all goes',
      { ...from, frozen: true },
      { kind: 'MERGE_OUT', party: 'mem_2' },
      {
        account: { frozen: true },
        amount: 45,
        draws: { [E26]: 40 },
        parts: { pending: from.pending, forfeits: from.forfeits },
      },
    ],
    [
      'merge in: all comes',
      { lots: { [E26]: 1 }, pending: { '2026-05-01': { [E27]: 1 } } },
      { kind: 'MERGE_IN', party: 'mem_1', from },
      {
        account: { lots: { [E26]: 41 }, pending: { '2026-05-01': { [E27]: 6 } }, forfeits: { [OVER]: 3 } },
        amount: 45,
      },
    ],
    [
      'merge in: pays the heir’s debt',
      { debt: 50 },
      { kind: 'MERGE_IN', party: 'mem_1', from },
      { account: { debt: 10, pending: from.pending, forfeits: from.forfeits }, parts: { debtPaid: 40 } },
    ],
    [
      'merge in: the heir pays the old debt, earliest first',
      { lots: { [E26]: 9, [E27]: 30 } },
      { kind: 'MERGE_IN', party: 'mem_1', from: { lots: {}, pending: {}, forfeits: {}, debt: 20 } },
      { account: { lots: { [E27]: 19 } }, parts: { debtPaid: 20, debt: 20 } },
    ],
    [
      'merge in: a heir that is held and frozen stays so',
      { held: { '3': 60 }, frozen: true },
      { kind: 'MERGE_IN', party: 'mem_1', from },
      { account: { held: { '3': 60 }, frozen: true, lots: from.lots, pending: from.pending, forfeits: from.forfeits } },
    ],
    [
      'merge in: what is due and what is over by the heir’s day is so at once',
      { debt: 2 },
      {
        kind: 'MERGE_IN',
        party: 'mem_1',
        from: {
          lots: { [OVER]: 3 },
          pending: { '2026-03-02': { [E27]: 5 }, EVENT: { EVENT: 1 } },
          forfeits: {},
          debt: 0,
        },
      },
      {
        account: { lots: { [E27]: 3 }, pending: { EVENT: { EVENT: 1 } }, forfeits: { [OVER]: 3 } },
        amount: 9,
        parts: { lapsed: { [OVER]: 3 }, debtPaid: 2 },
      },
    ],
  ],
  [
    ['a gift while in debt', { debt: 1 }, gift, 'points.in_debt', { debt: 1 }],
    ['a gift while frozen', { lots: { [E26]: 9 }, frozen: true }, gift, 'points.frozen'],
    [
      'a gift of more than is available',
      { lots: { [E26]: 6 }, held: { '3': 9 } },
      gift,
      'points.insufficient',
      { missing: 1 },
    ],
    [
      'an exchange of more than is available',
      { lots: { [E26]: 6 } },
      { ...gift, kind: 'EXCHANGE_OUT' },
      'points.insufficient',
    ],
    [
      'an exchange while frozen',
      { lots: { [E26]: 9 }, frozen: true },
      { ...gift, kind: 'EXCHANGE_OUT' },
      'points.frozen',
    ],
    [
      'a merge while something is held',
      { lots: { [E26]: 6 }, ...holding },
      { kind: 'MERGE_OUT', party: 'm' },
      'points.hold_open',
      { held: 60 },
    ],
  ],
);

table(
  '§3.13 adjust',
  [
    [
      'up: into given lots',
      { lots: { [E26]: 1 } },
      { kind: 'ADJUST_UP', amount: 5, lots: { [E26]: 2, [E27]: 3 } },
      { account: { lots: { [E26]: 3, [E27]: 3 } } },
    ],
    [
      'up: after its last day it is there and gone',
      {},
      { kind: 'ADJUST_UP', amount: 5, lots: { [OVER]: 5 } },
      { account: { forfeits: { [OVER]: 5 } }, parts: { lapsed: { [OVER]: 5 } } },
    ],
    [
      'up: or a grace lot, where it is given',
      {},
      { kind: 'ADJUST_UP', amount: 5, lots: { [OVER]: 5 }, graceUntil: '2026-04-01' },
      { account: { lots: { '2026-04-01g': 5 } } },
    ],
    [
      'down: earliest first',
      { lots: { [E26]: 5, [E27]: 5 } },
      { kind: 'ADJUST_DOWN', amount: 6, shortage: 'REFUSE' },
      { account: { lots: { [E27]: 4 } } },
    ],
    [
      'down: these lots before others',
      { lots: { [E26]: 5, [E27]: 5 } },
      { kind: 'ADJUST_DOWN', amount: 6, first: { [E27]: 4 }, shortage: 'REFUSE' },
      { account: { lots: { [E26]: 3, [E27]: 1 } }, draws: { [E27]: 4, [E26]: 2 } },
    ],
    [
      'down: of these lots the earliest first',
      { lots: { [E26]: 5, [E27]: 5 } },
      { kind: 'ADJUST_DOWN', amount: 6, first: { [E27]: 5, [E26]: 5 }, shortage: 'REFUSE' },
      { account: { lots: { [E27]: 4 } } },
    ],
    [
      'down: owed beyond what is there, where that is permitted',
      { lots: { [E26]: 5 } },
      { kind: 'ADJUST_DOWN', amount: 6, shortage: 'DEBT' },
      { account: { debt: 1 }, parts: { owed: 1, lost: 0 } },
    ],
    [
      'down: or lost',
      { lots: { [E26]: 5 } },
      { kind: 'ADJUST_DOWN', amount: 6, shortage: 'CLAMP' },
      { account: {}, parts: { owed: 0, lost: 1 } },
    ],
    [
      'down: while frozen',
      { lots: { [E26]: 5 }, frozen: true },
      { kind: 'ADJUST_DOWN', amount: 5, shortage: 'REFUSE' },
      { account: { frozen: true } },
    ],
    ['freeze', {}, { kind: 'FREEZE' }, { account: { frozen: true }, amount: 0 }],
    ['thaw', { frozen: true }, { kind: 'THAW' }, { account: {}, amount: 0 }],
  ],
  [
    [
      'down beyond what is available',
      { lots: { [E26]: 5 } },
      { kind: 'ADJUST_DOWN', amount: 6, shortage: 'REFUSE' },
      'points.insufficient',
      { missing: 1, available: 5 },
    ],
    ['a second freeze', { frozen: true }, { kind: 'FREEZE' }, 'points.frozen'],
    ['a thaw of what is not frozen', {}, { kind: 'THAW' }, 'points.not_frozen'],
  ],
);

describe('§3.9 clawback: the worked example', () => {
  it('+128 and +100 in one lot, 60 spent, 168 lapse; returns of 50, 100 and 78', () => {
    let now: Head = head({});
    const go = (movement: object, day: string): Draft => {
      const draft = next(now, { reference: 'x', ...movement } as Movement, { now: noon(day), zone: ZONE }) as Draft;
      now = { ...draft, seq: 0 };
      return draft;
    };
    for (const amount of [128, 100]) go({ ...earn, amount }, '2026-05-01');
    go({ kind: 'SPEND', amount: 60 }, '2026-06-01');
    const returns = [50, 100, 78].map((amount) => go({ ...claw, amount }, '2027-01-10'));
    expect(returns.map(({ parts: { counted, owed } }) => [counted, owed])).toEqual([
      [50, 0],
      [100, 0],
      [18, 60],
    ]);
    expect(now.after).toMatchObject({
      lots: {},
      forfeits: {},
      debt: 60,
      totals: { EARN: 228, SPEND: 60, EXPIRE: 168 },
    });
  });
});

describe('§3.11 pending: what waits for an event has no last day yet', () => {
  const draft = made({}, { ...earn, availableOn: 'EVENT' }) as Draft;
  const entry: Entry = load(link(undefined, draft, keys.entry('POINTS', 'mem_1', 1)));

  it('on a line', () => {
    expect(linesOf(entry, ZONE).map((line) => lineView(line))).toMatchObject([
      { amount: 0, pending: 50, lastDay: null, lots: [] },
    ]);
  });

  it('on the bus', () => {
    const [said] = announcementsOf(entry, ZONE);
    expect(said?.detail).toMatchObject({ pending: 50 });
    expect(said?.detail).not.toHaveProperty('lastDay');
  });
});
