import { describe, expect, inject, it, vi } from 'vitest';
import type { Call } from '#client/call.ts';
import { Carillon } from '#client/carillon.ts';
import { declinePush, type Pushed, type RingPushed, readPush, reportRinging } from '#client/push/index.ts';
import type { Subscription } from '#client/subscription.ts';
import { browser, type Subscribed, subscribed } from '../support/browsers.ts';
import { eventually, type Person, people, pushes, pushOf } from '../support/people.ts';
import { becomes, connected, network, next, signal } from './clients.ts';

/** What the phone with a push token has received, as its app reads it. */
async function received(token: string, type: string, who: Person): Promise<Pushed> {
  const { body } = await pushOf(token, type);
  return readPush(body, { userId: who.id, seen: {} });
}

/** A ring of Alice's at Bob's phone, whose app is closed. */
async function woken(register: (bob: Person) => Promise<string>, url = inject('stackUrl')) {
  const [alice, bob] = await people('alice', 'bob');
  const token = await register(bob);
  const hers = await connected(alice);
  const call = await hers.ring([bob.id], { video: true });
  void call.send({ type: 'offer', sdp: 'v=0 offer that waits' });
  const pushed = await received(token, 'call.ring', bob);
  expect(pushed).toMatchObject({ kind: 'ring', call: { cid: call.cid, callerName: 'alice', video: true } });
  const ring = pushed as RingPushed;
  return { alice, bob, token, call, ring, wake: (): Promise<Call> => Carillon.fromPush(ring, { url }) };
}

describe('a phone that a push wakes', () => {
  it('rings, answers, signals and ends the call with nothing but the push', async () => {
    const { call, wake } = await woken((bob) => bob.android({ hardware_id: 'pixel' }));
    const ringing = next(call, 'ringing');
    const his = await wake();
    expect(his.snapshot).toMatchObject({
      status: 'ringing',
      outgoing: false,
      video: true,
      createdBy: { name: 'alice' },
    });
    await ringing;
    await signal(his, 'offer that waits');
    expect(await his.accept()).toMatchObject({ status: 'active' });
    const answered = signal(call, 'v=0 answer');
    void his.send({ type: 'answer', sdp: 'v=0 answer' });
    await answered;
    expect((await his.iceServers()).length).toBeGreaterThan(0);
    expect((await his.trace()).trace.length).toBeGreaterThan(0);
    const ended = next(call, 'ended');
    await his.hangUp();
    expect(await ended).toEqual({ reason: 'completed' });
  });

  it('goes on over a lost connection, with the token of the call', async () => {
    const relay = await network();
    const { call, wake } = await woken((bob) => bob.iphone({ hardware_id: 'iphone' }), relay.url);
    const his = await wake();
    await his.accept();
    await becomes(call, 'active');
    relay.cut();
    const heard = signal(call, 'v=0 back again');
    void his.send({ type: 'answer', sdp: 'v=0 back again' });
    await heard;
    await his.hangUp();
  });

  it('declines', async () => {
    const { call, wake } = await woken((bob) => bob.android());
    const ended = next(call, 'ended');
    expect(await (await wake()).reject()).toMatchObject({ status: 'ended', reason: 'rejected' });
    expect(await ended).toEqual({ reason: 'rejected' });
  });

  it('is told if it comes too late: cancelled, answered elsewhere, or its device is gone', async () => {
    const cancelled = await woken((bob) => bob.android());
    await cancelled.call.hangUp();
    expect((await cancelled.wake()).snapshot).toMatchObject({ status: 'ended', reason: 'cancelled' });

    const answered = await woken((bob) => bob.android({ hardware_id: 'pixel' }));
    const tablet = await connected(answered.bob, { hardwareId: 'tablet' });
    const there = await eventually(async () => tablet.calls[0], 'the ring at the tablet');
    await there.accept();
    const late = await answered.wake();
    expect(late.snapshot).toMatchObject({ status: 'ended', reason: 'answered_elsewhere' });
    expect(await late.accept()).toMatchObject({ status: 'ended' });

    const gone = await woken((bob) => bob.android());
    await gone.bob.delete(`/api/v2/devices?id=${gone.token}`);
    expect((await gone.wake()).snapshot).toMatchObject({ status: 'ended', reason: 'missed' });
  });

  it('is told if its token is refused for anything else', async () => {
    const { ring } = await woken((bob) => bob.android());
    const forged = { ...ring, wakeToken: `${ring.wakeToken.slice(0, -8)}AAAAAAAA` };
    const url = inject('stackUrl');
    const refused = { code: 'unauthenticated', reason: 'bad_signature' };
    await expect(Carillon.fromPush(forged, { url })).rejects.toMatchObject(refused);
    await expect(declinePush(forged, { url })).rejects.toMatchObject(refused);
    await expect(reportRinging(forged, { url })).rejects.toMatchObject(refused);
    const strayed = { ...ring, call: { ...ring.call, id: 'another' } };
    await expect(declinePush(strayed, { url })).rejects.toMatchObject({ code: 'not_allowed' });
  });

  it('has nothing to decline if its ring is over: cancelled, answered elsewhere, or its device is gone', async () => {
    const url = inject('stackUrl');
    const cancelled = await woken((bob) => bob.android());
    await cancelled.call.hangUp();
    await declinePush(cancelled.ring, { url });
    await reportRinging(cancelled.ring, { url });

    const answered = await woken((bob) => bob.android({ hardware_id: 'pixel' }));
    const tablet = await connected(answered.bob, { hardwareId: 'tablet' });
    const there = await eventually(async () => tablet.calls[0], 'the ring at the tablet');
    await there.accept();
    await declinePush(answered.ring, { url });
    await reportRinging(answered.ring, { url });
    expect(there.status).toBe('active');

    const gone = await woken((bob) => bob.android());
    await gone.bob.delete(`/api/v2/devices?id=${gone.token}`);
    await declinePush(gone.ring, { url });
    await reportRinging(gone.ring, { url });
  });

  it('hangs up before it has answered', async () => {
    const { call, wake } = await woken((bob) => bob.android());
    const ended = next(call, 'ended');
    expect(await (await wake()).hangUp()).toMatchObject({ status: 'ended', reason: 'rejected' });
    expect(await ended).toEqual({ reason: 'rejected' });
  });

  it('gets the stop that belongs to its ring, and the notice of a call that it missed', async () => {
    const { call, bob, token } = await woken((who) => who.android());
    await call.hangUp();
    const stop = await received(token, 'call.cancelled', bob);
    expect(stop).toMatchObject({ kind: 'stop', call: { cid: call.cid }, reason: 'cancelled', notify: true });
    const kinds = (await pushes(token)).map(({ body }) => readPush(body, { userId: bob.id, seen: {} }).kind);
    expect(kinds).toEqual(['ring', 'stop']);
  });
});

