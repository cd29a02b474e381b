import { type ErrorCode, Refusal } from '../errors.ts';
import {
  hasAccount,
  idOf,
  type LookUpKind,
  type LookUps,
  lookUpsBy,
  type MemberRef,
  mustMaySpend,
} from '../members/members.ts';
import { dayOf, startOfDay } from '../platform/calendar-day.ts';
import { type By, idUnderKey } from '../platform/ids.ts';
import { setting } from '../platform/settings.ts';
import { programme } from '../programme/programme.ts';
import { type Basis, type Decision, exchange, type Outcome } from '../table/commit.ts';
import { available, type Draft, type Entry, type Lots } from './account.ts';
import { type Chain, decide, living, momentOf, type NextEntry } from './moving.ts';
import { entryAsOf } from './past.ts';
import { repeatOf } from './repeats.ts';
import { reference } from './seal.ts';
import type { AccountId } from './store.ts';

/** What a member wants to give, and to whom. */
export interface Gift {
  to: Exclude<MemberRef, { externalId: string }>;
  points: number;
  currency: string;
}

/** A gift as its giver's entry tells it. */
export interface Transfer {
  transferId: string;
  points: number;
  currency: string;
  lots: Lots;
  balanceAfter: number;
  at: number;
}

/** What a gift is called on both sides, and how much it is. */
interface Going {
  reference: string;
  amount: number;
}

type Told = Pick<Draft, 'amount' | 'draws' | 'after' | 'effectiveAt'>;

function told(transferId: string, currency: string, { amount, draws, after, effectiveAt }: Told): Transfer {
  return { transferId, points: amount, currency, lots: draws, balanceAfter: available(after), at: effectiveAt };
}

/** How much of `most` may still be given on the day of this draft: what was given on it is the difference of two sums. */
async function leftToday({ account, before }: Chain, { effectiveAt }: Draft, most: number): Promise<number> {
  const zone = setting('TIME_ZONE');
  const start = startOfDay(dayOf(effectiveAt, zone), zone);
  const inAll = before?.after.totals.TRANSFER_OUT ?? 0;
  if (!before || inAll === 0 || before.effectiveAt < start) return most;
  const yesterday = await entryAsOf(account, start - 1, before);
  return Math.max(0, most - inAll + (yesterday?.after.totals.TRANSFER_OUT ?? 0));
}

async function checkLimits(giver: Chain, draft: Draft, points: number): Promise<void> {
  const { maxPoints, maxPointsPerDay } = (await programme()).transfers;
  // Who has not given so much in all has not given it today.
  if (points <= maxPoints && (draft.after.totals.TRANSFER_OUT ?? 0) <= maxPointsPerDay) return;
  const left = await leftToday(giver, draft, maxPointsPerDay);
  if (points <= maxPoints && points <= left) return;
  const limit = points > maxPoints ? maxPoints : maxPointsPerDay;
  throw new Refusal('points.transfer_limit', { limit, maxPoints, maxPointsPerDay, leftToday: left });
}

async function isThis(repeat: Entry, { to, points, currency }: Gift, lookUps: LookUps, basis: Basis): Promise<boolean> {
  if (repeat.kind !== 'TRANSFER_OUT' || repeat.amount !== points) return false;
  if ('phone' in to) await lookUps.count('REPEAT');
  const memberId = await idOf(to);
  const party = repeat.parts.party as string;
  if (memberId === undefined) return false;
  if (memberId === party) return true;
  const [asked, got] = await Promise.all([memberId, party].map((one) => living({ memberId: one, currency }, basis)));
  return asked?.account.memberId === got?.account.memberId;
}

/**
 * The chain on which a gift arrives; undefined where there is no such member, or was. Where the giver has never had any,
 * nothing will arrive, and no heirs are looked for.
 */
async function receiverOf(
  { to, currency }: Gift,
  giver: Chain,
  lookUps: LookUps,
  basis: Basis,
): Promise<Chain | undefined> {
  if ('phone' in to) await lookUps.count('GIFT');
  const memberId = await idOf(to);
  if (memberId === undefined) return undefined;
  const account = { memberId, currency };
  const chain = giver.before ? await living(account, basis) : { account, before: undefined, repeat: undefined };
  return (await hasAccount(chain.account.memberId, basis)) ? chain : undefined;
}

/** What goes out at this instant, within the limits. A refusal is thrown. */
async function goesOut(giver: Chain, gift: Going, party: string, at: number): Promise<NextEntry> {
  const out = decide(giver.account, giver.before, { kind: 'TRANSFER_OUT', ...gift, party }, at);
  await checkLimits(giver, out.draft, gift.amount);
  return out;
}

async function decideGift(
  account: AccountId,
  gift: Gift,
  transferId: string,
  lookUps: LookUps,
  basis: Basis,
): Promise<Decision<Transfer>> {
  const { points: amount, currency } = gift;
  const same = { reference: reference('transfer', transferId), amount };
  const giver = await living(account, basis, (current, newest) => repeatOf(current, newest, same, basis));
  if (giver.repeat) {
    if (!(await isThis(giver.repeat, gift, lookUps, basis))) throw new Refusal('request.key_reused');
    return { writes: [], answer: told(transferId, currency, giver.repeat), replayed: true };
  }
  await mustMaySpend(account.memberId, basis);
  const receiver = await receiverOf(gift, giver, lookUps, basis);
  const from = giver.account.memberId;
  if (!receiver) {
    // Who could not give to anybody is told that alone: whether a phone is a member's is learnt by gifts, not by tries.
    await goesOut(giver, same, from, momentOf(basis, giver));
    throw new Refusal('members.not_found');
  }
  const to = receiver.account.memberId;
  if (from === to) throw new Refusal('points.to_oneself');
  const at = momentOf(basis, giver, receiver);
  const out = await goesOut(giver, same, to, at);
  const lots = out.draft.draws;
  const into = decide(receiver.account, receiver.before, { kind: 'TRANSFER_IN', ...same, party: from, lots }, at);
  return { writes: [out.write, into.write], answer: told(transferId, currency, out.draft) };
}

/** Which look-up was in vain where a gift by phone is refused so. */
const IN_VAIN: Partial<Record<ErrorCode, LookUpKind>> = {
  'members.not_found': 'GIFT',
  'request.key_reused': 'REPEAT',
};

/**
 * Gives points to another member: both entries in one transaction, at one instant. The same key again gets the same
 * answer; another gift under it is refused. By phones that are nobody's a member may ask so often.
 */
export async function give(memberId: string, gift: Gift, { caller, route, key }: By): Promise<Outcome<Transfer>> {
  const transferId = await idUnderKey('trf', caller, route, key);
  const account = { memberId, currency: gift.currency };
  const lookUps = lookUpsBy(memberId);
  let inVain: LookUpKind | undefined;
  try {
    return await exchange((basis) => decideGift(account, gift, transferId, lookUps, basis));
  } catch (error) {
    if (error instanceof Refusal) inVain = IN_VAIN[error.code];
    throw error;
  } finally {
    await lookUps.end(inVain);
  }
}
