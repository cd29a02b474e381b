import { beginTelling, endedBy, endOfTelling } from '../members/members.ts';
import { dayOf, minuteOfDay } from '../platform/calendar-day.ts';
import { logger } from '../platform/logger.ts';
import { setting } from '../platform/settings.ts';
import { sendSms } from '../providers/sms.ts';
import { countNotice } from './budgets.ts';
import { endEarlier } from './endings.ts';

const two = (part: number) => String(part).padStart(2, '0');

/** An instant as a message says it, by the clocks of the programme. */
function saidAt(at: number): string {
  const zone = setting('TIME_ZONE');
  const minute = minuteOfDay(at, zone);
  return `${dayOf(at, zone)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/**
 * Ends what a change left open of other sessions, and tells the phone that the member had before. However often and at
 * once it is asked for, one message is sent; a second only where nobody learned that the first had left.
 */
export async function followChange(memberId: string, changeId: string): Promise<void> {
  const ended = await endedBy(memberId, changeId);
  if (ended) await endEarlier(memberId, ended.keep, ended.at);
  const telling = await beginTelling(memberId, changeId);
  if (!telling) return;
  const { to, change } = telling;
  const maySend = await countNotice(to);
  if (maySend) await sendSms({ to, template: 'IDENTITY_CHANGED', params: { time: saidAt(change.at) } });
  else logger.warn('a notice was not sent: its phone was sent as many as it may be', { memberId, changeId });
  await endOfTelling(telling, maySend);
}
