import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/kit/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'system',
          sequence: { groupOrder: 2 },
          include: ['test/*.test.ts'],
          setupFiles: ['test/kit/on-failure.ts'],
          globalSetup: ['test/kit/make-template.ts'],
          // Whole systems wait more than they compute: three at a time keep two cores busy.
          maxWorkers: 3,
          // Of the tests in a file that wait for what is spoken.
          maxConcurrency: 3,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
