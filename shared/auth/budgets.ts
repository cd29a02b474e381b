import ipaddr from 'ipaddr.js';
import { Refusal } from '../errors.ts';
import { isSpent, type Limits, levelOf, type Spent, secondsUntilRoom } from '../platform/budget-windows.ts';
import { now } from '../platform/clock.ts';
import { lookup } from '../platform/ids.ts';
import { logger } from '../platform/logger.ts';
import { areaOf, BUDGETS, type BudgetKind, strangersPart } from './rules.ts';
import { countSend } from './store.ts';

/** Who asks for a code, as far as the request tells. */
export interface Asker {
  address: string;
  deviceId?: string | undefined;
}

/** Whom an address counts as: all of the 64 bits that one line is given of IPv6; nobody on the machine itself. */
function lineOf(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.range() === 'loopback') return undefined;
  const bytes = parsed.toByteArray();
  return Buffer.from(parsed.kind() === 'ipv6' ? bytes.slice(0, 8) : bytes).toString('hex');
}

function refusal(spent: Spent, limits: Limits, at: number): Refusal {
  return new Refusal('auth.code_budget', { retryAfterSeconds: secondsUntilRoom(spent, limits, at) });
}

/** Counts one send within these limits. */
async function count(kind: BudgetKind, of: string, limits: Limits, at: number) {
  return countSend(kind === 'PROGRAMME' ? kind : `${kind}#${await lookup(kind, of)}`, at, limits);
}

async function mustCount(kind: 'ADDRESS' | 'DEVICE', of: string | undefined): Promise<void> {
  if (of === undefined) return;
  const at = now();
  const { counted, spent } = await count(kind, of, BUDGETS[kind], at);
  if (!counted) throw refusal(spent, BUDGETS[kind], at);
}

/** Counts the send for who asks, or refuses. */
export async function countAsker({ address, deviceId }: Asker): Promise<void> {
  await mustCount('ADDRESS', lineOf(address));
  await mustCount('DEVICE', deviceId);
}

/** Counts a notice of a change to this phone; says whether it may be sent. */
export async function countNotice(phone: string): Promise<boolean> {
  return (await count('NOTICE', phone, BUDGETS.NOTICE, now())).counted;
}

/** Whether a code may be sent, and whether strangers are sent none any more. */
export interface Leave {
  maySend: boolean;
  reserved: boolean;
}

/** Tells people how far the day's budget is spent; each line becomes an alarm (infra/stacks/watch.ts). */
function tell(spent: Spent): void {
  const level = levelOf(spent.day, BUDGETS.PROGRAMME.day);
  if (level !== undefined) logger.warn(`${level} % of the day's codes are sent`, { sent: spent.day });
}

async function countShared(kind: BudgetKind, of: string, isMember: boolean): Promise<Leave> {
  const [whole, part] = [BUDGETS[kind], strangersPart(BUDGETS[kind])];
  const at = now();
  const { counted, spent } = await count(kind, of, isMember ? whole : part, at);
  if (kind === 'PROGRAMME') tell(spent);
  if (!counted && isSpent(spent, whole)) throw refusal(spent, whole, at);
  return { maySend: counted, reserved: !counted || spent.hour > part.hour || spent.day > part.day };
}

/**
 * Counts the send for the numbers that begin alike and for the whole programme. What is left at the end is for
 * members: a stranger is then sent nothing, and is answered as a member is. When all of it is spent, all are refused.
 */
export async function countNumber(phone: string, isMember: boolean): Promise<Leave> {
  const { kind, area } = areaOf(phone);
  const near = await countShared(kind, area, isMember);
  if (!near.maySend) return near;
  const all = await countShared('PROGRAMME', '', isMember);
  return { maySend: all.maySend, reserved: near.reserved || all.reserved };
}
