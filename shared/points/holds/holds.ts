import { Refusal } from '../../errors.ts';
import { seal, unseal } from '../../keyring/sealing.ts';
import { memberAtTill, mustMaySpend, notErased, type TillRef } from '../../members/members.ts';
import { dayOf } from '../../platform/calendar-day.ts';
import { iso, now } from '../../platform/clock.ts';
import { type By, idUnderKey, requestDigest } from '../../platform/ids.ts';
import { setting } from '../../platform/settings.ts';
import { lastGraceDay, mustHaveCurrency, programme } from '../../programme/programme.ts';
import { type Basis, type Decision, exchange, type Outcome } from '../../table/commit.ts';
import { move, POINTS, reference } from '../points.ts';
import { addHold, type Ended, endHold, findHold, type Hold, notePlace } from './store.ts';

export type { Hold };

const MINUTE_MS = 60_000;
const MINUTES = 15;

/** What a client wants to set aside. */
export interface Wish {
  member: TillRef;
  points: number;
  currency?: string | undefined;
  minutes?: number | undefined;
  note?: string | undefined;
}

async function decide(holdId: string, wish: Wish, by: Pick<Hold, 'by' | 'request'>, { at, reading }: Basis) {
  const { points, currency = POINTS, minutes = MINUTES, note } = wish;
  mustHaveCurrency(await programme(), currency);
  const { memberId, writes } = await memberAtTill(wish.member, { at, reading });
  if (memberId === undefined) throw new Refusal('members.not_found');
  await mustMaySpend(memberId, { at, reading });
  const holding = { kind: 'HOLD', amount: points, reference: reference('hold', holdId) } as const;
  const step = await move({ memberId, currency }, holding, { at, reading });
  const hold: Hold = {
    holdId,
    // Whose points they are: of one who was merged, the heir's.
    memberId: step.memberId,
    currency,
    amount: points,
    seq: step.seq,
    draws: step.draft.draws,
    status: 'HELD',
    expiresAt: at + minutes * MINUTE_MS,
    ...(note !== undefined && { note: await seal(note, notePlace(holdId)) }),
    ...by,
    at,
    version: 1,
  };
  return {
    writes: [
      addHold(hold),
      ...(note === undefined ? [] : [notErased(step.memberId, 'members.moved')]),
      ...writes,
      step.write,
    ],
    answer: hold,
  };
}

/** Sets points aside. The same key again gets the same hold; another wish under the same key is refused. */
export async function hold(wish: Wish, by: By): Promise<Outcome<Hold>> {
  const holdId = await idUnderKey('hld', by.caller, by.route, by.key);
  const request = await requestDigest(wish);
  return exchange(
    (basis) => decide(holdId, wish, { by: by.caller, request }, basis),
    async () => {
      const made = await findHold(holdId, 'consistent');
      if (made && made.request !== request) throw new Refusal('request.key_reused');
      return made;
    },
  );
}

/** A hold of this client; another's is not there, like one that never was. */
export async function holdOf(clientId: string, holdId: string, reading: Basis['reading'] = 'consistent') {
  const found = await findHold(holdId, reading);
  if (found?.by !== clientId) throw new Refusal('points.hold_not_found');
  return found;
}

/** How a client ends a hold: by using `points` of it (all when absent), or none. */
export interface Ending {
  act: 'CAPTURE' | 'RELEASE';
  points?: number | undefined;
  /** The hold is part of the route under which the key counts. */
  under: By;
}

/** Whether a hold still holds at this instant: past its time nobody ends it but time. */
function statusAt({ status, expiresAt }: Hold, at: number): Hold['status'] {
  return status === 'HELD' && at >= expiresAt ? 'TIMED_OUT' : status;
}

const ENTRY = { CAPTURE: 'capture', RELEASE: 'release', TIME_OUT: 'timeout' } as const;
const STATUS = { CAPTURE: 'CAPTURED', RELEASE: 'RELEASED', TIME_OUT: 'TIMED_OUT' } as const;

/** The two writes that end a hold. What goes back past its day gets days of grace unless time ended the hold. */
async function end(
  held: Hold,
  act: keyof typeof ENTRY,
  captured: number,
  digests: Pick<Ended, 'key' | 'request'>,
  basis: Basis,
): Promise<Decision<Hold>> {
  const { holdId, memberId, currency, amount, seq, draws: from } = held;
  const today = dayOf(basis.at, setting('TIME_ZONE'));
  const until = act === 'TIME_OUT' ? undefined : lastGraceDay(await programme(), today);
  const common = { hold: seq, from, reference: reference(ENTRY[act], holdId), ...(until && { graceUntil: until }) };
  const movement =
    captured > 0
      ? ({ kind: 'CAPTURE', amount: captured, ...common } as const)
      : ({ kind: 'RELEASE', amount, ...common } as const);
  const step = await move({ memberId, currency }, movement, basis);
  const { lapsed } = step;
  const ended = { seq: step.seq, at: basis.at, captured, returned: amount - captured - lapsed, lapsed, ...digests };
  const status = STATUS[act];
  const answer: Hold = { ...held, status, version: held.version + 1, ended };
  return { writes: [endHold(held, status, ended), step.write], answer };
}

async function digestsOf({ under, points }: Ending) {
  return { key: await requestDigest(under), request: await requestDigest(points ?? null) };
}

async function decideEnding(held: Hold, ending: Ending, basis: Basis): Promise<Decision<Hold>> {
  const { act, points = held.amount } = ending;
  const status = statusAt(held, basis.at);
  if (status !== 'HELD') throw new Refusal('points.hold_ended', { holdStatus: status });
  if (points > held.amount) throw new Refusal('points.hold_exceeded', { held: held.amount });
  return end(held, act, act === 'CAPTURE' ? points : 0, await digestsOf(ending), basis);
}

/** The hold, when this very request ended it before; a key that was used for something else is refused. */
async function endedBefore(clientId: string, holdId: string, ending: Ending): Promise<Hold | undefined> {
  const found = await holdOf(clientId, holdId);
  const { key, request } = await digestsOf(ending);
  if (found.ended?.key !== key) return undefined;
  if (found.ended.request !== request) throw new Refusal('request.key_reused');
  return found;
}

/** Ends a hold, once: the same request again gets the same answer, and whoever comes second is told how it ended. */
export function endBy(clientId: string, holdId: string, ending: Ending): Promise<Outcome<Hold>> {
  return exchange(
    async (basis) => decideEnding(await holdOf(clientId, holdId, basis.reading), ending, basis),
    () => endedBefore(clientId, holdId, ending),
  );
}

/** Ends a hold whose time is over; says whether it had not ended otherwise before. */
export async function timeOut(holdId: string): Promise<boolean> {
  const { answer } = await exchange<boolean>(async ({ at }) => {
    const held = await findHold(holdId, 'consistent');
    if (!held || held.status !== 'HELD' || statusAt(held, at) === 'HELD') return { writes: [], answer: false };
    const { writes } = await end(held, 'TIME_OUT', 0, {}, { at, reading: 'consistent' });
    return { writes, answer: true };
  });
  return answer;
}

/** A hold as its client sees it. */
export async function view(held: Hold) {
  const { holdId, memberId, currency, amount, expiresAt, at, note, ended } = held;
  return {
    holdId,
    memberId,
    currency,
    points: amount,
    status: statusAt(held, now()),
    note: note === undefined ? null : await unseal(note, notePlace(holdId)),
    heldAt: iso(at),
    expiresAt: iso(expiresAt),
    ended: ended
      ? { at: iso(ended.at), captured: ended.captured, returned: ended.returned, lapsed: ended.lapsed }
      : null,
  };
}
