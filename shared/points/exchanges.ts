import { Refusal } from '../errors.ts';
import { dayOf } from '../platform/calendar-day.ts';
import { type By, idUnderKey } from '../platform/ids.ts';
import { setting } from '../platform/settings.ts';
import { expiryOf, lastDayFor, type Programme, programme, programmeAt } from '../programme/programme.ts';
import { type Basis, type Decision, exchange, type Outcome } from '../table/commit.ts';
import { available, type Draft, type Entry, type Lots } from './account.ts';
import { decide, living, momentOf } from './moving.ts';
import { repeatOf } from './repeats.ts';
import { reference } from './seal.ts';
import { splitOver } from './splitting.ts';

/** What a member wants to exchange. */
export interface Trade {
  from: string;
  to: string;
  points: number;
}

/** An exchange as the entry that went out tells it. */
export interface Exchange {
  exchangeId: string;
  from: string;
  to: string;
  taken: number;
  given: number;
  lots: Lots;
  balanceAfter: number;
  at: number;
}

/** The name under which entries remember the version whose rate they were exchanged at. */
const RULE = 'EXCHANGE';

/** What of it converts, once on the total, and what comes for it. */
function convert({ exchange: rates }: Programme, { from, to, points }: Trade): { taken: number; given: number } {
  const rate = rates.find((one) => one.from === from && one.to === to);
  if (!rate) throw new Refusal('points.exchange_unknown', { from, to });
  const steps = Math.floor(points / rate.take);
  if (steps === 0) throw new Refusal('points.exchange_too_little', { least: rate.take });
  return { taken: steps * rate.take, given: steps * rate.give };
}

type Told = Pick<Draft, 'draws' | 'after' | 'effectiveAt'>;

/** What came for these draws follows from them, the rules and the day: a repeat is answered from the entry alone. */
function told(exchangeId: string, rules: Programme, trade: Trade, { draws, after, effectiveAt }: Told): Exchange {
  const { from, to } = trade;
  const { taken, given } = convert(rules, trade);
  const expiry = expiryOf(rules, to);
  if (!expiry) throw new Error(`The programme exchanges for ${to}, which it does not have.`);
  const latest = lastDayFor(expiry, dayOf(effectiveAt, setting('TIME_ZONE')));
  const lots = splitOver(draws, given, latest);
  return { exchangeId, from, to, taken, given, lots, balanceAfter: available(after), at: effectiveAt };
}

async function again(exchangeId: string, repeat: Entry, trade: Trade): Promise<Decision<Exchange>> {
  const { kind, parts, amount, rule = '' } = repeat;
  if (kind !== 'EXCHANGE_OUT' || parts.party !== trade.to) throw new Refusal('request.key_reused');
  const rules = await programmeAt(Number(rule.slice(RULE.length + 1)));
  const { take = 1 } = rules.exchange.find(({ from, to }) => from === trade.from && to === trade.to) ?? {};
  if (trade.points - (trade.points % take) !== amount) throw new Refusal('request.key_reused');
  return { writes: [], answer: told(exchangeId, rules, trade, repeat), replayed: true };
}

async function decideTrade(
  memberId: string,
  trade: Trade,
  exchangeId: string,
  basis: Basis,
): Promise<Decision<Exchange>> {
  const { from, to } = trade;
  const same = { reference: reference('exchange', exchangeId) };
  const source = await living({ memberId, currency: from }, basis, (current, newest) =>
    repeatOf(current, newest, same, basis),
  );
  if (source.repeat) return again(exchangeId, source.repeat, trade);
  const rules = await programme();
  const { taken, given } = convert(rules, trade);
  const target = await living({ memberId: source.account.memberId, currency: to }, basis);
  const at = momentOf(basis, source, target);
  const by = { ...same, rule: `${RULE}@${rules.version}` };
  const out = decide(source.account, source.before, { kind: 'EXCHANGE_OUT', ...by, amount: taken, party: to }, at);
  const answer = told(exchangeId, rules, trade, out.draft);
  const { lots } = answer;
  const into = { kind: 'EXCHANGE_IN', ...by, amount: given, party: from, lots } as const;
  return { writes: [out.write, decide(target.account, target.before, into, at).write], answer };
}

/**
 * Exchanges one currency of a member for another at the programme's rate: both entries in one transaction, at one
 * instant. The same key again gets the same answer; another exchange under it is refused.
 */
export async function trade(memberId: string, wanted: Trade, { caller, route, key }: By): Promise<Outcome<Exchange>> {
  const exchangeId = await idUnderKey('xch', caller, route, key);
  return exchange((basis) => decideTrade(memberId, wanted, exchangeId, basis));
}
