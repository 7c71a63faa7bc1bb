import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Many tests wait for a timer most of the time: more of them than there are cores run side by side.
    maxWorkers: 3,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], env: { STAGE: 'test' }, testTimeout: 20_000 } },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts', 'test/model/**/*.test.ts'],
          globalSetup: ['test/support/dynamodb-setup.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'infra',
          include: ['test/infra/**/*.test.ts'],
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/support/stack-setup.ts'],
          setupFiles: ['test/support/documented-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // It counts all that its stack does, so it has one to itself, when the others are done with the machine.
        test: {
          name: 'budget',
          sequence: { groupOrder: 1 },
          include: ['test/budget/**/*.test.ts'],
          // A play that the machine disturbed is played again.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // They change the deployment's secrets, so they have a stack of their own, one file after the other.
        test: {
          name: 'secrets',
          include: ['test/secrets/**/*.test.ts'],
          globalSetup: ['test/support/stack-setup.ts'],
          setupFiles: ['test/support/documented-setup.ts'],
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
