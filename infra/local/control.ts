import type { Bus } from './bus.ts';
import type { Calendar } from './calendar.ts';
import { type ClockWord, clockNow, clockState, runClock, setClock } from './clock.ts';
import type { DataFolder } from './data-folder.ts';
import { ownReply, type Reply, type Request } from './http-event.ts';
import { providerCode } from './provider-codes.ts';
import type { Queues } from './queues.ts';
import type { Schedule } from './schedules.ts';

export interface ControlOptions {
  folder: DataFolder;
  clock: ClockWord;
  calendar: Calendar;
  bus: Bus;
  queues: Queues;
  schedules: readonly Schedule[];
  /** Where the issuer of OpenID Connect is found, whose login page gives codes to whom `login_hint` names. */
  discovery: string;
  /** What reactions there are: event and function. */
  subscriptions: readonly { event: string; function: string }[];
  /** Called after the clock was moved. */
  moved: () => void;
}

function json(statusCode: number, value: unknown): Reply {
  const body = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  return { statusCode, headers: { 'content-type': 'application/json; charset=utf-8' }, cookies: [], body };
}

/** What a PUT asks for: an instant to go to, or none to stay, and whether the clock ticks from there. */
export interface ClockOrder {
  at: number | undefined;
  running: boolean;
}

/** Reads `{"now": …}`, `{"running": …}` or both; anything else is undefined. */
export function readClockOrder(text: string): ClockOrder | undefined {
  try {
    const { now, running = false, ...others } = JSON.parse(text) as { now?: unknown; running?: unknown };
    if (typeof running !== 'boolean' || Object.keys(others).length > 0) return undefined;
    if (now === undefined) return text.includes('running') ? { at: undefined, running } : undefined;
    const at = typeof now === 'string' && ISO.test(now) ? Date.parse(now) : Number.NaN;
    return Number.isNaN(at) ? undefined : { at, running };
  } catch {
    return undefined;
  }
}

/** An instant with its offset, so that nobody's own zone slips in. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

function clockReply(clock: ClockWord): Reply {
  return json(200, { now: new Date(clockNow(clock)).toISOString(), running: 'offset' in clockState(clock) });
}

async function putClock(text: string, { clock, folder, calendar, moved }: ControlOptions): Promise<Reply> {
  const order = readClockOrder(text);
  if (!order)
    return json(400, {
      message: 'Say {"now": "2027-01-01T00:00:00+08:00"} to stand still there, or {"running": true} to tick on.',
    });
  return calendar.alone(async () => {
    await calendar.settle();
    const { state } = folder;
    const newest = state.newestWriteAt ?? 0;
    const at = order.at ?? clockNow(clock);
    if (at < newest && at < clockNow(clock)) {
      const notBefore = new Date(newest).toISOString();
      const message = `The table has writes up to ${notBefore}: the clock goes back no further. For an earlier time start with --fresh.`;
      return json(409, { message, notBefore });
    }
    setClock(clock, { frozenAt: at });
    if (order.running) runClock(clock);
    state.clock = clockState(clock);
    state.servedUntil = Math.min(state.servedUntil ?? at, at);
    folder.save();
    moved();
    return clockReply(clock);
  });
}

function wakeUps({ schedules, subscriptions, clock }: ControlOptions): object {
  const now = clockNow(clock);
  const dated = schedules.map(({ name, says, expression, timeZone, next }) => {
    const at = next(now);
    return { name, says, expression, timeZone, next: at === undefined ? null : new Date(at).toISOString() };
  });
  return {
    subscriptions,
    schedules: dated.toSorted((one, other) => (one.next ?? '9').localeCompare(other.next ?? '9')),
  };
}

/** A code as a provider would give the app of the person who is named. */
function codeReply({ query }: Request, now: number): Reply {
  return json(200, { code: providerCode(new URLSearchParams(query).get('person') ?? 'somebody', now) });
}

/** The control plane, which exists only here. */
export async function answerControl(request: Request, options: ControlOptions): Promise<Reply> {
  const { folder, clock, calendar, bus, queues } = options;
  const answers: Record<string, () => Reply | Promise<Reply>> = {
    'GET /local/inbox': () => json(200, folder.state.inbox.toReversed()),
    'GET /local/clock': () => clockReply(clock),
    'PUT /local/clock': () => putClock(request.body.toString('utf8'), options),
    'POST /local/drain': async () => json(200, await calendar.drain()),
    'GET /local/wake-ups': () => json(200, wakeUps(options)),
    'POST /local/provider-codes': () => codeReply(request, clockNow(clock)),
    'GET /local/issuer': () => json(200, { discovery: options.discovery }),
    'GET /local/events': () => json(200, bus.events()),
    'GET /local/dead-letters': () => json(200, queues.list()),
  };
  const answer = answers[`${request.method} ${request.path}`];
  if (answer) return answer();
  return ownReply(404, `The control plane knows: ${Object.keys(answers).join(', ')}.`);
}
