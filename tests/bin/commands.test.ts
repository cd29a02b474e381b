import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Runs a command as an operator would, where nothing runs that it could reach. */
function run(name: string, ...args: string[]) {
  const file = fileURLToPath(new URL(`../../bin/${name}.ts`, import.meta.url));
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8', env });
  return { status, out: stdout, err: stderr };
}

describe('a command', () => {
  it.each(['audit', 'upload', 'create-client', 'redrive', 'switch', 'trace'])(
    '%s says how it is used, when asked',
    (name) => {
      const { status, out } = run(name, '--help');
      expect([status, out]).toEqual([0, expect.stringContaining('npm run ')]);
    },
  );
});

describe('npm run client', () => {
  it.each(['partner', 'staff'])('names the grants of a %s client to who asks for another', (kind) => {
    const { status, err } = run('create-client', '--kind', kind, '--name', 'A', '--grants', 'lend');
    expect([status, err]).toEqual([1, expect.stringMatching(/^A \w+ client has no lend: there are \w/)]);
  });
});

describe('npm run switch', () => {
  it('says which switches there are to who names another', () => {
    const { status, err } = run('switch', '--off', 'nonsense', '--why', 'a slip');
    expect([status, err.split('\n')[0]]).toEqual([1, expect.stringMatching(/^There is no switch nonsense: .*spend/)]);
  });

  it.each([['--list', '--off', 'spend'], ['--on', 'earn', '--off', 'spend'], []])(
    'wants one thing: %s %s %s',
    (...args) => {
      const { status, err } = run('switch', ...args, '--why', 'a slip');
      expect([status, err.split('\n')[0]]).toEqual([1, 'Say one switch to turn, --off or --on, or --list.']);
    },
  );
});
