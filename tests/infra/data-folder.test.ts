import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDataFolder } from '../../infra/local/data-folder.ts';

const home = mkdtempSync(join(tmpdir(), 'points-mall-folder-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('the data folder', () => {
  it('keeps what it was told, and --fresh begins anew', () => {
    const path = join(home, 'ours');
    const first = openDataFolder(path);
    first.state.seeded = true;
    first.save();
    first.unlock();
    const again = openDataFolder(path);
    expect(again.state.seeded).toBe(true);
    again.unlock();
    const fresh = openDataFolder(path, true);
    expect(fresh.state.seeded).toBeUndefined();
    fresh.unlock();
  });

  it('that is somebody else’s loses nothing to --fresh', () => {
    const path = join(home, 'theirs');
    mkdirSync(join(path, 'logs'), { recursive: true });
    writeFileSync(join(path, 'logs/precious.txt'), 'precious');
    expect(() => openDataFolder(path, true)).toThrow(/not a data folder of this mall and --fresh deletes nothing/);
    expect(readFileSync(join(path, 'logs/precious.txt'), 'utf8')).toBe('precious');
    expect(existsSync(join(path, 'lock'))).toBe(false);
  });

  it('leaves what is not its own where it is', () => {
    const path = join(home, 'shared');
    openDataFolder(path).unlock();
    writeFileSync(join(path, 'notes.txt'), 'mine');
    openDataFolder(path, true).unlock();
    expect(readFileSync(join(path, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('is refused while another process runs on it, and the lock of a dead one is nobody’s', () => {
    const path = join(home, 'locked');
    mkdirSync(path);
    writeFileSync(join(path, 'lock'), String(process.ppid));
    expect(() => openDataFolder(path)).toThrow(`Process ${process.ppid} already runs on`);
    writeFileSync(join(path, 'lock'), '999999999');
    openDataFolder(path).unlock();
  });

  it.each([
    ['a file', (path: string) => writeFileSync(path, ''), /is not a folder/],
    [
      'broken',
      (path: string) => (mkdirSync(path), writeFileSync(join(path, 'state.json'), '{')),
      /cannot be read: start with --fresh/,
    ],
  ])('that is %s is refused in a sentence', (name, make, sentence) => {
    const path = join(home, name.replace(' ', '-'));
    make(path);
    expect(() => openDataFolder(path)).toThrow(sentence);
  });
});
