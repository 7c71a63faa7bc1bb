import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, expect, inject } from 'vitest';
import { startChromium } from '../../support/browser/chromium.ts';
import { tokenWith } from '../../support/people.ts';

/** How long to wait for something on a page; a machine that has other work to do needs that much. */
const PATIENCE_MS = 60_000;

let browser: Browser;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  browser = await startChromium();
  return () => browser.close();
});

/** Whatever a page did that it must not. */
const faults: string[] = [];

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
  expect(faults.splice(0)).toEqual([]);
});

/** How the console is opened. */
export interface Opening {
  /** @default one that is good */
  readonly token?: string | undefined;
  /** The address of another stack than the one that all tests share. */
  readonly origin?: string;
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  /** Changes what the API answers, before anything is asked. */
  readonly routes?: (page: Page) => Promise<unknown>;
}

/** The token that the operator of a test has. */
export const operatorToken = (): Promise<string> => tokenWith({ name: 'Olga' }, { kind: 'operator' });

/**
 * Opens a page of the console as whoever follows the address that `npm run console` prints. The test fails if the page asks
 * anybody but its own origin, breaks its Content-Security-Policy or throws.
 */
export async function openConsole(
  path: string,
  { width = 1200, scheme = 'light', origin = inject('stackUrl'), ...opening }: Opening = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    permissions: ['camera', 'microphone', 'clipboard-read', 'clipboard-write'],
  });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin)) faults.push(`asks ${url}`);
    if (url.includes('token=')) faults.push(`shows a token in ${url}`);
    const { referer } = request.headers();
    if (referer !== undefined && referer !== '') faults.push(`tells where it was: ${referer}`);
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (/Content.Security.Policy|Refused to/i.test(message.text())) faults.push(message.text());
  });
  await opening.routes?.(page);
  const token = 'token' in opening ? opening.token : await operatorToken();
  await page.goto(`${origin}${path}${token === undefined ? '' : `#token=${token}`}`);
  return page;
}

/** The page has nothing that people with a screen reader, with poor sight or without a mouse would stumble over. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  expect(found).toEqual([]);
}

/** Nobody has to scroll sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
}
