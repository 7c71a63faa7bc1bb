import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { PATIENCE_MS } from '../../support/patience.ts';
import { callPath, eventually, people, ring, script, unique } from '../../support/people.ts';
import { open, sees } from '../pages.ts';
import { expectGoodForAll, focused, openConsole, tabTo } from './open-console.ts';
import { traced } from './scenes.ts';

const PATIENCE = { timeout: PATIENCE_MS };

/** A browser that asks for the camera, until the test allows it. */
const PROMPT = `
  const { mediaDevices } = navigator;
  const give = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = (options) =>
    new Promise((resolve) => {
      globalThis.allow = async () => resolve((globalThis.given = await give(options)));
    });
`;

describe('the page of a user', () => {
  it('shows their phones and what is wrong with them, who is connected, their calls and whom they block', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const iphone = await bob.iphone({ hardware_id: 'iphone', app_version: '3.2.1' });
    const pixel = await bob.android({ hardware_id: 'pixel' });
    await script(iphone, { status: 400, reason: 'DeviceTokenNotForTopic' });
    await script(pixel, { status: 404, reason: 'UNREGISTERED' });
    await bob.connect({ hardwareId: 'tablet' });
    await bob.put(`/api/v2/blocks/${carol.id}`);
    const { id } = await ring(alice, bob);
    await traced(bob, id, ({ event }) => event === 'push.failed', 2);
    await bob.post(callPath(id, '/reject'), { reason: 'decline' });
    const page = await openConsole(`/console/users/${bob.id}`);
    const card = page.locator('.card', { hasText: iphone.slice(-8) });
    await card.getByText(/failing since .*DeviceTokenNotForTopic/).waitFor();
    await card.getByText(/iphone, app 3\.2\.1/).waitFor();
    await page.getByText('One device has gone in the last 30 days').click();
    await page
      .locator('.card', { hasText: pixel.slice(-8) })
      .getByText('the push service says UNREGISTERED')
      .waitFor();
    await page.locator('.card', { hasText: 'tablet' }).waitFor();
    await page.getByRole('link', { name: carol.id }).waitFor();
    await page.locator('.calls li', { hasText: 'rejected' }).waitFor();
    await page.getByText('Can be reached: one app is connected, 1 fails').waitFor();
  });

  it('removes a device, once somebody has said so twice', async () => {
    const [bob] = await people('bob');
    const token = await bob.android();
    const page = await openConsole(`/console/users/${bob.id}`);
    await page.getByRole('button', { name: `Remove …${token.slice(-8)}` }).click();
    await page.getByRole('button', { name: `Yes, remove …${token.slice(-8)}` }).click();
    await page.getByText('None is registered').waitFor();
    expect((await bob.get('/api/v2/devices')).body.devices).toEqual([]);
  });

  it('rings for a test, and draws the trace while it happens', async () => {
    const [bob] = await people('bob');
    await bob.android({ hardware_id: 'pixel' });
    const page = await openConsole(`/console/users/${bob.id}`);
    await page.getByRole('button', { name: 'Test ring' }).click();
    const lane = page.locator('.lane', { hasText: 'pixel' });
    await lane.getByText('FCM takes it').waitFor();
    const cid = await eventually(
      async () => (await bob.get('/api/v2/video/calls')).body.calls[0]?.call?.cid,
      'the call',
    );
    const path = callPath(String(cid).replace('default:', ''));
    await bob.post(`${path}/ringing`, { hardware_id: 'pixel' });
    await lane.getByText(/rings \d/).waitFor();
    await page.getByRole('button', { name: 'End the call' }).click();
    await page.getByRole('button', { name: 'Yes, end it for everybody' }).click();
    await page.locator('.verdict').getByText('cancelled').first().waitFor();
    await lane.getByText('told to stop').waitFor();
    await page.getByRole('button', { name: 'Back to the user' }).click();
    await page.getByRole('heading', { name: 'Devices' }).waitFor();
  });

  it('calls the user: both see each other, and hang up', async () => {
    const [bob] = await people('bob');
    const his = await open(bob);
    const page = await openConsole(`/console/users/${bob.id}`);
    await page.getByRole('button', { name: 'Call with audio and video' }).click();
    await his.do('answer');
    await his.do('join');
    await page.getByText('You are connected.').waitFor();
    const seen = () =>
      page.evaluate("document.querySelector('video.theirs').getVideoPlaybackQuality().totalVideoFrames");
    await expect.poll(seen, PATIENCE).toBeGreaterThan(5);
    await sees(his, ({ frames, energy }) => frames > 5 && energy > 0);
    await page.getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('The call is over').waitFor();
    await expect.poll(async () => (await his.do('look')).ended, { timeout: PATIENCE_MS }).toEqual(['completed']);
  });

  it('is used by the keyboard alone, which stays where somebody works when a button goes away', async () => {
    const [bob] = await people('bob');
    const tokens = [await bob.android(), await bob.android()].map((token) => token.slice(-8));
    const page = await openConsole(`/console/users/${bob.id}`);
    await page.locator('.card').nth(1).waitFor();
    const press = (name: string) =>
      tabTo(page, page.getByRole('button', { name })).then(() => page.keyboard.press('Enter'));
    const [first = '', second = ''] = tokens;
    await press(`Remove …${first}`);
    expect(await focused(page)).toBe(`Yes, remove …${first}`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe(`Remove …${first}`);
    // A key that is held down confirms nothing.
    await page.keyboard.down('Enter');
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    expect(await focused(page)).toBe(`Yes, remove …${first}`);
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page), PATIENCE).toBe(`Remove …${second}`);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page), PATIENCE).toContain('None is registered');
    await press('Test ring');
    await press('End the call');
    await page.keyboard.press('Enter');
    await page.locator('.verdict').getByText('cancelled').waitFor();
    expect(await focused(page)).toBe('Copy as text');
    await press('Back to the user');
    await expect.poll(() => focused(page), PATIENCE).toBe('Call with audio and video');
    await tabTo(page, page.locator('.calls a'));
  });

  it.each([
    ['goes back to the page before', (page: Page) => page.goBack()],
    ['leaves the console', (page: Page) => page.goto('about:blank')],
    ['closes the page', (page: Page) => page.close()],
  ])('hangs up for whoever %s while they call', async (_, leave) => {
    const [bob] = await people('bob');
    const his = await bob.connect();
    const page = await openConsole(`/console/?user=${bob.id}`);
    await page.getByText('No call matches').waitFor();
    await page.getByLabel('Call id or user id').fill(bob.id);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Call with audio and video' }).click();
    await his.next('call.ring');
    await leave(page);
    // Somebody who only vanishes is waited for: such a call has failed.
    expect(await his.next('call.ended')).toMatchObject({ reason: 'cancelled' });
  });

  it('rings nobody for whoever has left before the camera was allowed, and turns the camera off', async () => {
    const [bob] = await people('bob');
    const page = await openConsole(`/console/users/${bob.id}`, {
      routes: (opened) => opened.addInitScript(PROMPT),
    });
    const rings: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') rings.push(request.url());
    });
    page.on('websocket', (socket) => rings.push(socket.url()));
    await page.getByRole('button', { name: 'Call with audio and video' }).click();
    await expect.poll(() => page.evaluate('typeof allow'), PATIENCE).toBe('function');
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByRole('heading', { name: 'Health' }).waitFor();
    await page.evaluate('allow()');
    const states = 'globalThis.given?.getTracks().map(({ readyState }) => readyState)';
    await expect.poll(() => page.evaluate(states), PATIENCE).toEqual(['ended', 'ended']);
    expect(rings).toEqual([]);
  });

  it('hangs up for whoever goes back to the user before they take part, and shows nothing of it in the next ring', async () => {
    const [bob] = await people('bob');
    const his = await bob.connect();
    const closed = Promise.withResolvers<void>();
    const page = await openConsole(`/console/users/${bob.id}`, {
      // A server that never greets.
      routes: (opened) => opened.routeWebSocket(/\/ws/, (socket) => socket.onClose(() => closed.resolve())),
    });
    const call = page.getByRole('button', { name: 'Call with audio and video' });
    await call.click();
    await his.next('call.ring');
    await page.getByRole('button', { name: 'Back to the user' }).click();
    expect(await his.next('call.ended')).toMatchObject({ reason: 'cancelled' });
    expect(await call.getAttribute('aria-busy')).not.toBe('true');
    await page.getByRole('button', { name: 'Test ring' }).click();
    await his.next('call.ring');
    await page.getByRole('button', { name: 'End the call' }).waitFor();
    await closed.promise;
    expect(await page.locator('.talk, [role=alert]').count()).toBe(0);
  });

  it('says of somebody whom nobody knows that they cannot be reached', async () => {
    const page = await openConsole(`/console/users/${unique('nobody')}`);
    await page.getByText('Cannot be reached: no phone is registered and no app is connected').waitFor();
  });

  it('has no fault that axe finds, in the light and in the dark, and fits a screen of 320 pixels', async () => {
    const [alice, bob] = await people('alice', 'bob');
    await bob.iphone({ hardware_id: 'iphone' });
    await ring(alice, bob);
    const page = await openConsole(`/console/users/${bob.id}`);
    await expectGoodForAll(page, page.locator('.calls li'));
  });
});
