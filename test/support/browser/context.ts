import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { expect, inject, onTestFinished } from 'vitest';

/** How long to wait for something on a page; a machine that has other work to do needs that much. */
export const PATIENCE_MS = 60_000;

let browser: Promise<Browser> | undefined;

/** A browser profile of its own, which is gone after the test. The test fails if an error or a rejection in one of its pages was handled by nobody. */
export async function newContext(options: BrowserContextOptions): Promise<BrowserContext> {
  browser ??= chromium.connect(inject('chromium'));
  const context = await (await browser).newContext(options);
  onTestFinished(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  const unhandled: string[] = [];
  context.on('weberror', (event) => unhandled.push(String(event.error())));
  onTestFinished(() => expect(unhandled).toEqual([]));
  return context;
}
