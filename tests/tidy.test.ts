import { describe, expect, it } from 'vitest';
import { lockFaults } from '../bin/lock-check.ts';
import { houseAt } from './tidy/house.ts';
import { plants, sound } from './tidy/plants.ts';
import { breaches, rules } from './tidy/rules.ts';

describe('the house', () => {
  it('keeps its own rules', () => {
    expect(breaches(houseAt(new URL('../', import.meta.url)))).toEqual([]);
  });

  it('has a planted breach for every rule', () => {
    expect(plants.map(({ rule }) => rule).toSorted()).toEqual(rules.map(({ name }) => name).toSorted());
  });

  it('may look like this', () => {
    expect(breaches(sound)).toEqual([]);
  });
});

describe.each(plants)('$rule', ({ rule, breach, advice, neighbour }) => {
  const says = rules.find(({ name }) => name === rule)?.says ?? '';

  it.each(Object.entries(breach))('finds %s and says what to do instead', (path, source) => {
    const found = breaches({ ...sound, [path]: source }).filter((sentence) => sentence.endsWith(says));
    expect(found).toHaveLength(1);
    expect(found[0]?.split(/[: ]/)[0]).toBe(path);
    expect(found[0]).toContain(advice);
  });

  it('leaves its neighbour alone', () => {
    expect(breaches({ ...sound, ...neighbour })).toEqual([]);
  });
});

describe('the lock file', () => {
  const integrity = 'sha512-x';

  it('is whole when every platform is in it, wherever npm put it', () => {
    const packages = {
      '': { optionalDependencies: { far: '1' } },
      'node_modules/far': { integrity, optionalDependencies: { near: '1', above: '1' } },
      'node_modules/far/node_modules/near': { integrity, optionalDependencies: { above: '1' } },
      'node_modules/above': { integrity },
      'node_modules/far/node_modules/bundled': { inBundle: true, optionalDependencies: { unpacked: '1' } },
    };
    expect(lockFaults({ packages })).toEqual([]);
  });

  it('is refused for a missing platform, a missing integrity and a registry', () => {
    const packages = {
      '': {},
      'node_modules/a': { integrity, optionalDependencies: { 'a-linux-x64': '1' } },
      'node_modules/b': {},
      'node_modules/c': { integrity, resolved: 'https://registry.example/c.tgz' },
    };
    expect(lockFaults({ packages })).toEqual([
      expect.stringMatching(/^node_modules\/a may need a-linux-x64, .*npm install/),
      expect.stringMatching(/^node_modules\/b has no "integrity": .*npm install/),
      expect.stringMatching(/^node_modules\/c names the registry .*--omit-lockfile-registry-resolved/),
    ]);
  });
});
