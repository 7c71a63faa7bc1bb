import type { Locator, Page } from 'playwright-core';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { startOwnStack } from '../support/own-stack.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { stalledRelay } from '../support/stalled-relay.ts';
import { expectAccessible, expectNoSidewaysScroll, tabTo } from './console/open-console.ts';
import { newPage } from './pages.ts';

/** Where the picture of the README goes: `PICTURES=docs/images npx vitest run --project browser phones pictures`. */
const { PICTURES: PLACE } = process.env;

const PATIENCE = { timeout: PATIENCE_MS };

interface Scene {
  readonly page: Page;
  readonly laptop: Locator;
  readonly android: Locator;
  readonly iphone: Locator;
  readonly browser: Locator;
}

/** The page of the virtual phones, ready to ring. */
async function openPhones(stack = inject('stackUrl')): Promise<Scene> {
  const page = await newPage(`${stack}/console/phones`);
  const device = (name: string) => page.getByRole('region', { name });
  const scene = {
    page,
    laptop: device('Alice’s browser'),
    android: device('Bob’s Android'),
    iphone: device('Bob’s iPhone'),
    browser: device('Bob’s browser'),
  };
  await scene.laptop.getByRole('button', { name: 'Call Bob' }).waitFor();
  return scene;
}

const says = (device: Locator, words: string | RegExp): Promise<void> =>
  device
    .getByRole('status')
    .filter({ hasText: words })
    .waitFor(PATIENCE)
    .catch(async (error) => {
      throw new Error(`it says ${await device.getByRole('status').textContent()}, not ${words}`, { cause: error });
    });
const press = (device: Locator, name: string): Promise<void> => device.getByRole('button', { name }).click(PATIENCE);

/** How solid something is drawn, from 0 to 1. */
const opacityOf = (of: Locator): Promise<string> =>
  of.evaluate((one) => Object(globalThis).getComputedStyle(one).opacity);

/** Waits until the picture of the other side moves. */
async function sees(device: Locator): Promise<void> {
  const video = device.getByLabel('Picture of the other side');
  await video.waitFor(PATIENCE);
  const frames = () => video.evaluate((one) => Object(one).getVideoPlaybackQuality().totalVideoFrames);
  const before = await frames();
  await expect.poll(frames, { timeout: 60_000, interval: 200 }).toBeGreaterThan(before + 5);
}

/** The size of the picture in the README, with the test pattern in the place of Chromium's green camera. */
async function beautify(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 1150 });
  await page.evaluate('navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error("no camera"))');
}

const verdict = (page: Page): Locator => page.locator('.verdict');

describe('the virtual phones', () => {
  it('ring by pushes alone; one answers, the other falls silent, and both ends see each other', async () => {
    const { page, laptop, android, iphone, browser } = await openPhones();
    if (PLACE !== undefined) await beautify(page);
    await says(android, 'The app is closed');
    await press(laptop, 'Call Bob');
    await Promise.all([android, iphone, browser].map((one) => says(one, 'Alice calls')));
    expect(await opacityOf(iphone.locator('.phone'))).toBe('1');
    await says(laptop, 'Bob’s phone is ringing');
    await press(iphone, 'Answer');
    await Promise.all([android, browser].map((one) => says(one, 'Answered on another phone')));
    await Promise.all([sees(laptop), sees(iphone)]);
    await expect.poll(() => verdict(page).textContent(), PATIENCE).toMatch(/answered/);
    if (PLACE !== undefined) {
      await page.evaluate('scrollTo(0, 0)');
      await page.screenshot({ path: `${PLACE}/phones.png` });
    }
    await press(laptop, 'Hang up');
    await says(iphone, 'The app is closed');
  });

  it('ring late where a push service is slow, and fall silent when the ring runs out', async () => {
    const { page, laptop, android, iphone, browser } = await openPhones();
    await laptop.getByLabel('Calls ring for').selectOption('12 seconds');
    await android.getByLabel('FCM').selectOption('takes 4 seconds');
    await press(laptop, 'Call Bob');
    await Promise.all([android, iphone, browser].map((one) => says(one, 'Alice calls')));
    const row = (words: string, phone: string): Locator =>
      page.getByRole('row').filter({ hasText: words }).filter({ hasText: phone });
    await row('FCM does not answer', 'next try in').first().waitFor(PATIENCE);
    await row('FCM takes the ring', 'attempt').waitFor(PATIENCE);
    const rangAfter = async (phone: string): Promise<number> =>
      Number.parseInt((await row('the phone says that it rings', phone).textContent(PATIENCE)) ?? '', 10);
    const late = await rangAfter('android');
    expect(late).toBeGreaterThanOrEqual(4000);
    for (const phone of ['iphone', 'browser']) expect(await rangAfter(phone)).toBeLessThan(late);
    await says(laptop, 'Nobody has answered');
    await Promise.all([android, iphone, browser].map((one) => says(one, 'Missed call')));
    await expect.poll(() => verdict(page).textContent(), PATIENCE).toMatch(/^rang after \d+ ms, not answered/);
  });

  it('decline and cancel as phones do', async () => {
    const { page, laptop, android, iphone } = await openPhones();
    await page.setViewportSize({ width: 320, height: 800 });
    await expectNoSidewaysScroll(page);
    await press(laptop, 'Call Bob');
    await says(iphone, 'Alice calls');
    await expectAccessible(page);
    // By the keyboard alone.
    await tabTo(page, android.getByRole('button', { name: 'Decline' }));
    await page.keyboard.press('Enter');
    await says(laptop, 'Bob has declined');
    await says(iphone, 'Declined on another phone');
    await press(laptop, 'Call Bob');
    await Promise.all([says(android, 'Alice calls'), says(iphone, 'Alice calls')]);
    await press(laptop, 'Hang up');
    await Promise.all([says(android, 'Missed call'), says(iphone, 'Missed call')]);
  });

  it('get what was pushed when their network is back, and say why one stays silent', async () => {
    const { page, laptop, android, iphone } = await openPhones();
    await android.getByLabel('Network').uncheck();
    await iphone.getByLabel('APNs').selectOption('refuses the push');
    await press(laptop, 'Call Bob');
    await page.getByText('DeviceTokenNotForTopic').first().waitFor(PATIENCE);
    await says(android, 'The app is closed');
    await android.getByLabel('Network').check();
    await says(android, 'Alice calls');
    await says(iphone, 'The app is closed');
    await press(android, 'Answer');
    await sees(laptop);
    await android.getByLabel('Network').uncheck();
    await says(laptop, 'The call is over');
  });

  it('say that the stack has gone, and that another one is in its place, and begin anew with that', async () => {
    const one = await stalledRelay(inject('stackUrl'));
    const { page, laptop, iphone } = await openPhones(one.url);
    one.close();
    await page.getByRole('alert').getByText('No answer').waitFor(PATIENCE);
    const settings = { CARILLON_SETTINGS: JSON.stringify({ events: false }) };
    const other = await startOwnStack({ ...settings, PORT: new URL(one.url).port });
    onTestFinished(() => other.stop());
    await page.getByRole('alert').getByText('The local stack was started anew').waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Reload' }).click();
    await press(laptop, 'Call Bob');
    await says(iphone, 'Alice calls');
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});
