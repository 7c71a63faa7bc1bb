import type { TestProject } from 'vitest/node';
import { startChromium } from './chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser is that all tests of a project share. */
    readonly chromium: string;
  }
}

/** Starts one browser for all tests of a project. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const chromium = await startChromium();
  project.provide('chromium', chromium.wsEndpoint());
  return () => chromium.close();
}
