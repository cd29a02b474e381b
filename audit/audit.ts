import type { Archived } from './archive.ts';
import { checkArchive } from './archive-check.ts';
import { byEntry, causeFinder, checkClaims, claimsOf } from './causes.ts';
import { checkChain } from './chain.ts';
import { calendarOf } from './days.ts';
import { checkErasures } from './erasures.ts';
import type { Report, Verdict, Violation } from './findings.ts';
import { checkGifts } from './gifts.ts';
import { checkHolds } from './holds.ts';
import type { Item } from './item.ts';
import { checkLapses } from './lapses.ts';
import { checkApprovals, checkLinks, checkRecords } from './links.ts';
import type { Lots } from './lots.ts';
import { checkMerged } from './merged.ts';
import { checkOrders, checkStock } from './orders.ts';
import { byReference, checkOrigins, checkOwners } from './origins.ts';
import { known } from './patterns.ts';
import { versionsOf } from './programme.ts';
import { checkPurchases } from './purchases.ts';
import { checkPushTokens } from './push-tokens.ts';
import { checkProgramme, checkSums } from './sums.ts';
import { type World, worldOf } from './world.ts';

/** Of which instant a table is judged (epoch milliseconds), and in which zone its days are. */
export interface Judged {
  at: number;
  zone: string;
}

function checkLedger(world: World): void {
  const programmes = new Map<string, Lots>();
  for (const chain of world.chains.values()) {
    const programme = programmes.get(chain.currency) ?? {};
    programmes.set(chain.currency, programme);
    checkSums(world, chain, programme);
  }
  for (const [currency, programme] of programmes) checkProgramme(world, currency, programme);
}

function checkDocuments(world: World): void {
  const versions = versionsOf(world);
  const claims = claimsOf(world);
  const claimed = byEntry(claims);
  const all = byReference(world);
  const causeOf = causeFinder(world, claimed);
  for (const chain of world.chains.values()) checkChain(world, chain, causeOf);
  checkClaims(world, claims);
  checkOwners(world, claims);
  checkOrigins(world, claimed, all);
  checkGifts(world, versions, all, claimed);
  checkPurchases(world, versions);
  checkOrders(world, all);
  checkHolds(world, all);
  checkLinks(world, versions);
}

/** Checks everything that was read of a table, against its archive where there is one, and says what is broken. */
export function audit(items: readonly Item[], { at, zone }: Judged, archived?: Archived): Verdict {
  const violations: Violation[] = [];
  const report: Report = (invariant, key, detail) => void violations.push({ invariant, key, detail });
  const world = worldOf(known(items, report), { at, calendar: calendarOf(zone), report });
  checkLedger(world);
  checkDocuments(world);
  checkStock(world);
  checkLapses(world);
  checkRecords(world);
  checkApprovals(world);
  checkErasures(world);
  checkMerged(world);
  checkPushTokens(world);
  if (archived) checkArchive(items, archived, report);
  return { checked: items.length + (archived?.digests.size ?? 0), violations };
}
