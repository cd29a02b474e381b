/** Where progress is shown. */
export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
}

export interface Progress {
  /** How far it is, from 0 to 1, and how many are done. */
  show(share: number, done: number): void;
  /** Makes room for what else is said. */
  end(): void;
}

const WIDTH = 24;
const EVERY_MS = 100;

const grouped = (count: number) => count.toLocaleString('en-US');

function clockOf(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** How far it is (0 to 1), how many are done, how fast that goes, and how long the rest takes. */
export function progressLine(share: number, done: number, unit: string, seconds: number): string {
  const full = Math.floor(share * WIDTH);
  const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
  const rate = seconds > 0 ? Math.round(done / seconds) : 0;
  const left = share > 0 ? clockOf((seconds / share) * (1 - share)) : '–:––';
  return `${bar} ${String(Math.floor(share * 100)).padStart(3)} % · ${grouped(done)} ${unit} · ${rate}/s · ${left} left`;
}

/** A bar that moves on a terminal; elsewhere a line for each tenth. */
export function showProgress(screen: Screen, unit: string, now: () => number = () => performance.now()): Progress {
  const since = now();
  let shownAt = Number.NEGATIVE_INFINITY;
  let tenth = 0;
  return {
    show(share, done) {
      const at = now();
      const passed = Math.floor(share * 10);
      if (screen.isTTY ? share < 1 && at - shownAt < EVERY_MS : passed <= tenth) return;
      [shownAt, tenth] = [at, passed];
      const line = progressLine(share, done, unit, (at - since) / 1_000);
      screen.write(screen.isTTY ? `\r${line}\u001B[K` : `${line}\n`);
    },
    end() {
      if (screen.isTTY) screen.write('\r\u001B[K');
    },
  };
}
