import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, startLocal } from '../support/started.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const local = startLocal();

/** The blocks of "Your first redemption", by the number of their step. */
function steps(): { number: number; commands: string }[] {
  const chapter = README.split('## Your first redemption')[1]?.split('\n## ')[0] ?? '';
  const found = chapter.matchAll(/\*\*(\d+) · [\s\S]*?```sh\n([\s\S]*?)```/g);
  return [...found].map(([, number, commands]) => ({ number: Number(number), commands: commands ?? '' }));
}

describe('a stranger with the README', { shuffle: false }, () => {
  it('sees one screen with the API, its reference, the inbox, the logins and the next dates', () => {
    for (const word of [
      'http://127.0.0.1:',
      '/docs',
      '/local/inbox',
      '13800138000',
      'till-',
      'staff-',
      ' 00:00:00 Asia/Shanghai',
    ]) {
      expect(local.screen).toContain(word);
    }
  });

  it('copies the blocks one after the other, and each does what its words say', () => {
    const blocks = steps();
    expect(blocks.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const script = blocks.map(({ number, commands }) => `echo; echo "=== ${number}"\n${commands}`).join('\n');
    const { stdout, stderr, status } = spawnSync('bash', ['-u'], {
      cwd: ROOT,
      encoding: 'utf8',
      input: script.replace('. .local/demo.env', `. ${local.data}/demo.env`),
    });
    expect([status, stderr]).toEqual([0, '']);
    const said = stdout.split(/\n=== \d\n/);
    expect(said[2]).toContain('"phone":"+86138****8000"');
    expect(said[3]).toContain('"points":128');
    expect(said[4]).toMatch(/"available":128[\s\S]*"items":\[\{[^\]]*"kind":"EARN","amount":128/);
    expect(said[5]).toContain('"status":"PENDING_SHIPMENT"');
    expect(said[6]).toMatch(/"code":"points.insufficient".*"missing":72/);
    expect(said[7]).toMatch(/"status":"RECEIVED".*"timeline":/);
    expect(said[8]?.trim()).toMatch(/\n28$/);
    expect(said[9]).toMatch(/\n0\n[\s\S]*"schedules"[\s\S]*points\.expired/);
  });

  it('presses Ctrl-C, and no process stays behind', async () => {
    const left = () => spawnSync('pgrep', ['-f', local.data], { encoding: 'utf8' }).stdout.trim();
    expect(left()).not.toBe('');
    expect(await local.stop()).toBe(0);
    expect(left()).toBe('');
  });
});
