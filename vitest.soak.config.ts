import { defineConfig } from 'vitest/config';
import { ground } from './vitest.config.ts';

const HOUR_MS = 3_600_000;

/** The long proofs: big numbers, one file at a time, and each prints what it measured. */
export default defineConfig({
  test: {
    ...ground,
    include: ['tests/**/*.soak.ts'],
    fileParallelism: false,
    testTimeout: HOUR_MS,
    hookTimeout: HOUR_MS / 12,
    reporters: ['verbose'],
    disableConsoleIntercept: true,
  },
});
