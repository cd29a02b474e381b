import type { Calendar } from './calendar.ts';
import { type ClockWord, clockState } from './clock.ts';
import { messageOf } from './refusal.ts';
import type { Streams } from './streams.ts';

const BEAT_MS = 250;

export interface Heartbeat {
  stop(): Promise<void>;
}

/** What goes on by itself: the streams are read, and while the clock ticks, schedules strike. */
export function startHeartbeat(
  streams: Streams,
  calendar: Calendar,
  clock: ClockWord,
  complain: (line: string) => void,
): Heartbeat {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let lastComplaint = '';
  async function beat(): Promise<void> {
    await streams.pump(false);
    if ('offset' in clockState(clock)) await calendar.serve();
  }
  async function goOn(): Promise<void> {
    try {
      await beat();
      lastComplaint = '';
    } catch (thrown) {
      if (!stopped && messageOf(thrown) !== lastComplaint) complain(messageOf(thrown));
      lastComplaint = messageOf(thrown);
    }
    if (!stopped) timer = setTimeout(() => void (under = goOn()), BEAT_MS);
  }
  let under = goOn();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await Promise.race([under, new Promise((resolve) => setTimeout(resolve, 300))]);
    },
  };
}