describe('the push tokens of a handset', () => {
  it('are registered with its id, and forgotten', async () => {
    const [bob] = await people('bob');
    const client = await connected(bob, { hardwareId: 'pixel' });
    const device = await client.registerDevice({ id: `token-of-${bob.id}`, push_provider: 'firebase' });
    expect(device).toMatchObject({ id: `token-of-${bob.id}`, hardware_id: 'pixel' });
    await client.removeDevice(device.id);
    expect((await bob.get('/api/v2/devices')).body.devices).toEqual([]);
    await expect(client.registerDevice({ id: '(null)', push_provider: 'firebase' })).rejects.toMatchObject({
      code: 'validation_failed',
      status: 400,
    });
  });
});

describe('a browser', () => {
  /** The push manager of a browser that refuses as often, and has a subscription of an earlier key or none. */
  const registration = (made: Subscribed, refusals: number, former?: Subscription) => {
    const subscription = { toJSON: () => ({ endpoint: made.endpoint, keys: { ...made.keys } }), unsubscribe: vi.fn() };
    const subscribe = vi.fn(async (_: object) => {
      if (subscribe.mock.calls.length <= refusals) throw new Error('NotAllowedError');
      return subscription;
    });
    return { pushManager: { subscribe, getSubscription: async () => former ?? null } };
  };
  const former = { toJSON: () => ({}), unsubscribe: async () => true };
  const aClient = async () => {
    const [bob] = await people('bob');
    return { bob, client: new Carillon({ url: inject('stackUrl'), token: bob.token }), made: await subscribed() };
  };

  it('subscribes with the key of the deployment, also in the place of a subscription with another', async () => {
    const { bob, client, made } = await aClient();
    const browser = registration(made, 1, former);
    expect(await client.subscribe(browser)).toMatchObject({ id: made.endpoint, push_provider: 'webpush' });
    const { body } = await bob.get('/api/v2/push_providers');
    const { public_key: applicationServerKey } = body.push_providers.at(-1);
    expect(browser.pushManager.subscribe).toHaveBeenLastCalledWith({ userVisibleOnly: true, applicationServerKey });
    expect((await bob.get('/api/v2/devices')).body.devices).toHaveLength(1);
  });

  it('that refuses, and a provider that is not there, are errors with a code', async () => {
    const { client, made } = await aClient();
    await expect(client.subscribe(registration(made, 1))).rejects.toMatchObject({ code: 'not_subscribed' });
    await expect(client.subscribe(registration(made, 2, former))).rejects.toMatchObject({ code: 'not_subscribed' });
    await expect(client.subscribe(registration(made, 0), 'second')).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('says that it rings, and declines, by its push alone', async () => {
    const url = inject('stackUrl');
    const { call, ring } = await woken(browser);
    const ringing = next(call, 'ringing');
    await reportRinging(ring, { url });
    await ringing;
    const ended = next(call, 'ended');
    await declinePush(ring, { url });
    expect(await ended).toEqual({ reason: 'rejected' });
  });
});
