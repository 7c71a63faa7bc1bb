import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { leaksIn } from '../../support/leaks.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { callPath, people, rest, ring, tokenWith, unique } from '../../support/people.ts';
import { openSocket } from '../../support/raw-client.ts';
import { comesInTime, expectAccessible, expectNoSidewaysScroll, openConsole, operatorToken } from './open-console.ts';

const JSON_TYPE = 'application/json';
const NOON = Date.parse('2026-11-20T12:00:00.000Z');
const at = (ms: number): string => new Date(NOON + ms).toISOString();

/** A call that the API is made to answer with. */
const aCall = (userIds: readonly string[], name = 'Alice') => ({
  call: {
    id: 'made-up',
    type: 'default',
    cid: 'default:made-up',
    call_uuid: 'e6eb4a11-5fdd-5bf3-a468-2d1b6b5cceb6',
    created_by: { id: 'alice', name },
    created_at: at(0),
    status: 'ended',
    ended_at: at(45_000),
    ended_reason: 'missed',
    video: true,
    version: 2,
    custom: {},
  },
  members: [
    { user_id: 'alice', role: 'admin', state: 'joined' },
    ...userIds.map((user_id) => ({ user_id, role: 'user', state: 'missed', reason: 'missed' })),
  ],
});

const verdictsOf = (userIds: readonly string[], verdict: string) => userIds.map((user_id) => ({ user_id, verdict }));

/** Answers for the call `made-up`, whatever is asked about it. */
const answering =
  (call: object, trace: object) =>
  async (page: Page): Promise<void> => {
    await page.route('**/api/v2/video/call/default/made-up', (route) => route.fulfill({ json: call }));
    await page.route('**/api/v2/video/call/default/made-up/trace', (route) => route.fulfill({ json: trace }));
  };

const MADE_UP = '/console/calls/default/made-up';

