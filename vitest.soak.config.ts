import { defineConfig } from 'vitest/config';
import { ground, SYNTHESIZED } from './vitest.config.ts';

const HOUR_MS = 3_600_000;

/** The long proofs: big numbers, one file at a time, and each prints what it measured. */
export default defineConfig({
  test: {
    ...ground,
    globalSetup: [...ground.globalSetup, SYNTHESIZED],
    // Faults are made by the hundred here, and each is logged as it should be.
    env: { ...ground.env, POWERTOOLS_LOG_LEVEL: 'SILENT' },
    include: ['tests/**/*.soak.ts'],
    fileParallelism: false,
    testTimeout: HOUR_MS,
    hookTimeout: HOUR_MS / 12,
    reporters: ['verbose'],
    disableConsoleIntercept: true,
  },
});
