import { describe, expect, it } from 'vitest';
import {
  callPath,
  eventually,
  type Person,
  people,
  person,
  pushOf,
  rest,
  ring,
  script,
  scriptAll,
  tokenWith,
  unique,
} from '../support/people.ts';
import { aWebPushDevice } from '../support/push-tokens.ts';

// biome-ignore lint/suspicious/noExplicitAny: an event of any type
type Event = any; // oxlint-disable-line typescript/no-explicit-any -- see above

/** The app's own backend, which reads everything. */
const backend = {
  get: async (path: string) => rest().request('GET', path, { token: await tokenWith({ role: 'server' }) }),
};

/** Waits until the trace of a call has an event that `fits`, and returns it as `viewer` sees it. */
const traceOf = (viewer: Pick<Person, 'get'>, id: string, fits: (event: Event) => boolean) =>
  eventually(async () => {
    const { body } = await viewer.get(callPath(id, '/trace'));
    return body.trace.some(fits) && body;
  }, `an event in the trace of ${id}`);

const is =
  (event: string, details: object = {}) =>
  (one: Event) =>
    one.event === event && Object.entries(details).every(([name, value]) => one[name] === value);

describe('the ring trace', () => {
  it('shows why a phone rang, and which phone it was only to its user and to the app’s backend', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const android = await bob.android({ hardware_id: 'pixel' });
    const { id } = await ring(alice, bob);
    const push = await pushOf(android, 'call.ring');
    const wake = push.body.message.data.wake_token;
    await rest().request('POST', callPath(id, '/ringing'), { token: wake, body: {} });
    await rest().request('POST', callPath(id, '/accept'), { token: wake, body: {} });
    await traceOf(bob, id, is('push.accepted'));
    const mine = await traceOf(bob, id, is('push.skipped', { reason: 'acted_here' }));
    expect(mine.trace.map(({ event }: Event) => event)).toEqual(
      expect.arrayContaining([
        'call.created',
        'ring.requested',
        'push.attempted',
        'push.accepted',
        'device.ringing',
        'call.accepted',
      ]),
    );
    expect(mine.trace.find(is('push.accepted'))).toMatchObject({
      user_id: bob.id,
      provider: 'firebase',
      device: android.slice(-8),
      type: 'call.ring',
      attempt: 1,
      latency_ms: expect.any(Number),
      provider_message_id: expect.stringContaining('/messages/'),
    });
    expect(mine.trace.find(is('device.ringing'))).toMatchObject({ hardware_id: 'pixel', user_id: bob.id });
    expect(mine.verdict).toMatch(/^rang after \d+ ms, answered after \d+ ms$/);
    expect(mine.verdicts).toEqual([{ user_id: bob.id, verdict: mine.verdict }]);

    const hers = (await alice.get(callPath(id, '/trace'))).body;
    expect(hers.verdict).toBe(mine.verdict);
    expect(hers.trace.map(({ event }: Event) => event)).toEqual([
      'call.created',
      'ring.requested',
      'device.ringing',
      'call.accepted',
    ]);
    for (const event of hers.trace) {
      for (const name of ['device', 'hardware_id', 'provider_message_id', 'connection_id'])
        expect(event).not.toHaveProperty(name);
    }
    const all = await backend.get(callPath(id, '/trace'));
    expect(all.body.trace.find(is('push.accepted')).device).toBe(android.slice(-8));
    const stranger = await person('stranger');
    expect((await stranger.get(callPath(id, '/trace'))).body.code).toBe('not_a_member');
    expect((await rest().request('GET', callPath(id, '/trace'), { token: wake })).body.code).toBe('not_allowed');
  });

  it('shows for every device of every callee what was tried, or why nothing was', async () => {
    const [alice, bob, carol, dave] = await people('alice', 'bob', 'carol', 'dave');
    const iphone = await bob.iphone({ hardware_id: 'iphone' });
    const sameHandset = await bob.android({ hardware_id: 'iphone' });
    const ordinary = await bob.iphone({ hardware_id: 'iphone', voip_token: false });
    const web = unique('https://fcm.googleapis.com/fcm/send/bob');
    await bob.post('/api/v2/devices', { id: web, ...aWebPushDevice, push_provider_name: 'none' });
    const dead = await carol.android();
    await scriptAll(dead, { status: 404, reason: 'UNREGISTERED' });
    const { id } = await ring(alice, [bob, carol, dave]);
    await traceOf(bob, id, is('push.accepted', { device: iphone.slice(-8) }));
    await traceOf(carol, id, is('device.removed'));
    const { trace } = await traceOf(dave, id, is('call.unreachable', { user_id: dave.id }));
    expect(trace).toContainEqual(
      expect.objectContaining({ event: 'call.unreachable', user_id: carol.id, reason: 'all_tokens_dead' }),
    );
    const hers = (await alice.get(callPath(id, '/trace'))).body;
    expect(hers.trace.filter(({ event }: Event) => /^(push|event|device)\./.test(event))).toEqual([]);
    expect(hers.verdicts).toEqual([
      { user_id: bob.id, verdict: 'no phone has said yet that it rings' },
      { user_id: carol.id, verdict: 'no phone can be reached' },
      { user_id: dave.id, verdict: 'no phone can be reached' },
    ]);

    const { body } = await backend.get(callPath(id, '/trace'));
    const skips = body.trace.filter(is('push.skipped', { user_id: bob.id }));
    expect(Object.fromEntries(skips.map(({ device, reason }: Event) => [device, reason]))).toEqual({
      [sameHandset.slice(-8)]: 'same_handset',
      [ordinary.slice(-8)]: 'not_ringable',
      [web.slice(-8)]: 'provider_not_configured',
    });
    expect(body.verdicts).toEqual([
      {
        user_id: bob.id,
        verdict: expect.stringMatching(/^APNs took the push after \d+ ms, but no phone said that it rings$/),
      },
      { user_id: carol.id, verdict: 'not rung: FCM says that the token is dead' },
      { user_id: dave.id, verdict: 'not rung: no phone is registered and no app is connected' },
    ]);
    expect(body.verdict).toContain(`${carol.id}: not rung: FCM says that the token is dead; ${dave.id}: `);
  });

  it('names a misconfiguration, and the time of the next attempt', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const iphone = await bob.iphone();
    await scriptAll(iphone, { status: 400, reason: 'DeviceTokenNotForTopic' });
    const { id } = await ring(alice, bob);
    const { verdict, trace } = await traceOf(bob, id, is('call.unreachable', { reason: 'push_rejected' }));
    expect(verdict).toBe('not rung: APNs refused the topic');
    expect(trace.find(is('push.failed'))).toMatchObject({
      status: 400,
      reason: 'DeviceTokenNotForTopic',
      provider: 'apn',
    });

    const android = await alice.android();
    await script(android, { status: 503, reason: 'UNAVAILABLE' });
    await alice.post(callPath(id, '/leave'));
    const back = await ring(bob, alice);
    const failed = await traceOf(alice, back.id, is('push.failed'));
    expect(failed.trace.find(is('push.failed'))).toMatchObject({ status: 503, retry_in_ms: expect.any(Number) });
    const again = await traceOf(alice, back.id, is('push.accepted'));
    expect(again.trace.find(is('push.accepted'))).toMatchObject({ attempt: 2 });
  });

  it('shows why a busy callee’s phones stayed silent, and tells the caller once the last retry was refused', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const phones = [await bob.android(), await bob.android()];
    const [one = '', two = ''] = phones;
    const havePushes = (type: string) => Promise.all(phones.map((token) => pushOf(token, type)));
    const busy = await ring(alice, bob);
    await havePushes('call.ring');
    const second = await ring(carol, bob);
    const { verdict } = await traceOf(bob, second.id, is('push.skipped', { reason: 'busy' }));
    expect(verdict).toBe('not rung: busy in another call');
    const hers = (await carol.get(callPath(second.id, '/trace'))).body;
    expect(hers.verdict).toBe('not rung: busy in another call');
    expect(hers.trace.some(is('push.skipped'))).toBe(false);
    await alice.post(callPath(busy.id, '/leave'));
    // Otherwise these pushes could get the answers that are scripted for the next ring.
    await Promise.all([havePushes('call.missed'), havePushes('call.cancelled')]);

    await script(one, { status: 503, reason: 'UNAVAILABLE' }, { status: 404, reason: 'UNREGISTERED' });
    await script(two, { status: 503, reason: 'UNAVAILABLE' }, { status: 400, reason: 'INVALID_ARGUMENT' });
    const caller = await carol.connect();
    const { id } = await ring(carol, bob);
    expect(await caller.next('call.unreachable')).toMatchObject({ user_id: bob.id, reason: 'push_rejected' });
    await traceOf(carol, id, is('call.unreachable'));
    expect(caller.frames.filter(({ type }) => type === 'call.unreachable')).toHaveLength(1);
    await caller.close();
  });

  it('shows the user what reached each connection, and when a phone connected', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const socket = await bob.connect({ hardwareId: 'tablet' });
    const { id } = await ring(alice, bob);
    const rung = await socket.next('call.ring');
    await socket.ask({ type: 'call.ringing', call_cid: rung['call_cid'] });
    const late = await bob.connect({ hardwareId: 'laptop' });
    const { trace, verdict } = await traceOf(bob, id, is('device.connected'));
    expect(trace.find(is('event.delivered', { type: 'call.ring' }))).toMatchObject({
      connection_id: expect.any(String),
    });
    expect(trace.find(is('device.connected'))).toMatchObject({ hardware_id: 'laptop' });
    expect(verdict).toMatch(/^rang after \d+ ms$/);
    await Promise.all([socket.close(), late.close()]);
  });
});

describe('the ringing receipt', () => {
  it('reaches the caller once for each handset', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const caller = await alice.connect();
    const { id, cid } = await ring(alice, bob);
    const phone = await bob.connect({ hardwareId: 'phone' });
    const byRest = () => bob.post(callPath(id, '/ringing'), { hardware_id: 'phone' });
    await Promise.all([phone.ask({ type: 'call.ringing', call_cid: cid }), byRest(), byRest()]);
    expect((await byRest()).status).toBe(200);
    await phone.ask({ type: 'call.ringing', call_cid: cid });
    await bob.post(callPath(id, '/ringing'), { hardware_id: 'tablet' });
    await bob.post(callPath(id, '/reject'));
    await caller.next('call.ended');
    const receipts = caller.frames.filter(({ type }) => type === 'call.ringing');
    expect(receipts).toHaveLength(2);
    expect(receipts[0]).toMatchObject({ call_cid: cid, user: { id: bob.id } });
    await Promise.all([caller.close(), phone.close()]);
  });
});
