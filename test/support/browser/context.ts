import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { expect, inject, onTestFinished } from 'vitest';
import { PATIENCE_MS } from '../patience.ts';

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
