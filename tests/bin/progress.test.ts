import { describe, expect, it } from 'vitest';
import { progressLine, showProgress } from '../../bin/tools/progress.ts';

describe('progress', () => {
  it.each([
    [0, 0, 0, '░░░░░░░░░░░░░░░░░░░░░░░░   0 % · 0 rows · 0/s · –:–– left'],
    [0.25, 500, 10, '██████░░░░░░░░░░░░░░░░░░  25 % · 500 rows · 50/s · 0:30 left'],
    [0.5, 1_500, 90, '████████████░░░░░░░░░░░░  50 % · 1,500 rows · 17/s · 1:30 left'],
    [0.5, 10, 59.5, '████████████░░░░░░░░░░░░  50 % · 10 rows · 0/s · 1:00 left'],
    [1, 1_000, 61, '████████████████████████ 100 % · 1,000 rows · 16/s · 0:00 left'],
  ])('at %d says how far, how fast and how long still', (share, done, seconds, line) => {
    expect(progressLine(share, done, 'rows', seconds)).toBe(line);
  });

  it.each([
    [true, 41],
    [false, 10],
  ])('is a bar that moves on a terminal, and a line for each tenth elsewhere (terminal: %s)', (isTTY, writes) => {
    const said: string[] = [];
    let at = 0;
    const progress = showProgress({ write: (text) => said.push(text), isTTY }, 'lines', () => (at += 100));
    for (let i = 1; i <= 40; i += 1) progress.show(i / 40, i);
    progress.end();
    expect(said).toHaveLength(writes);
    expect(said.join('')).toContain('100 % · 40 lines');
  });
});
