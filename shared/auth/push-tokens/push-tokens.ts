import { Refusal } from '../../errors.ts';
import type { PushService } from '../../http/fields.ts';
import { seal, unseal } from '../../keyring/sealing.ts';
import { lookup, madeAt, newId } from '../../platform/ids.ts';
import { exchange } from '../../table/commit.ts';
import type { Write } from '../../table/writes.ts';
import type { Asking } from '../endings.ts';
import { isJustRegistered, isOpen, pushCounts } from '../rules.ts';
import { findSession, pushNoMore, pushTo, type Session } from '../store.ts';
import { findPushHolder, findPushHolders, forgetPush, holdPush, type PushHolder } from './store.ts';

/** By whom and under what name an app is sent messages. */
export interface PushToken {
  service: PushService;
  token: string;
}

/** What is registered on a session; the instant in epoch milliseconds. */
export interface Pushed extends PushToken {
  registeredAt: number;
}

const placeOf = (sessionId: string) => `session:${sessionId}:push`;
const digestOf = ({ service, token }: PushToken) => lookup('PUSH_TOKEN', JSON.stringify([service, token]));

/** The push token of a session, while it counts. */
export async function pushOf({ sessionId, push, pushId }: Session, at: number): Promise<Pushed | undefined> {
  if (push === undefined || pushId === undefined) return undefined;
  const registeredAt = madeAt(pushId);
  if (!pushCounts(registeredAt, at)) return undefined;
  return { ...(JSON.parse(await unseal(push, placeOf(sessionId))) as PushToken), registeredAt };
}

/** The session that asks, in which nobody registers anything once it was ended. */
async function own({ memberId, sessionId }: Asking, at: number): Promise<Session> {
  const session = await findSession(memberId, sessionId);
  if (!session || !isOpen(session, at)) throw new Refusal('auth.session_ended');
  return session;
}

/** The writes by which nothing says any more of which of these sessions a push token is. */
export async function forgetPushesOf(sessions: readonly Session[]): Promise<Write[]> {
  const ids = new Set(sessions.map(({ pushId }) => pushId));
  // One that counts no more, of which nothing is known any more, may have been registered in another session since.
  const digests = new Set(sessions.flatMap(({ pushDigest }) => pushDigest ?? []));
  const holders = await findPushHolders([...digests]);
  return holders.filter(({ pushId }) => ids.has(pushId)).map(forgetPush);
}

/** The write that takes a token off another session that has it: the phone has changed hands. */
async function takenOff(holder: PushHolder | undefined, { sessionId }: Session): Promise<Write[]> {
  if (!holder || holder.sessionId === sessionId) return [];
  const before = await findSession(holder.memberId, holder.sessionId);
  return before?.pushId === holder.pushId ? [pushNoMore(before, holder.pushId)] : [];
}

/**
 * Registers the token by which the app of this session is sent messages, in the place of another one and off whoever
 * had it. The same again changes nothing within a day; later it counts anew.
 */
export async function registerPushToken(asking: Asking, given: PushToken): Promise<Omit<Pushed, 'token'>> {
  const { service, token } = given;
  const digest = await digestOf(given);
  const { answer } = await exchange(async ({ at }) => {
    const session = await own(asking, at);
    const holder = await findPushHolder(digest);
    if (holder && holder.pushId === session.pushId) {
      const registeredAt = madeAt(holder.pushId);
      if (isJustRegistered(registeredAt, at)) return { writes: [], answer: { service, registeredAt } };
    }
    const pushId = newId('psh');
    const push = await seal(JSON.stringify({ service, token }), placeOf(session.sessionId));
    const writes = [
      pushTo(session, { push, pushId, pushDigest: digest }),
      holdPush(digest, { pushId, ...asking }, holder),
      ...(await takenOff(holder, session)),
    ];
    return { writes, answer: { service, registeredAt: madeAt(pushId) } };
  });
  return answer;
}

/** The app of this session is sent nothing any more; again changes nothing. */
export async function removePushToken(asking: Asking): Promise<void> {
  await exchange(async ({ at }) => {
    const session = await own(asking, at);
    const { pushId } = session;
    return { writes: pushId === undefined ? [] : [pushNoMore(session, pushId)], answer: null };
  });
}
