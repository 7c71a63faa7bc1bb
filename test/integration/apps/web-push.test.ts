import { createECDH } from 'node:crypto';
import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { describe, expect, it, vi } from 'vitest';
import { APP_TEST_MS, three, two } from '../../support/apps.ts';
import { browser, subscribed } from '../../support/browsers.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import {
  callPath,
  eventually,
  keysOf,
  type Person,
  pushes,
  pushOf,
  rest,
  ring,
  SHORT_RING,
  script,
  tokenWith,
} from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

// biome-ignore lint/suspicious/noExplicitAny: a row of any kind
type Row = any; // oxlint-disable-line typescript/no-explicit-any -- see above

/** Waits for a row of a user in the trace of a call. */
const traced = (id: string, who: Person, event: string, details: object = {}) =>
  eventually(
    async () => {
      const { body } = await who.get(callPath(id, '/trace'));
      return body.trace.find(
        (row: Row) =>
          row.event === event &&
          row.user_id === who.id &&
          Object.entries(details).every(([name, value]) => row[name] === value),
      );
    },
    `${event} in the trace`,
    PATIENCE_MS,
  );

/** Sends a request over HTTPS, and returns the status of the answer. */
async function post(url: string, ca: string): Promise<number> {
  const sent = httpsRequest(url, { method: 'POST', ca }).end();
  const [answer] = await once(sent, 'response');
  answer.resume();
  return answer.statusCode;
}

const devicesOf = async (who: Person) => (await who.get('/api/v2/devices')).body.devices;

const received = async (endpoint: string) => (await pushes(endpoint)).map((push) => keysOf(push)['type']);

