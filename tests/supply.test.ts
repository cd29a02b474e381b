import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lintSource } from '@secretlint/core';
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend';
import { describe, expect, it } from 'vitest';
import lock from '../package-lock.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Package {
  license?: string;
  dev?: boolean;
}

/** What may go to production, and into a company's own product. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0'];
/** What may also help on a developer's machine: it is handed on to nobody. */
const FOR_DEVELOPMENT = [...ALLOWED, 'BlueOak-1.0.0', 'MPL-2.0', 'PSF-2.0', 'Python-2.0', 'Unlicense'];

/** Every package under a licence that is not allowed where it is used, or under none. Of a choice one is enough. */
function licenceFaults(packages: Record<string, Package>): string[] {
  return Object.entries(packages).flatMap(([path, { license = 'no licence', dev }]) => {
    if (path === '') return [];
    const choice = license.replaceAll(/[()]/g, '').split(' OR ');
    const allowed = dev ? FOR_DEVELOPMENT : ALLOWED;
    return choice.some((one) => allowed.includes(one)) ? [] : [`${path}: ${license}`];
  });
}

describe('the licences in the lock file', () => {
  it('are allowed where the package is used', () => {
    expect(licenceFaults(lock.packages)).toEqual([]);
  });

  it('are refused for one that is not on the list, for none, and for one of development in production', () => {
    const packages: Record<string, Package> = {
      '': { license: 'UNLICENSED' },
      'node_modules/a': { license: 'MPL-2.0', dev: true },
      'node_modules/b': { license: '(MIT OR GPL-3.0-or-later)' },
      'node_modules/c': { license: 'MPL-2.0' },
      'node_modules/d': { license: 'GPL-3.0-only', dev: true },
      'node_modules/e': {},
      'node_modules/f': { license: 'MIT AND CC-BY-3.0' },
    };
    expect(licenceFaults(packages)).toEqual([
      'node_modules/c: MPL-2.0',
      'node_modules/d: GPL-3.0-only',
      'node_modules/e: no licence',
      'node_modules/f: MIT AND CC-BY-3.0',
    ]);
  });
});

const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: recommended }] };

async function secretsIn(path: string, content: string): Promise<string[]> {
  const source = { filePath: join(ROOT, path), content, contentType: 'text' as const, ext: extname(path) };
  const { messages } = await lintSource({ source, options: { config, maskSecrets: true } });
  return messages.map(({ message, loc }) => `${path}:${loc.start.line} ${message}`);
}

/** What is committed, and what would be. */
function files(): string[] {
  const asked = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  return execFileSync('git', asked, { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean);
}

describe('the tree', () => {
  it('holds no secret', async () => {
    const paths = files();
    expect(paths).toContain('package.json');
    const found: string[] = [];
    for (const path of paths) found.push(...(await secretsIn(path, readFileSync(join(ROOT, path), 'utf8'))));
    expect(found).toEqual([]);
  });

  it('would not get away with one', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const key = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    // Put together here, or this file would be found itself.
    const token = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');
    const url = ['https://me:', 'hunter2hunter2', '@example.org/'].join('');
    for (const planted of [key, `const token = '${token}';`, `const from = '${url}';`]) {
      expect(await secretsIn('planted.ts', planted)).toHaveLength(1);
    }
  });
});
