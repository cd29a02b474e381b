import { lastDayOf } from './days.ts';
import type { Cause } from './effect.ts';
import type { Entry } from './entry.ts';
import { differences, total } from './lots.ts';
import { effectOf, mustBeRefused } from './rule.ts';
import { digestOf, sealOf } from './seal.ts';
import { copyOf, newAccount, passTime } from './settlement.ts';
import type { Chain, World } from './world.ts';

const RECENT = 32;
const DIGEST_BYTES = 6;
const MAX_SHOWN = 4;

function sealFault(before: Entry | undefined, { item, hash, recent }: Entry): string | undefined {
  const { h: _, ...sealed } = item.all;
  if (!sealOf(before?.hash, sealed).equals(hash)) return 'is not what was sealed after the entry before it';
  const known = before && Buffer.concat([digestOf(before.reference, DIGEST_BYTES), before.recent]);
  const wanted = (known ?? Buffer.alloc(0)).subarray(0, RECENT * DIGEST_BYTES);
  return wanted.equals(recent) ? undefined : 'does not remember the references before it';
}

/** Numbers without a gap, and seals (INV-5). */
function checkSeals({ report }: World, { pk, entries }: Chain): void {
  let before: Entry | undefined;
  for (const entry of entries) {
    const due = (before?.seq ?? 0) + 1;
    if (entry.seq !== due) report('INV-5', entry.key, `comes where entry ${due} of ${pk} should be`);
    const fault = sealFault(before, entry);
    if (fault) report('INV-5', entry.key, fault);
    before = entry;
  }
}

function timeFaults(world: World, before: Entry | undefined, entry: Entry): string[] {
  const { kind, occurredAt, recordedAt, effectiveAt } = entry;
  const [wrote, counted] = [before?.recordedAt ?? 0, before?.effectiveAt ?? 0];
  const faults: string[] = [];
  if (recordedAt < wrote) faults.push('it was recorded before the entry before it');
  if (effectiveAt < counted) faults.push('it counts from before the entry before it');
  const due = [recordedAt, occurredAt].map((at) => Math.max(at, counted));
  if (kind !== 'EXPIRE' && !due.includes(effectiveAt)) faults.push('it counts from neither of its times');
  if (kind === 'EXPIRE' && effectiveAt > Math.max(recordedAt, counted))
    faults.push('it counts from later than it was written');
  if (kind === 'EXPIRE' && total(entry.settled.lapsed) === 0) faults.push('it writes down a lapse and nothing lapsed');
  if (
    kind === 'EXPIRE' &&
    effectiveAt > counted &&
    world.calendar.startOf(world.calendar.dayOf(effectiveAt)) !== effectiveAt
  )
    faults.push('a lapse counts from the start of a day');
  return faults;
}

/** What of an entry the rule speaks of. */
const ruled = ({ amount, draws, parts, settled, after }: Entry) => ({ amount, draws, parts, settled, after });

/** The cause of an entry as far as the rule needs it; a clawback cannot be worked out without its purchase. */
type CauseOf = (entry: Entry, chain: Chain) => Cause | undefined;

function checkStep(
  world: World,
  chain: Chain,
  step: { before: Entry | undefined; entry: Entry },
  causeOf: CauseOf,
): void {
  const { before, entry } = step;
  const { report, calendar } = world;
  const today = calendar.dayOf(entry.effectiveAt);
  const account = before ? copyOf(before.after) : newAccount();
  const settled = passTime(account, today);
  const lapsed = differences(entry.settled.lapsed, settled.lapsed, 'lapsed');
  if (lapsed.length > 0) report('INV-23', entry.key, lapsed.join('; '));
  const faults = timeFaults(world, before, entry);
  if (before?.kind === 'MERGE_OUT') faults.push('the account was closed by a merge');
  const refusal = mustBeRefused(account, entry);
  if (refusal) faults.push(refusal);
  const cause = causeOf(entry, chain);
  if (cause) {
    const effect = effectOf(account, entry, cause, today);
    faults.push(...differences(ruled(entry), { ...effect, settled, after: account }, ''));
  }
  if (faults.length > 0) report('INV-6', entry.key, faults.slice(0, MAX_SHOWN).join('; '));
}

/** The rules, entry by entry (INV-6); what was written down as lapsed is INV-23. */
function checkRules(world: World, chain: Chain, causeOf: CauseOf): void {
  let before: Entry | undefined;
  for (const entry of chain.entries) {
    // After a gap there is nothing to go on from: the gap itself is reported.
    if (entry.seq === (before?.seq ?? 0) + 1) checkStep(world, chain, { before, entry }, causeOf);
    before = entry;
  }
}

/** A chain by itself. */
export function checkChain(world: World, chain: Chain, causeOf: CauseOf): void {
  checkSeals(world, chain);
  checkRules(world, chain, causeOf);
  checkFuture(world, chain);
}

function checkFuture({ report }: World, { entries }: Chain): void {
  for (const { key, kind, draws, parts, amount } of entries) {
    if (!['SPEND', 'HOLD', 'TRANSFER_OUT', 'EXCHANGE_OUT'].includes(kind)) continue;
    if (total(draws) !== amount) report('INV-3', key, `${amount} went and the lots gave ${total(draws)}`);
    if (parts.lapsed)
      report('INV-3', key, `what went cannot lapse: ${Object.keys(parts.lapsed).map(lastDayOf).join()}`);
  }
}
