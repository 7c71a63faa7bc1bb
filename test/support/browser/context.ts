import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { inject, onTestFinished } from 'vitest';

let browser: Promise<Browser> | undefined;

/** A browser profile of its own, which is gone after the test. */
export async function newContext(options: BrowserContextOptions): Promise<BrowserContext> {
  browser ??= chromium.connect(inject('chromium'));
  const context = await (await browser).newContext(options);
  onTestFinished(() => context.close());
  return context;
}
