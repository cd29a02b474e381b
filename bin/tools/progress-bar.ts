const WIDTH = 24;
const EVERY_MS = { screen: 200, log: 5_000 };

function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

/** How far it is (0 to 1), how many are done, how fast that goes, and how long the rest takes. */
export function progressLine(share: number, done: number, unit: string, seconds: number): string {
  const full = Math.round(share * WIDTH);
  const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
  const rate = seconds > 0 ? Math.round(done / seconds) : 0;
  const left = share > 0 ? clock((seconds / share) * (1 - share)) : '–:––';
  return `${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${done} ${unit}  ${rate}/s  ${left} left`;
}

export interface ProgressBar {
  show(share: number, done: number): void;
  end(): void;
}

/** A bar on standard error: one line that is rewritten on a screen, a line now and then in a log. */
export function progressBar(unit: string, out: NodeJS.WriteStream = process.stderr): ProgressBar {
  const since = performance.now();
  const every = out.isTTY ? EVERY_MS.screen : EVERY_MS.log;
  let shownAt = since;
  return {
    show(share, done) {
      const at = performance.now();
      if (share < 1 && at - shownAt < every) return;
      shownAt = at;
      const line = progressLine(share, done, unit, (at - since) / 1_000);
      out.write(out.isTTY ? `\r${line}\u001B[K` : `${line}\n`);
    },
    end() {
      if (out.isTTY) out.write('\r\u001B[K');
    },
  };
}
