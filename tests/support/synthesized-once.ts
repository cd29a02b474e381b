import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { synthesize } from '../../infra/local/synthesis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where all malls that run in a test run find the templates and bundles. */
    synthesis: string;
  }
}

/** Synthesizes once for all malls that run in a test run: the sources do not change in it. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'points-mall-synthesis-'));
  await synthesize(folder);
  project.provide('synthesis', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
