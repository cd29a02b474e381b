import { messageOf } from './refusal.ts';

/** A beat that is under way at the end may take so long: what it has read of the stream is noted, or read again. */
const LONGEST_BEAT_MS = 5_000;
const BEAT_MS = 250;

/** Something that goes on by itself. */
export type Beat = () => Promise<unknown>;

export interface Heartbeat {
  stop(): Promise<void>;
}

/** Repeats each beat with a pause between; a slow or failing one holds up no other. */
export function startHeartbeat(beats: readonly Beat[], complain: (line: string) => void): Heartbeat {
  const timers = new Map<Beat, NodeJS.Timeout>();
  const under = new Map<Beat, Promise<void>>();
  let stopped = false;
  async function goOn(beat: Beat, lastComplaint = ''): Promise<void> {
    let complaint = '';
    try {
      await beat();
    } catch (thrown) {
      complaint = messageOf(thrown);
      if (!stopped && complaint !== lastComplaint) complain(complaint);
    }
    if (!stopped)
      timers.set(
        beat,
        setTimeout(() => start(beat, complaint), BEAT_MS),
      );
  }
  function start(beat: Beat, lastComplaint?: string): void {
    under.set(beat, goOn(beat, lastComplaint));
  }
  for (const beat of beats) start(beat);
  return {
    async stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.race([Promise.all(under.values()), new Promise((resolve) => setTimeout(resolve, LONGEST_BEAT_MS))]);
    },
  };
}
