import { total } from './lots.ts';
import type { Placed } from './origins.ts';
import { chainKey, entryAt, ofType, type World } from './world.ts';

interface Hold {
  holdId: string;
  memberId: string;
  heirId?: string;
  currency: string;
  amount: number;
  seq: number;
  status: string;
  expiresAt: number;
  version: number;
  ended?: { seq: number; captured: number; returned: number; lapsed: number; at: number };
}

/** So long after its time a hold must have been ended. */
const GRACE_MS = 600_000;

function stateFaults(world: World, hold: Hold): string[] {
  const { memberId, heirId = memberId, currency, amount, seq, status, ended } = hold;
  const isOpen = status === 'HELD';
  const faults: string[] = [];
  if (isOpen === (ended !== undefined)) faults.push(`is ${status} and ${ended ? 'has' : 'has no'} end`);
  const held = world.chains.get(chainKey(currency, heirId))?.entries.at(-1)?.after.held[String(seq)];
  if (isOpen && held !== amount) faults.push(`is open over ${amount}, and the account holds ${held ?? 0} for it`);
  if (!isOpen && held !== undefined) faults.push(`has ended, and the account still holds ${held} for it`);
  if (!ended) return faults;
  const parts = ended.captured + ended.returned + ended.lapsed;
  if (parts !== amount) faults.push(`held ${amount}, and ${parts} were captured, returned or lapsed`);
  if (ended.captured > 0 !== (status === 'CAPTURED')) faults.push(`is ${status} and captured ${ended.captured}`);
  const entry = entryAt(world, currency, heirId, ended.seq);
  if (entry && entry.parts.hold !== seq) faults.push(`ended by an entry that ends hold ${entry.parts.hold ?? 'none'}`);
  if (entry && total(entry.parts.lapsed) !== ended.lapsed)
    faults.push(`says ${ended.lapsed} lapsed, and its entry ${total(entry.parts.lapsed)}`);
  return faults;
}

/** Each hold ends once, and says how (INV-9); none stays open after its time (INV-29). */
export function checkHolds(world: World, all: Map<string, Placed[]>): void {
  for (const item of ofType(world, 'hold')) {
    const hold = item.all as unknown as Hold;
    for (const fault of stateFaults(world, hold)) world.report('INV-9', item.key, fault);
    if (hold.status === 'HELD' && hold.expiresAt + GRACE_MS < world.at) {
      world.report('INV-29', item.key, `was to end at ${new Date(hold.expiresAt).toISOString()} and is still open`);
    }
  }
  const ended = new Map<string, string>();
  for (const { entry, chain } of [...all.values()].flat()) {
    if (entry.parts.hold === undefined) continue;
    const held = `${chain.pk}/${entry.parts.hold}`;
    const before = ended.get(held);
    if (before !== undefined) world.report('INV-9', entry.key, `ends a hold that ${before} has ended`);
    ended.set(held, entry.key);
  }
}
