import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Short files that take long, because they wait: what is begun last must not be what ends last. */
const SLOW =
  /\/test\/(dead-calls|guard|\w+-faults|dial-results|monitoring-dial|start-errors|demo|launcher|survival)\.test\.ts$/;

/** Slow files first, then as ever: the largest first, or those that took longest the last time. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification): boolean => SLOW.test(moduleId);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

/** What is polled for without a deadline of its own. */
const POLLED = { poll: { timeout: 20_000 } };

export default defineConfig({
  test: {
    sequence: { sequencer: SlowFirst },
    projects: [
      {
        test: {
          name: 'unit',
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/kit/*.test.ts'],
          expect: POLLED,
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
          // Whole systems wait more than they compute: four at a time keep two cores busy.
          maxWorkers: 4,
          // Of the tests in a file that wait for what is spoken.
          maxConcurrency: 3,
          expect: POLLED,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
