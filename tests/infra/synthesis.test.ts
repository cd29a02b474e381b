import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { synthesize } from '../../infra/local/synthesis.ts';

const data = mkdtempSync(join(tmpdir(), 'points-mall-synthesis-'));
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
