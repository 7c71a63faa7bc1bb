import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { expect, inject, onTestFinished } from 'vitest';
import { newContext } from '../../support/browser/context.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { tokenWith } from '../../support/people.ts';

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
  // Whatever the page does that it must not.
  const faults: string[] = [];
  onTestFinished(() => expect(faults).toEqual([]));
  const context = await newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    permissions: ['camera', 'microphone', 'clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin)) faults.push(`asks ${url}`);
    if (url.includes('token=')) faults.push(`shows a token in ${url}`);
    const { referer } = request.headers();
    if (referer !== undefined && referer !== '') faults.push(`tells where it was: ${referer}`);
  });
  page.on('console', (message) => {
    if (/Content.Security.Policy|Refused to/i.test(message.text())) faults.push(message.text());
  });
  await opening.routes?.(page);
  const token = 'token' in opening ? opening.token : await operatorToken();
  await page.goto(`${origin}${path}${token === undefined ? '' : `#token=${token}`}`);
  return page;
}

/** A moment in ms as a field for local times takes it: the browser of the tests is in UTC. */
export const localTime = (at: number): string => new Date(at).toISOString().slice(0, 16);

/** The page has nothing that people with a screen reader, with poor sight or without a mouse would stumble over. */
export async function expectAccessible(page: Page): Promise<void> {
  // The console has no frames, for which alone the other way needs a page more.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  expect(found).toEqual([]);
}

/** A page, opened in the light, is accessible there, and in the dark on a small screen, which it fits; it is complete when `ready` is there. */
export async function expectGoodForAll(page: Page, ready: Locator): Promise<void> {
  await ready.waitFor();
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 320, height: 900 });
  // No colour is on its way from the light then.
  await page.reload();
  await ready.waitFor();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
}

/** Lets time pass on a page, whose clock the test has installed, until something is there: not so fast that a request is given up before its answer. */
export async function comesInTime(page: Page, what: Locator): Promise<void> {
  const passes = async (): Promise<boolean> => {
    await page.clock.fastForward(5000);
    return await what.waitFor({ timeout: 1000 }).then(
      () => true,
      () => false,
    );
  };
  await expect.poll(passes, { timeout: PATIENCE_MS }).toBe(true);
}

/** Something that a screen reader finds on a page: what it is, how it is called, and all that it says. */
export interface Said {
  readonly role: string;
  readonly name: string;
  readonly text: string;
}

/** What a screen reader finds on a page, from the top: the tree that Chromium gives it. */
export async function screenReader(page: Page): Promise<Said[]> {
  const devtools = await page.context().newCDPSession(page);
  const { nodes } = await devtools.send('Accessibility.getFullAXTree');
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const textOf = (id: string): string => {
    const { role, name, childIds = [] } = byId.get(id) ?? {};
    if (role?.value === 'StaticText') return String(name?.value ?? '');
    return childIds
      .map(textOf)
      .filter((part) => part !== '')
      .join(' ');
  };
  return nodes.flatMap(({ ignored, nodeId, role, name }) =>
    ignored ? [] : [{ role: String(role?.value), name: String(name?.value ?? ''), text: textOf(nodeId) }],
  );
}

/** What a screen reader calls the element that has the keyboard. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(`(({ ariaLabel, innerText }) => (ariaLabel ?? innerText).trim())(document.activeElement)`);

/** Goes to an element by the tabulator alone. Past the end of the page it begins again. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let i = 0; i < 60; i += 1) {
    if (await target.evaluate((one) => one === Object(globalThis).document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${target}`);
}

/** Nobody has to scroll sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
}
