/** Where progress is shown. */
export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
}

export interface Progress {
  step(): void;
  end(): void;
}

const WIDTH = 30;
const EVERY_MS = 100;

const grouped = (count: number) => count.toLocaleString('en-US');

function clockOf(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** How far it is, how fast, and how long it still takes. */
export function progressLine(done: number, all: number, elapsedMs: number): string {
  const rate = done / Math.max(elapsedMs / 1_000, 0.001);
  const remaining = rate > 0 ? clockOf(Math.ceil((all - done) / rate)) : '?';
  const percent = all === 0 ? 100 : Math.floor((done / all) * 100);
  return `${grouped(done)} of ${grouped(all)} · ${percent} % · ${Math.round(rate)}/s · ${remaining} left`;
}

function bar(done: number, all: number): string {
  const full = all === 0 ? WIDTH : Math.floor((done / all) * WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}]`;
}

/** A bar that moves on a terminal; elsewhere a line for each tenth. */
export function showProgress(screen: Screen, all: number, now: () => number = () => performance.now()): Progress {
  const since = now();
  let done = 0;
  let shownAt = 0;
  let tenth = 0;
  const line = () => progressLine(done, all, now() - since);
  return {
    step() {
      done += 1;
      const passed = Math.floor((done / all) * 10);
      if (screen.isTTY && (now() - shownAt >= EVERY_MS || done === all)) {
        shownAt = now();
        screen.write(`\r${bar(done, all)} ${line()}\u001B[K`);
      } else if (!screen.isTTY && passed > tenth) {
        tenth = passed;
        screen.write(`${line()}\n`);
      }
    },
    end() {
      if (screen.isTTY && done > 0) screen.write('\n');
    },
  };
}
