import { afterEach, expect, it, vi } from 'vitest';
import { fcmSender } from '#adapters/fcm/sender.ts';
import { epochMs, later, MINUTE_MS } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';
import { anAndroidPhone, aPush } from '../support/builders.ts';
import { rsaKeys } from '../support/pem-keys.ts';
import { aService, type Received, type Service } from '../support/push/a-service.ts';

const account = { project_id: 'p', client_email: 'c@p', private_key: rsaKeys().privateKey };

const PATIENTLY = { timeout: 10_000 };

let service: Service;
afterEach(() => service.close());

const granted = (text: string) => JSON.stringify({ access_token: text, expires_in: 3600, token_type: 'Bearer' });

/** A sender before Google's OAuth, which numbers its tokens, and FCM; `oauth` and `fcm` may answer in their place. */
async function google({
  oauth,
  fcm,
}: {
  oauth?: (request: Received, count: number) => void;
  fcm?: (request: Received) => void;
}) {
  service = await aService((request) => {
    if (request.path !== '/token') return (fcm ?? (({ answer }) => answer(200, '{"name":"n"}')))(request);
    const count = exchanges();
    return oauth ? oauth(request, count) : request.answer(200, granted(`token-${count}`));
  });
  let ahead = 0;
  const clock = () => later(epochMs(Date.now()), ahead);
  const sender = fcmSender({ account: async () => account, clock, endpoint: service.endpoint });
  const aRing = (): Push => aPush({ expiresAt: later(clock(), 45_000) });
  return {
    sender,
    push: () => sender.send(anAndroidPhone(), aRing()),
    advance: (ms: number) => {
      ahead += ms;
    },
  };
}

const exchanges = (): number => service.received.filter(({ path }) => path === '/token').length;

const bearers = (): unknown[] =>
  service.received.filter(({ path }) => path !== '/token').map(({ headers }) => headers['authorization']);

it('fetches one access token for all pushes, and before the first push if it is warmed', async () => {
  const { sender, push } = await google({});
  await sender.warm('default');
  expect(exchanges()).toBe(1);
  const outcomes = await Promise.all(Array.from({ length: 10 }, push));
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
  expect(exchanges()).toBe(1);
  expect(service.received.at(-1)).toMatchObject({ path: '/v1/projects/p/messages:send' });
});

it('fetches one token for pushes that are sent before there is one', async () => {
  const { push } = await google({});
  await Promise.all(Array.from({ length: 10 }, push));
  expect(exchanges()).toBe(1);
});

it('renews a token before it expires, and no push waits for that', async () => {
  const { push, advance } = await google({
    oauth: ({ answer }, count) => count === 1 && answer(200, granted('token-1')),
  });
  await push();
  advance(50 * MINUTE_MS);
  expect(await push()).toMatchObject({ kind: 'accepted' });
  await vi.waitFor(() => expect(exchanges()).toBe(2), PATIENTLY);
  expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-1']);
});

it('uses the renewed token, and fetches another if that has expired', async () => {
  const { push, advance } = await google({});
  await push();
  advance(50 * MINUTE_MS);
  await push();
  await vi.waitFor(async () => {
    await push();
    expect(bearers().at(-1)).toBe('Bearer token-2');
  }, PATIENTLY);
  advance(61 * MINUTE_MS);
  await push();
  expect(bearers().at(-1)).toBe('Bearer token-3');
});

it('replaces a token that FCM refuses, and repeats the push once', async () => {
  const { push } = await google({
    fcm: ({ headers, answer }) =>
      headers['authorization'] === 'Bearer token-1' ? answer(401, '{}') : answer(200, '{"name":"n"}'),
  });
  expect(await push()).toEqual({ kind: 'accepted', messageId: 'n' });
  expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-2']);
});

it('does not fetch a new token for every push that is refused', async () => {
  const { push } = await google({ fcm: ({ answer }) => answer(401, '{}') });
  for (let pushes = 0; pushes < 3; pushes += 1) expect(await push()).toMatchObject({ kind: 'refused', status: 401 });
  expect(exchanges()).toBe(2);
});

it('retries a push if OAuth is down, and refuses it if OAuth rejects the account', async () => {
  const answers = [503, 429, 400];
  const { push } = await google({ oauth: ({ answer }, count) => answer(answers[count - 1]) });
  expect(await push()).toMatchObject({ kind: 'retryable', status: 0 });
  expect(await push()).toMatchObject({ kind: 'retryable', status: 0 });
  expect(await push()).toMatchObject({ kind: 'refused', reason: 'bad credentials' });
});

it('gives up on an OAuth that does not answer, early enough for a retry', async () => {
  const { push } = await google({ oauth: () => undefined });
  expect(await push()).toMatchObject({ kind: 'retryable', status: 0, reason: 'no access token: timeout' });
});

it('waits until the date that FCM gives', async () => {
  const date = new Date(Date.now() + 60_000).toUTCString();
  const { push } = await google({ fcm: ({ answer }) => answer(503, '{}', { 'retry-after': date }) });
  const askedAt = Date.now();
  const outcome = await push();
  expect(outcome).toMatchObject({ kind: 'retryable', status: 503, retryAfterMs: expect.any(Number) });
  const retryAt = Date.parse(date);
  const waitMs = outcome.kind === 'retryable' ? outcome.retryAfterMs : undefined;
  expect(waitMs).toBeLessThanOrEqual(retryAt - askedAt);
  expect(waitMs).toBeGreaterThanOrEqual(retryAt - Date.now());
});
