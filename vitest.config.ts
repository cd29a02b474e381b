import { defineConfig } from 'vitest/config';

const OVER_HTTP = ['tests/journeys/**/*.test.ts', 'tests/infra/**/*.test.ts'];

/** Nothing in a test reaches out: credentials are fake, and a client that was given no endpoint finds a closed door. */
const NOWHERE = {
  AWS_REGION: 'ap-southeast-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  POWERTOOLS_DEV: 'true',
  POWERTOOLS_LOG_LEVEL: 'ERROR',
  TZ: 'UTC',
};

/** What every run of tests stands on, the soak's as well. */
export const ground = {
  env: NOWHERE,
  globalSetup: ['tests/support/emulator.ts'],
  // Each file in a process of its own, so that no file sees another's environment.
  pool: 'forks' as const,
  maxWorkers: 2,
};

/** What runs the whole mall stands on this, too. */
export const SYNTHESIZED = 'tests/support/synthesized-once.ts';

export default defineConfig({
  test: {
    ...ground,
    sequence: { shuffle: true },
    projects: [
      {
        test: {
          name: 'rooms',
          include: ['tests/**/*.test.ts'],
          exclude: OVER_HTTP,
          // One more than cores: some only wait for what is busy.
          maxWorkers: 3,
          testTimeout: 20_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'journeys',
          include: OVER_HTTP,
          globalSetup: [SYNTHESIZED],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
