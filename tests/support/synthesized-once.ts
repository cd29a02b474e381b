import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the first mall that runs puts the templates and bundles, and all others find them. */
    synthesis: string;
  }
}

/** A folder for what is synthesized once for all malls that run in a test run. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'points-mall-synthesis-'));
  project.provide('synthesis', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
