import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { build } from 'esbuild';
import type { CDPSession, Page, Worker } from 'playwright-core';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type Subscribed, subscribed } from '../support/browsers.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { callPath, keysOf, type Person, people, pushOf, rest, ring } from '../support/people.ts';
import { listening } from '../support/program.ts';
import { newPage } from './pages.ts';

const EXAMPLE = 'examples/web-push';

/**
 * What the worker does besides. Browsers take a notification away after some seconds if nobody has to act on it: too few
 * for a slow machine. And Chromium forgets one that somebody asks for while it is being shown, so nobody asks before.
 */
const BESIDES = `{
  const wait = ExtendableEvent.prototype.waitUntil;
  self.handled = 0;
  ExtendableEvent.prototype.waitUntil = function (work) {
    if (this.type === 'push') work.finally(() => (self.handled += 1));
    return wait.call(this, work);
  };
  const show = ServiceWorkerRegistration.prototype.showNotification;
  ServiceWorkerRegistration.prototype.showNotification = function (title, options) {
    return show.call(this, title, { ...options, requireInteraction: true });
  };
}
`;

let origin: string;
beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: { page: `${EXAMPLE}/page.ts`, worker: `${EXAMPLE}/worker.mjs` },
    bundle: true,
    format: 'esm',
    outdir: 'out',
    write: false,
  });
  const server = createServer(({ url = '' }, response) => {
    const script = outputFiles.find(({ path }) => path.endsWith(url.split('?')[0] ?? ''));
    if (url.startsWith('/?'))
      response.setHeader('content-type', 'text/html').end(readFileSync(`${EXAMPLE}/index.html`));
    else if (!script) response.writeHead(404).end();
    else {
      const text = script.text.replaceAll('http://127.0.0.1:8181', inject('stackUrl'));
      response.setHeader('content-type', 'text/javascript').end(url.startsWith('/worker') ? `${BESIDES}${text}` : text);
    }
  });
  origin = await listening(server);
  return () => void server.close();
});

/** A notification as the worker shows it. */
interface Shown {
  readonly title: string;
  readonly body: string;
  readonly silent: boolean | null;
  readonly actions: readonly { readonly action: string }[];
}

/** The browser of a user, subscribed by the example's page. */
interface Subscriber extends Subscribed {
  readonly page: Page;
  /** Hands the push of this type, as the browser has decrypted it, to the service worker, and waits until that is done with it. */
  deliver(type: string): Promise<void>;
  shown(): Promise<Shown[]>;
  /** Clicks on an action of the notification that is shown. */
  click(action: string): Promise<void>;
}

/** Opens the example's page and clicks on its button. There is no network to a real push service: what the browser would get from one is put in its place. */
async function subscriber(who: Person): Promise<Subscriber> {
  const made = await subscribed();
  const page = await newPage('about:blank');
  await page.context().grantPermissions(['notifications'], { origin });
  await page.addInitScript(`PushManager.prototype.subscribe = async (options) => {
    window.subscribedWith = options;
    return { toJSON: () => (${JSON.stringify({ endpoint: made.endpoint, keys: made.keys })}) };
  }`);
  const session = await page.context().newCDPSession(page);
  const registered = registrationIn(session);
  await page.goto(`${origin}/?me=${who.id}`);
  await page.getByText('ready').waitFor();
  await page.locator('#subscribe').click();
  await page.getByText('subscribed').waitFor();
  const registrationId = await registered;
  const worker = (): Worker => {
    const [running] = page.context().serviceWorkers();
    if (!running) throw new Error('no service worker');
    return running;
  };
  const look = 'navigator.serviceWorker.ready.then((registration) => registration.getNotifications())';
  return {
    ...made,
    page,
    async deliver(type) {
      const data = JSON.stringify(keysOf(await pushOf(made.endpoint, type)));
      const handled = (): Promise<number> => worker().evaluate('self.handled');
      const before = await handled();
      await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data });
      await expect.poll(handled, PATIENT).toBe(before + 1);
    },
    shown: () =>
      page.evaluate(
        `${look}.then((all) => all.map(({ title, body, silent, actions }) => ({ title, body, silent, actions })))`,
      ),
    click: (action) =>
      worker().evaluate(`self.registration.getNotifications().then(([notification]) => {
        const event = new NotificationEvent('notificationclick', { notification, action: ${JSON.stringify(action)} });
        self.dispatchEvent(event);
      })`),
  };
}

/** The id of the service worker's registration, once there is one. */
async function registrationIn(session: CDPSession): Promise<string> {
  const found = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [own] = registrations.filter(({ scopeURL }) => scopeURL.startsWith(origin));
      if (own) resolve(own.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  return found;
}

const PATIENT = { timeout: PATIENCE_MS };

describe('a browser with a service worker', () => {
  it('subscribes with the key of the deployment and is registered with its handset', async () => {
    const [bob] = await people('bob');
    const { page, endpoint } = await subscriber(bob);
    const { webpush } = (await rest().request('GET', '/_local/providers')).body;
    expect(await page.evaluate('window.subscribedWith')).toEqual({
      userVisibleOnly: true,
      applicationServerKey: webpush.public_key,
    });
    expect((await bob.get('/api/v2/devices')).body.devices).toMatchObject([
      { id: endpoint, push_provider: 'webpush', hardware_id: `browser-of-${bob.id}` },
    ]);
  });

  it('shows a call with answer and decline, says that it rings, and answers with the wake token', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const browser = await subscriber(bob);
    const hers = await alice.connect();
    await ring(alice, bob);
    await browser.deliver('call.ring');
    expect(await browser.shown()).toMatchObject([
      { title: 'alice', body: 'Incoming call', actions: [{ action: 'answer' }, { action: 'decline' }] },
    ]);
    await hers.next('call.ringing');
    await browser.click('answer');
    expect(await hers.next('call.accepted')).toMatchObject({ answered_by: { user_id: bob.id } });
    await browser.page.getByText('active').waitFor();
    expect(await browser.shown()).toEqual([]);
  });

  it('declines without a page', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const browser = await subscriber(bob);
    const hers = await alice.connect();
    await ring(alice, bob);
    await browser.deliver('call.ring');
    expect(await browser.shown()).toHaveLength(1);
    await browser.click('decline');
    expect(await hers.next('call.rejected')).toMatchObject({ reason: 'decline' });
  });

  it('falls silent when another phone answers, and stays so if the stop was faster than the ring', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const browser = await subscriber(bob);
    const phone = await bob.android();
    const { id } = await ring(alice, bob);
    await browser.deliver('call.ring');
    expect(await browser.shown()).toMatchObject([{ body: 'Incoming call' }]);
    const token = keysOf(await pushOf(phone, 'call.ring'))['wake_token'] ?? '';
    expect((await rest().request('POST', callPath(id, '/accept'), { token })).status).toBe(200);
    await browser.deliver('call.accepted');
    const silent = { title: 'alice', body: 'The call is over', silent: true, actions: [] };
    expect(await browser.shown()).toEqual([silent]);
    await browser.deliver('call.ring');
    expect(await browser.shown()).toEqual([silent]);
    await ring(carol, bob);
    await browser.deliver('call.missed');
    const missed = { title: 'carol', body: 'Missed call', silent: true, actions: [] };
    expect(await browser.shown()).toContainEqual(missed);
    expect(await browser.shown()).toContainEqual(silent);
  });
});
