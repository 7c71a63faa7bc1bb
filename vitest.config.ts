import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Longer than any wait within a test, so that the wait that fails says what did not come. */
const PATIENT_MS = 120_000;

/** Files that wait for timers of the browser, for a stack of their own or for dozens of rings: `npm run test:browser` is over sooner if the others run beside them. */
const LONG = /browser\/(relay|phones|console\/(why|webhooks))\.test\.ts$/;

/** The order that Vitest thinks best, by which the longest come first only where they have run before, but for these. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => Number(!LONG.test(moduleId));
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    // Many tests wait for a timer most of the time, so more of them run side by side than there are cores.
    maxWorkers: 3,
    // Tests that are marked as concurrent wait for a grace, most of them.
    maxConcurrency: 20,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], env: { STAGE: 'test' }, testTimeout: 60_000 } },
      {
        test: {
          name: 'contract',
          include: ['test/{contract,functions,model,usecases}/**/*.test.ts'],
          globalSetup: ['test/support/dynamodb-setup.ts'],
          testTimeout: PATIENT_MS,
          hookTimeout: PATIENT_MS,
        },
      },
      {
        test: {
          name: 'infra',
          include: ['test/infra/**/*.test.ts'],
          isolate: false,
          testTimeout: PATIENT_MS,
          hookTimeout: PATIENT_MS,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: ['test/integration/{apps,dialects}/**'],
          globalSetup: ['test/support/stack-setup.ts'],
          setupFiles: ['test/support/documented-setup.ts'],
          testTimeout: PATIENT_MS,
          hookTimeout: PATIENT_MS,
        },
      },
      {
        // What apps really do, over the wire: much of it waits for a grace, so `npm run test:apps` plays it.
        test: {
          name: 'apps',
          include: ['test/integration/{apps,dialects}/**/*.test.ts'],
          globalSetup: ['test/support/stack-setup.ts'],
          setupFiles: ['test/support/documented-setup.ts'],
          testTimeout: PATIENT_MS,
          hookTimeout: PATIENT_MS,
        },
      },
      {
        // The client package over the wire, with a network that fails: `npm run test:client`.
        test: {
          name: 'client',
          include: ['test/client/**/*.test.ts'],
          globalSetup: ['test/support/stack-setup.ts'],
          testTimeout: PATIENT_MS,
          hookTimeout: PATIENT_MS,
        },
      },
      {
        // Pages in a real Chromium, with real WebRTC: `npm run test:browser`. They share processes and a browser, since it
        // takes long to start those.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/stack-setup.ts', 'test/support/browser/chromium-setup.ts'],
          isolate: false,
          sequence: { groupOrder: 2 },
          testTimeout: 2 * PATIENT_MS,
          hookTimeout: 2 * PATIENT_MS,
        },
      },
      {
        // It counts everything that its stack does, so it has a stack to itself and runs when the other projects are done.
        test: {
          name: 'budget',
          sequence: { groupOrder: 1 },
          include: ['test/budget/**/*.test.ts'],
          testTimeout: PATIENT_MS,
          hookTimeout: PATIENT_MS,
        },
      },
      {
        // These tests change the deployment's secrets, so they have a stack of their own and run one file at a time: `npm run test:secrets`.
        test: {
          name: 'secrets',
          include: ['test/secrets/**/*.test.ts'],
          globalSetup: ['test/support/stack-setup.ts'],
          setupFiles: ['test/support/documented-setup.ts'],
          fileParallelism: false,
          testTimeout: PATIENT_MS,
          hookTimeout: PATIENT_MS,
        },
      },
    ],
  },
});
