import { stringify } from 'csv-stringify/sync';
import { type Asking, heldOn as heldByAuth, mustBeLoggedIn } from '../auth/auth.ts';
import { Refusal } from '../errors.ts';
import { heldOn as heldByMembers, mergedUnder, notErased } from '../members/members.ts';
import { heldOn as heldByOrders } from '../orders/orders.ts';
import { iso, now } from '../platform/clock.ts';
import { type By, idUnderKey } from '../platform/ids.ts';
import { heldOn as heldByPoints } from '../points/points.ts';
import { deleteObject, linkTo, writeObject } from '../providers/objects.ts';
import { exchange, type Outcome } from '../table/commit.ts';
import { EXPORTS, FORMATS, type Format, type Made, rowsOf } from './rules.ts';
import { findExports, removeExports, writeExports } from './store.ts';

const keyOf = (memberId: string, exportId: string, format: Format) => `exports/${memberId}/${exportId}.${format}`;

/** What is held under one number. */
async function heldUnder(memberId: string) {
  const members = await heldByMembers(memberId);
  const sessions = await heldByAuth(memberId);
  const points = await heldByPoints(memberId);
  const orders = await heldByOrders(memberId);
  return { ...members, ...sessions, ...points, ...orders };
}

/** All that is held on a member, in clear: it is theirs, also what lies under others who were merged into them. */
async function gather(memberId: string, at: number) {
  const own = await heldUnder(memberId);
  const merged = [];
  for (const old of await mergedUnder(memberId)) merged.push(await heldUnder(old));
  return { madeAt: iso(at), atMost: EXPORTS.says, ...own, merged };
}

async function deleteAll(memberId: string, exportId: string): Promise<void> {
  for (const format of FORMATS) await deleteObject(keyOf(memberId, exportId, format));
}

/** Writes the two files, and takes them away again from one who was erased meanwhile. */
async function build(memberId: string, made: Made): Promise<void> {
  const all = await gather(memberId, made.at);
  const csv = stringify(rowsOf(all), { bom: true, escape_formulas: true });
  const texts = { json: JSON.stringify(all, null, 2), csv };
  for (const format of FORMATS)
    await writeObject(keyOf(memberId, made.exportId, format), Buffer.from(texts[format]), EXPORTS.types[format]);
  try {
    await exchange(async () => {
      const before = await findExports(memberId);
      const next = (before?.made ?? []).map((one) => (one.exportId === made.exportId ? { ...one, ready: true } : one));
      return { writes: [notErased(memberId), writeExports(memberId, before, next)], answer: null };
    });
  } catch (error) {
    if (error instanceof Refusal && error.code === 'members.erased') await deleteAll(memberId, made.exportId);
    throw error;
  }
}

/** Notes that an export is being made, before it is: so many a day, and one by its key. */
async function claim(memberId: string, exportId: string): Promise<Outcome<Made>> {
  return exchange(async ({ at }) => {
    const before = await findExports(memberId);
    const kept = (before?.made ?? []).filter((one) => one.at > at - EXPORTS.keptMs);
    // After a day the files may be gone: then the same key is a new request.
    const recent = kept.filter((one) => one.at > at - EXPORTS.withinMs);
    const known = recent.find((one) => one.exportId === exportId);
    if (known) return { writes: [], answer: known, replayed: true };
    if (recent.length >= EXPORTS.most) {
      const roomAt = Math.min(...recent.map((one) => one.at)) + EXPORTS.withinMs;
      const retryAfterSeconds = Math.ceil((roomAt - at) / 1_000);
      throw new Refusal('privacy.exports_too_many', { most: EXPORTS.most, retryAfterSeconds });
    }
    const made: Made = { exportId, at, ready: false };
    const next = [...kept.filter((one) => one.exportId !== exportId), made];
    return { writes: [notErased(memberId), writeExports(memberId, before, next)], answer: made };
  });
}

/**
 * An export of all that is held on a member, as links that expire; the same key again gets the same one, with new links.
 * A token that outlives its session gets none.
 */
export async function exportAll(asking: Asking, by: By) {
  const { memberId } = asking;
  await mustBeLoggedIn(asking);
  const exportId = await idUnderKey('exp', by.caller, by.route, by.key);
  const { answer: made, replayed } = await claim(memberId, exportId);
  if (!made.ready) await build(memberId, made);
  const expiresAt = now() + EXPORTS.linkSeconds * 1_000;
  const link = (format: Format) => linkTo(keyOf(memberId, exportId, format), EXPORTS.linkSeconds);
  return {
    answer: { exportId, madeAt: made.at, expiresAt, json: await link('json'), csv: await link('csv') },
    replayed,
  };
}

/** Takes away what was exported for one who is erased; again changes nothing. */
export async function eraseExports(memberId: string): Promise<void> {
  const found = await findExports(memberId);
  for (const { exportId } of found?.made ?? []) await deleteAll(memberId, exportId);
  await exchange(async () => {
    const before = await findExports(memberId);
    return { writes: before ? [removeExports(memberId, before)] : [], answer: null };
  });
}