describe('a browser', () => {
  it('is rung by a message that it alone can read, and answers with the wake token in it', async () => {
    const [alice, bob] = await two();
    const endpoint = await browser(bob, { hardware_id: 'laptop' });
    const { id, cid } = await ring(alice, bob);
    const push = await pushOf(endpoint, 'call.ring');
    const keys = keysOf(push);
    expect(push).toMatchObject({ provider: 'webpush', status: 201, path: new URL(endpoint).pathname });
    expect(push.headers).toMatchObject({
      urgency: 'high',
      'content-encoding': 'aes128gcm',
      authorization: expect.any(String),
    });
    expect(push.headers['authorization']).toMatch(/^vapid t=[\w-]+\.[\w-]+\.[\w-]+, k=[\w-]{87}$/);
    expect(push.headers).not.toHaveProperty('topic');
    const left = (Number(keys['expires_at']) - Date.parse(push.at)) / 1000;
    expect(Number(push.headers['ttl'])).toBeGreaterThan(left - 10);
    expect(Number(push.headers['ttl'])).toBeLessThanOrEqual(left + 1);
    expect(keys).toMatchObject({ sender: 'carillon', call_cid: cid, created_by_id: alice.id, receiver_id: bob.id });
    await traced(id, bob, 'push.accepted', { provider: 'webpush', device: endpoint.slice(-8), type: 'call.ring' });
    const wake = { token: keys['wake_token'] ?? '' };
    expect((await rest().request('POST', callPath(id, '/ringing'), wake)).status).toBe(200);
    const accepted = await rest().request('POST', callPath(id, '/accept'), wake);
    expect(accepted.body).toMatchObject({ call: { status: 'active' }, call_token: expect.any(String) });
    expect(await received(endpoint)).toEqual(['call.ring']);
  });

  it('is silenced by a message of its own if another phone answers', async () => {
    const [alice, bob] = await two();
    const endpoint = await browser(bob);
    const phone = await bob.android();
    const { id } = await ring(alice, bob);
    await pushOf(endpoint, 'call.ring');
    const token = keysOf(await pushOf(phone, 'call.ring'))['wake_token'] ?? '';
    expect((await rest().request('POST', callPath(id, '/accept'), { token })).status).toBe(200);
    const stop = await pushOf(endpoint, 'call.accepted');
    expect(keysOf(stop)).toMatchObject({ reason: 'answered_elsewhere' });
    expect(stop.headers).toMatchObject({ urgency: 'high', ttl: '30' });
  });

  it('that rang is told of a missed call by its stop, and one that did not by a notice that can wait', async () => {
    const [alice, bob, carol] = await three();
    const endpoint = await browser(bob);
    await ring(alice, bob, SHORT_RING);
    const stop = await pushOf(endpoint, 'call.missed');
    expect(keysOf(stop)).toMatchObject({ reason: 'missed', notify: 'true' });
    const busy = await ring(alice, bob);
    await pushOf(endpoint, 'call.ring');
    await ring(carol, bob);
    const notice = await eventually(
      async () => (await pushes(endpoint)).find(({ headers }) => headers['urgency'] === 'normal'),
      'the notice',
      PATIENCE_MS,
    );
    expect(keysOf(notice)).toMatchObject({ type: 'call.missed', created_by_id: carol.id });
    expect(notice.headers['ttl']).toBe('86400');
    await alice.post(callPath(busy.id, '/reject'), { reason: 'cancel' });
  });

  it('on the handset of an app leaves the ring to the app, and rings if the app’s token is dead', async () => {
    const [alice, bob] = await two();
    const handset = { hardware_id: 'handset' };
    const endpoint = await browser(bob, handset);
    const app = await bob.android(handset);
    const first = await ring(alice, bob);
    await traced(first.id, bob, 'push.skipped', { reason: 'same_handset', device: endpoint.slice(-8) });
    expect(await received(endpoint)).toEqual([]);
    await alice.post(callPath(first.id, '/reject'), { reason: 'cancel' });
    await script(app, { status: 404, reason: 'UNREGISTERED' });
    const second = await ring(alice, bob);
    expect(keysOf(await pushOf(endpoint, 'call.ring'))).toMatchObject({ call_cid: second.cid });
  });

  it.each([404, 410])('whose subscription is gone (%d) is forgotten, and the caller hears of it', async (status) => {
    const [alice, bob] = await two();
    const endpoint = await browser(bob);
    await script(endpoint, { status });
    const hers = await alice.connect();
    const { id } = await ring(alice, bob);
    expect(await hers.next('call.unreachable')).toMatchObject({ user_id: bob.id, reason: 'all_tokens_dead' });
    await traced(id, bob, 'device.removed', { device: endpoint.slice(-8) });
    expect(await devicesOf(bob)).toEqual([]);
  });

  it.each([400, 413])('that is refused through our own fault (%d) stays, marked as failing', async (status) => {
    const [alice, bob] = await two();
    const endpoint = await browser(bob);
    await script(endpoint, { status });
    const { id } = await ring(alice, bob);
    await traced(id, bob, 'push.failed', { status });
    expect(await devicesOf(bob)).toMatchObject([{ id: endpoint, failing: { reason: expect.any(String) } }]);
    expect(await received(endpoint)).toEqual(['call.ring']);
  });

  it.each([302, 307, 308])('whose push service redirects (%d) is not pushed to wherever that leads', async (status) => {
    const [alice, bob] = await two();
    const endpoint = await browser(bob);
    const elsewhere = `${endpoint}-elsewhere`;
    await script(endpoint, { status, location: elsewhere });
    const { id } = await ring(alice, bob);
    await traced(id, bob, 'push.failed', { status });
    expect((await pushes(endpoint)).map((push) => push.status)).toEqual([status]);
    expect(await pushes(elsewhere)).toEqual([]);
    // What does follow it is seen there.
    const { ca } = (await rest().request('GET', '/_local/push-endpoints')).body;
    expect(await post(elsewhere, ca)).toBe(404);
    const { body } = await rest().request('GET', `/_local/pushes?token=${encodeURIComponent(elsewhere)}`);
    expect(body.pushes).toMatchObject([{ status: 404, body: null }]);
  });

  it('is tried again when its push service asks for it, and not before', async () => {
    const [alice, bob] = await two();
    const endpoint = await browser(bob);
    await script(endpoint, { status: 429, retry_after: 3 }, { status: 503 });
    const { id } = await ring(alice, bob);
    await traced(id, bob, 'push.accepted');
    const [first, second, third, ...more] = await pushes(endpoint);
    expect([first?.status, second?.status, third?.status, more]).toEqual([429, 503, 201, []]);
    expect(Date.parse(second?.at ?? '') - Date.parse(first?.at ?? '')).toBeGreaterThanOrEqual(2990);
  });

  it('belongs to the user who registered it last, whose keys nobody sees', async () => {
    const [alice, bob, carol] = await three();
    const made = await subscribed();
    const endpoint = await browser(bob, {}, made);
    await browser(carol, {}, made);
    expect(await devicesOf(bob)).toEqual([]);
    const answers = [await devicesOf(carol), (await ring(alice, [bob, carol])).answer.body];
    await pushOf(endpoint, 'call.ring');
    expect(await received(endpoint)).toEqual(['call.ring']);
    expect(keysOf(await pushOf(endpoint, 'call.ring'))['receiver_id']).toBe(carol.id);
    expect(JSON.stringify(answers)).not.toContain(made.keys.auth);
    const noKeys = await bob.post('/api/v2/devices', { id: endpoint, push_provider: 'webpush' });
    expect(noKeys.body.errors).toMatchObject([{ path: 'keys' }]);
  });

  it('that subscribed with another key is refused by its push service, and stays', async () => {
    const [alice, bob] = await two();
    const made = await subscribed(createECDH('prime256v1').generateKeys('base64url'));
    const endpoint = await browser(bob, {}, made);
    const { id } = await ring(alice, bob);
    await traced(id, bob, 'push.failed', { status: 403, reason: 'Forbidden' });
    expect(await devicesOf(bob)).toMatchObject([{ id: endpoint }]);
  });

  it('of a provider that is not configured is skipped, and the trace says so', async () => {
    const [alice, bob] = await two();
    await browser(bob, { push_provider_name: 'second' });
    const { id } = await ring(alice, bob);
    const cause = 'no webpush provider second';
    await traced(id, bob, 'push.skipped', { reason: 'provider_not_configured', cause });
    const server = await tokenWith({ role: 'server' });
    const trace = await rest().request('GET', callPath(id, '/trace'), { token: server });
    expect(trace.body.verdict).toContain(`not rung: ${cause}`);
  });
});

it('a browser learns the key to subscribe with', async () => {
  const [alice] = await two();
  const { body } = await alice.get('/api/v2/push_providers');
  const { webpush } = (await rest().request('GET', '/_local/providers')).body;
  expect(body.push_providers).toEqual([
    { push_provider: 'firebase', name: 'default' },
    { push_provider: 'firebase', name: 'stream' },
    { push_provider: 'apn', name: 'default' },
    { push_provider: 'webpush', name: 'default', public_key: webpush.public_key },
  ]);
  expect(Buffer.from(webpush.public_key, 'base64url')).toHaveLength(65);
});
