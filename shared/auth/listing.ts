import { now } from '../platform/clock.ts';
import { madeAt } from '../platform/ids.ts';
import { type Device, openDevice } from './devices.ts';
import { type Pushed, pushOf } from './push-tokens/push-tokens.ts';
import { isOpen } from './rules.ts';
import { type Session, sessionsOf } from './store.ts';

/** A session as its member is shown it; instants in epoch milliseconds. */
export interface Shown extends Device {
  sessionId: string;
  createdAt: number;
  /** When it was opened or last renewed: an access token tells nobody that it is used. */
  lastUsedAt: number;
  /** By what its app is sent messages. */
  push: Pushed | undefined;
}

async function shown(session: Session, at: number): Promise<Shown> {
  const { sessionId, device, renewedAt } = session;
  const createdAt = madeAt(sessionId);
  const [said, push] = [await openDevice(sessionId, device), await pushOf(session, at)];
  return { sessionId, ...said, createdAt, lastUsedAt: renewedAt ?? createdAt, push };
}

/** The open sessions of a member, the newest first, older than `before`; `next` is where the list goes on. */
export async function list(memberId: string, before: string | undefined, limit: number) {
  const at = now();
  const open = (await sessionsOf(memberId)).filter((session) => isOpen(session, at));
  const wanted = before === undefined ? open : open.filter(({ sessionId }) => sessionId < before);
  const items = await Promise.all(wanted.slice(0, limit).map((session) => shown(session, at)));
  return { items, next: wanted.length > limit ? items.at(-1)?.sessionId : undefined };
}
