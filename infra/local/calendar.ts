import type { InvokeAsynchronously } from './asynchronous.ts';
import type { Bus } from './bus.ts';
import type { DataFolder } from './data-folder.ts';
import type { Queues } from './queues.ts';
import { due, eventOf, type Occurrence, type Schedule, scheduledTime } from './schedules.ts';
import type { Streams } from './streams.ts';

export interface CalendarOptions {
  schedules: readonly Schedule[];
  folder: DataFolder;
  invoke: InvokeAsynchronously;
  streams: Streams;
  bus: Bus;
  queues: Queues;
  now: () => number;
}

/** What has happened since the drain before this one. */
export interface Drained {
  events: number;
  schedules: { name: string; dueAt: string }[];
  deadLetters: number;
}

export interface Calendar {
  /** Everything that is under way, then every schedule that came due, each followed by what it caused. */
  drain(): Promise<Drained>;
  /** Only the schedules that came due, as a ticking clock does. */
  serve(): Promise<void>;
  /** Only the stream and the bus, until both are still or, under traffic, what was there is done; to be called alone. */
  settle(): Promise<void>;
  /** Runs the work with no drain and no schedule under way. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** A write, its event, the reaction's write, and so on: so deep goes what one request sets off, with room to spare. */
const ROUNDS = 8;

/** Serves the schedules and empties what they and the requests leave under way; one at a time. */
export function openCalendar({ schedules, folder, invoke, streams, bus, queues, now }: CalendarOptions): Calendar {
  const { state } = folder;
  state.servedUntil ??= now();
  let fired: Drained['schedules'] = [];
  let seen = { events: bus.count(), deadLetters: queues.list().length };
  let under: Promise<unknown> = Promise.resolve();

  function alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = under.then(work, work);
    under = turn.catch(() => {});
    return turn;
  }

  async function settle(): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = bus.count();
      const moved = await streams.pump();
      await bus.settled();
      if (moved + bus.count() - before === 0) return;
    }
  }

  async function fire(occurrence: Occurrence): Promise<void> {
    await invoke(occurrence.schedule.functionArn, eventOf(occurrence), occurrence.dueAt);
    fired.push({ name: occurrence.schedule.name, dueAt: scheduledTime(occurrence.dueAt) });
    await settle();
  }

  async function serve(): Promise<void> {
    const until = now();
    for (const occurrence of due(schedules, state.servedUntil ?? until, until)) {
      await fire(occurrence);
      state.servedUntil = Math.max(state.servedUntil ?? 0, occurrence.dueAt);
      folder.save();
    }
    state.servedUntil = until;
    folder.save();
  }

  async function drain(): Promise<Drained> {
    await settle();
    await serve();
    const drained = {
      events: bus.count() - seen.events,
      schedules: fired,
      deadLetters: queues.list().length - seen.deadLetters,
    };
    seen = { events: bus.count(), deadLetters: queues.list().length };
    fired = [];
    return drained;
  }

  async function serveIfDue(): Promise<void> {
    if (due(schedules, state.servedUntil ?? now(), now()).length > 0) await serve();
  }

  return { drain: () => alone(drain), serve: () => alone(serveIfDue), settle, alone };
}