describe('an API in trouble', () => {
  it('that answers 500 is said to, with the id that its log knows, and asked again until it works', async () => {
    let isBroken = true;
    const problem = { code: 'internal', status: 500, detail: 'internal error', request_id: 'req-4711' };
    const page = await openConsole('/console/', {
      routes: async (opened) => {
        await opened.clock.install();
        await opened.route('**/api/v2/calls?*', (route) =>
          isBroken ? route.fulfill({ status: 500, json: problem }) : route.continue(),
        );
      },
    });
    await page.getByRole('alert').getByText('The server failed').waitFor();
    await page.getByText('req-4711').waitFor();
    await expectAccessible(page);
    isBroken = false;
    await comesInTime(page, page.getByText(/^(One call|\d+ calls)$/));
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('that answers 500 is said to on every page', async () => {
    const problem = { code: 'internal', status: 500, detail: 'internal error', request_id: 'req-4711' };
    const page = await openConsole('/console/', {
      routes: (opened) => opened.route('**/api/v2/**', (route) => route.fulfill({ status: 500, json: problem })),
    });
    const pages = {
      '/console/': 1,
      [MADE_UP]: 1,
      '/console/users/bob': 1,
      '/console/webhooks': 1,
      '/console/health': 2,
    };
    for (const [path, parts] of Object.entries(pages)) {
      await page.goto(new URL(path, page.url()).href);
      await page
        .getByRole('alert')
        .filter({ hasText: 'The server failed' })
        .filter({ hasText: 'req-4711' })
        .nth(parts - 1)
        .waitFor()
        .catch((cause) => Promise.reject(new Error(`not said on ${path}`, { cause })));
    }
  });

  it('that is API Gateway’s own, without a word of ours, is said to as well', async () => {
    const page = await openConsole('/console/', {
      routes: (opened) =>
        opened.route('**/api/v2/calls?*', (route) =>
          route.fulfill({ status: 503, contentType: JSON_TYPE, body: '{"message":"Service Unavailable"}' }),
        ),
    });
    await page.getByRole('alert').getByText('The server failed').waitFor();
  });

  it('that answers with something else is said to', async () => {
    let body = '';
    const page = await openConsole('/console/health', {
      routes: (opened) => opened.route('**/api/v2/calls?*', (route) => route.fulfill({ contentType: JSON_TYPE, body })),
    });
    for (body of ['', 'null', '{}', '[]', '"calls"', '<!doctype html><b>hello</b>']) {
      await page.getByRole('link', { name: 'Calls' }).click();
      await page
        .getByRole('alert')
        .getByText('Not understood')
        .waitFor()
        .catch((cause) => Promise.reject(new Error(`not said to: ${body}`, { cause })));
      // The other pages are as they were.
      await page.getByRole('link', { name: 'Health' }).click();
      await page.getByText(/^Carillon \d/).waitFor();
    }
  });

  it('that never answers is said to', async () => {
    let asked = 0;
    const page = await openConsole('/console/', {
      routes: async (opened) => {
        await opened.clock.install();
        await opened.route('**/api/v2/calls?*', () => {
          asked += 1;
        });
      },
    });
    await page.getByText('Loading calls').waitFor();
    await expect
      .poll(
        async () => {
          await page.clock.runFor(11_000);
          return page.getByRole('alert').allTextContents();
        },
        { timeout: 60_000 },
      )
      .toEqual([expect.stringContaining('No answer')]);
    expect(asked).toBeGreaterThan(2);
    await expectAccessible(page);
  });

  it('that cannot be reached leaves what was there before, and is asked again when the network is back', async () => {
    const [alice, bob] = await people('alice', 'bob');
    await ring(alice, bob);
    const page = await openConsole(`/console/?user=${bob.id}`, { routes: (opened) => opened.clock.install() });
    await page.locator('.calls li').waitFor();
    await page.context().setOffline(true);
    await comesInTime(page, page.getByRole('alert').getByText('No answer'));
    expect(await page.locator('.calls li').count()).toBe(1);
    await page.context().setOffline(false);
    await expect.poll(() => page.getByRole('alert').count(), { timeout: PATIENCE_MS }).toBe(0);
  });
});

describe('a token', () => {
  it('that has expired is asked for again, and the new one goes on where the old one stopped', async () => {
    const token = await tokenWith({ name: 'Olga' }, { kind: 'operator', expires_in_s: -60 });
    const page = await openConsole('/console/health', { token });
    await page.getByText('Your token has expired').waitFor();
    await expectAccessible(page);
    await page.getByLabel('The address or the token').fill(`http://127.0.0.1/console/#token=${await operatorToken()}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Health' }).waitFor();
  });

  it.each([undefined, ''])('that is missing is asked for: %j', async (token) => {
    const page = await openConsole('/console/', { token });
    await page.getByText('npm run console').waitFor();
  });

  it('that is pasted into an open tab is taken, in the place of the one before, and leaves the address', async () => {
    const page = await openConsole('/console/', { token: undefined });
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const address = page.url();
    for (const name of ['Olga', 'Pavel']) {
      const token = await tokenWith({ name }, { kind: 'operator' });
      await page.goto(`${address}#token=${token}`);
      await page.getByRole('button', { name: `Sign out ${name}` }).waitFor();
      await page
        .getByText(/^(One call|\d+ calls|Nobody has called yet)/)
        .first()
        .waitFor();
      expect(page.url()).toBe(address);
    }
  });

  it('of a user is not one of an operator', async () => {
    const page = await openConsole('/console/', { token: await tokenWith({ user_id: unique('bob') }) });
    await page.getByRole('alert').getByText('Not allowed').waitFor();
  });

  it('that somebody puts where it does not belong is in no log: those of the stack are searched after the tests', async () => {
    const token = await operatorToken();
    const [url, files] = [inject('stackUrl'), inject('stackFiles')];
    const paths = [
      '/console/',
      '/console/stage.json',
      '/api/v2/calls',
      '/health',
      `/api/v2/users/${token}`,
      `/${token}`,
    ];
    for (const path of paths)
      await fetch(`${url}${path}?token=${token}`, { headers: { referer: `${url}/?token=${token}` } });
    await expect(openSocket(`${url}/ws?token=${token}`)).rejects.toThrow();
    expect(leaksIn(readFileSync(files.log, 'utf8'), [token])).toEqual([]);
    expect(leaksIn(`an access of /?token=${token}`, [])).toHaveLength(1);
  });

  it('leaves the address, the history and the tab when its owner signs out', async () => {
    const page = await openConsole('/console/');
    await page.getByRole('button', { name: 'Sign out Olga' }).waitFor();
    expect(page.url()).not.toContain('#');
    expect(await page.evaluate('history.length')).toBeLessThanOrEqual(2);
    await page.getByRole('button', { name: 'Sign out Olga' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(
      await page.evaluate('JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])'),
    ).not.toMatch(/eyJ/);
  });
});

describe('a call that rings', () => {
  it('is asked for again and again, and no more some time after it is over', async () => {
    const over = aCall(['bob']);
    const rings = { ...over, call: { ...over.call, status: 'ringing', ended_at: undefined, ended_reason: undefined } };
    let isOver = false;
    let asked = 0;
    const page = await openConsole(MADE_UP, {
      routes: async (opened) => {
        await opened.clock.install();
        await answering(rings, { verdict: '', verdicts: [], trace: [] })(opened);
        await opened.route('**/api/v2/video/call/default/made-up', (route) => {
          asked += 1;
          return route.fulfill({ json: isOver ? over : rings });
        });
      },
    });
    const passes = () => page.clock.runFor(1000).then(() => asked);
    await expect.poll(passes, { timeout: 60_000 }).toBeGreaterThan(4);
    isOver = true;
    await expect.poll(() => passes().then(() => page.locator('.verdict').textContent())).toContain('missed');
    const last = asked;
    await page.clock.runFor(600_000);
    expect(asked).toBe(last);
  });
});

describe('a call of a hundred', () => {
  it('is summed up first, and lists and draws the rest when somebody asks', async () => {
    const ids = Array.from({ length: 99 }, (_, i) => `user-${i}`);
    const trace = {
      verdict: '',
      verdicts: verdictsOf(ids, 'not rung: no phone is registered and no app is connected'),
      trace: [
        { at: at(0), event: 'ring.requested', user_id: 'alice', ring_id: 'r' },
        ...ids.map((user_id) => ({
          at: at(90),
          event: 'call.unreachable',
          user_id,
          ring_id: 'r',
          reason: 'no_devices',
        })),
      ],
    };
    const page = await openConsole(MADE_UP, { routes: answering(aCall(ids), trace), width: 320 });
    await page.getByText('99 callees, 99 not rung').waitFor();
    await expectNoSidewaysScroll(page);
    await page.getByRole('button', { name: 'Show all 100 members' }).click();
    await page.locator('.members').getByText('user-98', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Draw \d+ more people$/ }).click();
    await page.locator('.lane-group', { hasText: 'user-98' }).waitFor();
  });
});

describe('a trace of 2 000 rows', () => {
  it('is drawn, and shown row by row when somebody asks', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => {
      const push = {
        provider: 'firebase',
        device: 'abcd1234',
        type: 'call.ring',
        ring_id: 'r',
        attempt: i + 1,
        user_id: 'bob',
      };
      return [
        { at: at(i * 40), event: 'push.attempted', ...push },
        { at: at(i * 40 + 20), event: 'push.failed', ...push, status: 503, reason: 'UNAVAILABLE', retry_in_ms: 20 },
      ];
    }).flat();
    const trace = { verdict: '', verdicts: verdictsOf(['bob'], 'not rung: FCM was not available'), trace: rows };
    const page = await openConsole(MADE_UP, { routes: answering(aCall(['bob']), trace) });
    await page.getByText('1000 attempts failed').waitFor();
    await page.getByRole('button', { name: 'Show all 2,000 rows' }).click();
    await expect.poll(() => page.getByRole('row').count()).toBe(2001);
  });
});

describe('what people call themselves and each other', () => {
  const HTML = '<img src=x onerror="document.title=`broken`"><b>bold</b>';
  const NAMES = [HTML, 'فاطمة الزهراء', '\u202eevil', '😀'.repeat(128), '🧑🏽‍🚀'.repeat(18), 'x'.repeat(128)];

  it('is shown as it is in the lists of calls and on the page of a user, too', async () => {
    const calls = NAMES.map((name, i) => {
      const { call, members } = aCall(['bob'], name);
      const cid = `default:made-up-${i}`;
      return { call: { ...call, cid }, members, verdicts: verdictsOf(['bob'], `declined after 900 ms: ${name}`) };
    });
    const device = {
      ...{ push_provider: 'firebase', push_provider_name: 'default', voip_token: false, sandbox: false },
      ...{ user_id: 'bob', id_type: 'token', created_at: at(0), updated_at: at(0) },
    };
    const user = {
      ...{ id: 'bob', removed_devices: [], connections: [], blocks: [], preferences: { do_not_disturb: false } },
      devices: NAMES.map((name, i) => ({
        ...{ ...device, id: `token-${i}`, hardware_id: name, app_version: name },
        failing: { reason: name, since: at(0) },
      })),
      counts: { devices: 6, failing_devices: 6, connections: 0, blocks: 0, rings_this_hour: 0, rings_this_minute: 0 },
    };
    const routes = async (page: Page): Promise<void> => {
      await page.route('**/api/v2/calls?*', (route) => route.fulfill({ json: { calls } }));
      await page.route('**/api/v2/users/bob', (route) => route.fulfill({ json: { user } }));
    };
    const page = await openConsole('/console/', { routes, width: 320 });
    for (const path of ['/console/', '/console/users/bob']) {
      await page.goto(new URL(path, page.url()).href);
      for (const name of NAMES) await page.locator('.call-verdict bdi').filter({ hasText: name }).waitFor();
      if (path !== '/console/')
        for (const name of NAMES) await page.locator('.failing bdi').filter({ hasText: name }).waitFor();
      expect(await page.locator('main').locator('img, b').count()).toBe(0);
      expect(await page.title()).not.toBe('broken');
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });

  it('is shown as it is in a call, and turns nothing around it', async () => {
    const callees = NAMES.map((_, i) => `callee-${i}`);
    const call = aCall(callees, HTML);
    const trace = {
      verdict: '',
      verdicts: verdictsOf(callees, 'rang after 400 ms, declined after 900 ms'),
      trace: [
        { at: at(0), event: 'ring.requested', user_id: 'alice', ring_id: 'r' },
        ...NAMES.flatMap((name, i) => [
          { at: at(900), event: 'call.rejected', user_id: `callee-${i}`, reason: name },
          { at: at(950), event: name, user_id: `callee-${i}`, reason: name, hardware_id: name },
        ]),
      ],
    };
    const members = call.members.map((member, i) => (i === 0 ? member : { ...member, reason: NAMES[i - 1] }));
    const page = await openConsole(MADE_UP, { routes: answering({ ...call, members }, trace), width: 320 });
    await page.locator('.facts bdi').filter({ hasText: HTML }).waitFor();
    for (const name of NAMES) {
      await page.locator('.members bdi').filter({ hasText: name }).waitFor();
      await page.locator('.lane-name > bdi').filter({ hasText: name }).waitFor();
      await page
        .getByRole('row')
        .filter({ hasText: `declines: ${name}` })
        .waitFor();
    }
    expect(await page.locator('main').locator('img, b').count()).toBe(0);
    expect(await page.title()).toBe('Call made-up · Carillon');
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });

  it('may be any id that a user may have', async () => {
    const page = await openConsole('/console/health');
    for (const name of ['auth0|a+b=c~d', 'mail.address@example.com', 'style.css', 'a:b', '~']) {
      const id = `${name}${unique('')}`;
      const token = await tokenWith({ user_id: id });
      await rest().request('POST', callPath(unique('call')), {
        token,
        body: { members: [{ user_id: 'nobody-else' }] },
      });
      await page.goto(new URL(`/console/?user=${encodeURIComponent(id)}`, page.url()).href);
      await page.locator('.calls a').click();
      await page.locator('.members').getByRole('link', { name: id }).click();
      await page.getByRole('heading', { name: `User ${id}` }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: `User ${id}` }).waitFor();
    }
  });

  it('cannot break an address', async () => {
    const page = await openConsole('/console/health');
    for (const address of ['/console/users/%', '/console/users/%E0%A4%A', '/console/nothing/here']) {
      await page.goto(new URL('/', page.url()).origin + address);
      await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
    }
  });
});
