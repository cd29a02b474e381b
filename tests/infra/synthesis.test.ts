import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { synthesize } from '../../infra/local/synthesis.ts';

const data = mkdtempSync(join(tmpdir(), 'points-mall-synthesis-'));
/** What the malls of this run stand on. */
beforeAll(() => cpSync(inject('synthesis'), data, { recursive: true, preserveTimestamps: true }));
afterAll(() => rmSync(data, { recursive: true, force: true }));

it('synthesizes once for the same sources, and again when what came out is of others', async () => {
  const outdir = await synthesize(data);
  const made = () => statSync(join(outdir, 'manifest.json')).mtimeMs;
  const first = made();
  expect(await synthesize(data)).toBe(outdir);
  expect(made()).toBe(first);
  writeFileSync(join(outdir, 'sources.sha256'), 'of an older version');
  await synthesize(data);
  expect(made()).toBeGreaterThan(first);
});

it('bundles what runs in the cloud, and nothing of this machine or of the tests', async () => {
  const outdir = await synthesize(data);
  const maps = globSync('asset.*/index.mjs.map', { cwd: outdir });
  expect(maps.length).toBeGreaterThan(10);
  for (const map of maps) {
    const { sources } = JSON.parse(readFileSync(join(outdir, map), 'utf8')) as { sources: string[] };
    const folders = sources.map((source) => /^(?:\.\.\/)+(\w+)\//.exec(source)?.[1]);
    expect(folders, map).toContain('functions');
    expect(
      folders.filter((folder) => folder && ['infra', 'tests', 'bin'].includes(folder)),
      map,
    ).toEqual([]);
    const code = readFileSync(join(outdir, map.replace(/\.map$/, '')), 'utf8');
    if (code.includes('error-titles.json'))
      expect(existsSync(join(outdir, map, '../error-titles.json')), `${map}: the words of refusals lie beside`).toBe(
        true,
      );
    expect(code.match(/frozenAt|useFakeTimers|\/local\/(clock|inbox|drain)|amplify-dynamodb/g)).toBeNull();
  }
});
