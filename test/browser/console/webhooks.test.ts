import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { httpsEndpoint } from '../../support/https-endpoint.ts';
import { startOwnStack } from '../../support/own-stack.ts';
import { callPath, unique } from '../../support/people.ts';
import { comesInTime, expectAccessible, expectNoSidewaysScroll, openConsole } from './open-console.ts';

const API = '**/api/v2/webhooks/deliveries?*';

/** A delivery that the API is made to answer with. */
const aDelivery = (number: number, more: object = {}) => ({
  id: `delivery-${number}`,
  webhook: '9f86d081884c7d65',
  host: 'api.example.com',
  webhook_id: `evt_${number}`,
  type: 'call.ended',
  call_cid: 'default:made-up',
  created_at: new Date(Date.now() - number * 1000).toISOString(),
  status: 'failed',
  attempt: 2,
  tried_at: new Date(Date.now() - number * 500).toISOString(),
  http_status: 503,
  fault: 'status 503',
  ...more,
});

describe('the page of webhooks', () => {
  it('shows what failed at a real endpoint, and has it sent again, by keyboard alone', async () => {
    let isMended = false;
    const endpoint = await httpsEndpoint((_, response) => {
      response.writeHead(isMended ? 204 : 503).end();
    });
    const secret = `whsec_${randomBytes(24).toString('base64')}`;
    const webhooks = [{ url: `${endpoint.url}/hook`, secret, events: ['call.rejected'] }];
    const stack = await startOwnStack({ CARILLON_WEBHOOKS: JSON.stringify(webhooks), ...endpoint.trust });
    try {
      const [bob, id] = [unique('bob'), unique('call')];
      await stack.request(
        'POST',
        callPath(id),
        { user_id: unique('ann') },
        { members: [{ user_id: bob }], ring: true },
      );
      await stack.request('POST', callPath(id, '/reject'), { user_id: bob }, {});
      const asked = { claims: { name: 'Olga' }, kind: 'operator' };
      const { token } = (await stack.request('POST', '/_local/tokens', {}, asked)).body;
      const page = await openConsole('/console/', {
        origin: stack.url,
        token,
        routes: (opened) => opened.clock.install(),
      });
      await page.getByRole('link', { name: 'Webhooks' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Webhooks' }).waitFor();
      await comesInTime(page, page.getByText(`call.rejected to ${new URL(endpoint.url).host}`));
      await page.getByText('failed: answered 503').waitFor();
      await page.getByRole('link', { name: `default:${id}` }).waitFor();
      await expectAccessible(page);
      isMended = true;
      await page.getByRole('button', { name: /^Send call\.rejected of .* again$/ }).focus();
      await page.keyboard.press('Enter');
      await comesInTime(page, page.getByText('No delivery has failed in the last 24 hours.'));
      await page.getByLabel('Deliveries of the last 24 hours').selectOption('delivered');
      await page.getByText('delivered: answered 204').waitFor();
      await page.reload();
      await page.getByText('delivered: answered 204').waitFor();
    } finally {
      await stack.stop();
      endpoint.close();
    }
  });

  it('says that a stage has no webhooks', async () => {
    const page = await openConsole('/console/webhooks');
    await page.getByText('This stage tells your backend nothing.').waitFor();
    await expectAccessible(page);
  });

  it('says why each failed, when it is tried again, and fits 320 pixels in the dark', async () => {
    const deliveries = [
      aDelivery(1, { retry_at: new Date(Date.now() + 60_000).toISOString() }),
      aDelivery(2, { attempt: 10, http_status: undefined, fault: 'timed_out' }),
      aDelivery(3, {
        attempt: 1,
        http_status: undefined,
        fault: 'unreachable',
        host: `${'x'.repeat(200)}.example.com`,
      }),
      aDelivery(4, { http_status: undefined, fault: 'not_sent' }),
    ];
    const page = await openConsole('/console/webhooks', {
      scheme: 'dark',
      width: 320,
      routes: (opened) => opened.route(API, (route) => route.fulfill({ json: { enabled: true, deliveries } })),
    });
    await page.getByText('4 deliveries').waitFor();
    await page.getByText('failed: no answer within 5 s').waitFor();
    await page.getByText('failed: cannot be reached').waitFor();
    await page.getByText('failed: nothing was sent').waitFor();
    await page.getByText('10 times, given up').waitFor();
    await page.getByText(/2 times, next/).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  });

  it('narrows to one webhook, and shows older pages when somebody asks', async () => {
    const asked: string[] = [];
    const page = await openConsole('/console/webhooks', {
      routes: (opened) =>
        opened.route(API, (route) => {
          const query = new URL(route.request().url()).searchParams;
          asked.push(query.toString());
          const isNext = query.get('next') === 'older';
          const json = { enabled: true, deliveries: [aDelivery(isNext ? 2 : 1)], ...(!isNext && { next: 'older' }) };
          return route.fulfill({ json });
        }),
    });
    await page.getByRole('link', { name: '9f86d081884c7d65' }).click();
    await page.getByRole('link', { name: 'Show all webhooks' }).waitFor();
    await expect.poll(() => asked.at(-1)).toContain('webhook=9f86d081884c7d65');
    await page.getByRole('button', { name: 'Show earlier deliveries' }).click();
    await page.getByText('evt_2').waitFor();
    expect(await page.getByText('evt_1').count()).toBe(1);
  });

  it('shows no delivery as failed that was taken since, on an older page either', async () => {
    // It is tried again some time after the answer to the replay.
    let readsWhileFailed = Number.POSITIVE_INFINITY;
    const page = await openConsole('/console/webhooks', {
      routes: async (opened) => {
        await opened.clock.install();
        await opened.route(API, (route) => {
          const isNext = new URL(route.request().url()).searchParams.get('next') === 'older';
          if (isNext) readsWhileFailed -= 1;
          const older = readsWhileFailed < 0 ? [] : [aDelivery(2, { host: 'older.example.com' })];
          const json = isNext ? { deliveries: older } : { deliveries: [aDelivery(1)], next: 'older' };
          return route.fulfill({ json: { enabled: true, ...json } });
        });
        await opened.route('**/replay', (route) => {
          readsWhileFailed = 1;
          return route.fulfill({ json: {} });
        });
      },
    });
    await page.getByRole('button', { name: 'Show earlier deliveries' }).click();
    await page.getByRole('button', { name: /older\.example\.com again$/ }).click();
    await comesInTime(page, page.getByText('One delivery'));
    expect(await page.getByText('evt_2').count()).toBe(0);
    expect(await page.getByText('evt_1').count()).toBe(1);
  });

  it('asks for nothing any more when somebody has gone to another page, before the answer to a replay', async () => {
    let asked = 0;
    const replayed = Promise.withResolvers<void>();
    const page = await openConsole('/console/webhooks', {
      routes: async (opened) => {
        await opened.clock.install();
        await opened.route(API, (route) => {
          asked += 1;
          return route.fulfill({ json: { enabled: true, deliveries: [aDelivery(1)] } });
        });
        await opened.route('**/replay', (route) => replayed.promise.then(() => route.fulfill({ json: {} })));
      },
    });
    await page.getByRole('button', { name: /again$/ }).click();
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByRole('heading', { name: 'Health' }).waitFor();
    const last = asked;
    const answered = page.waitForResponse('**/replay');
    replayed.resolve();
    await (await answered).finished();
    for (let i = 0; i < 10; i += 1) await page.clock.runFor(1000);
    expect(asked).toBe(last);
  });

  it('says that the API fails, and that a replay does, and keeps what was there', async () => {
    const problem = { code: 'internal', status: 500, detail: 'internal error', request_id: 'req-4711' };
    let isBroken = true;
    const page = await openConsole('/console/webhooks', {
      routes: async (opened) => {
        await opened.clock.install();
        await opened.route(API, (route) =>
          isBroken
            ? route.fulfill({ status: 500, json: problem })
            : route.fulfill({ json: { enabled: true, deliveries: [aDelivery(1)] } }),
        );
        await opened.route('**/replay', (route) => route.fulfill({ status: 500, json: problem }));
      },
    });
    await page.getByRole('alert').getByText('The server failed').waitFor();
    isBroken = false;
    await comesInTime(page, page.getByText('One delivery'));
    await page.getByRole('button', { name: /again$/ }).click();
    await page.getByRole('alert').getByText('req-4711').waitFor();
    expect(await page.getByText('evt_1').count()).toBe(1);
    await expectAccessible(page);
  });
});
