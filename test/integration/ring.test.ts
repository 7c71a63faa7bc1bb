import { describe, expect, it } from 'vitest';
import {
  callPath,
  DEFAULT_RING,
  eventually,
  keysOf,
  people,
  pushes,
  pushOf,
  rest,
  ring,
  SHORT_RING,
  script,
  scriptAll,
  unique,
} from '../support/people.ts';

describe('a ring', () => {
  it('reaches every phone and every connection in the documented form', async () => {
    const [alice, bob] = await people('Alice', 'bob');
    const [android, iphone] = [await bob.android(), await bob.iphone()];
    const socket = await bob.connect();
    const { id, cid, answer } = await ring(alice, bob, {
      ...DEFAULT_RING,
      video: true,
      data: { custom: { topic: 'x' } },
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      created: true,
      call: { cid, status: 'ringing', video: true, version: 1, custom: { topic: 'x' } },
    });
    expect(answer.body.members).toMatchObject([
      { user_id: alice.id, role: 'admin', state: 'joined' },
      { user_id: bob.id, role: 'user', state: 'ringing' },
    ]);

    const { created_at, ring_expires_at } = answer.body.call;
    expect(Date.parse(ring_expires_at) - Date.parse(created_at)).toBe(45_000);

    const viaFcm = await pushOf(android, 'call.ring');
    const { message } = viaFcm.body;
    expect(Object.keys(message).toSorted()).toEqual(['android', 'data', 'token']);
    expect(message.android).toMatchObject({ direct_boot_ok: true });
    expect(message.android.priority.toLowerCase()).toBe('high');
    // The whole seconds that were left when the push was sent: after its payload was made, before it arrived.
    const secondsLeftAt = (ms: number) => Math.floor((Number(message.data.expires_at) - ms) / 1000);
    const ttl = Number(/^(\d+)s$/.exec(message.android.ttl)?.[1]);
    expect(ttl).toBeLessThanOrEqual(secondsLeftAt(Number(message.data.sent_at)));
    expect(ttl).toBeGreaterThanOrEqual(secondsLeftAt(Date.parse(viaFcm.at)));
    expect(message.data).toMatchObject({
      sender: 'carillon',
      version: '1',
      type: 'call.ring',
      call_cid: cid,
      call_id: id,
      call_type: 'default',
      call_uuid: answer.body.call.call_uuid,
      created_by_id: alice.id,
      created_by_name: 'Alice',
      receiver_id: bob.id,
      video: 'true',
    });
    expect(Number(message.data.expires_at)).toBe(Date.parse(ring_expires_at));

    const viaApns = await pushOf(iphone, 'call.ring');
    expect(viaApns.headers).toMatchObject({
      'apns-push-type': 'voip',
      'apns-priority': '10',
      'apns-topic': 'com.example.carillon.voip',
    });
    expect(viaApns.headers['apns-expiration']).toBe(String(Math.floor(Number(message.data.expires_at) / 1000)));
    expect(viaApns.headers).not.toHaveProperty('apns-collapse-id');
    expect(viaApns.body).toMatchObject({
      aps: {},
      type: 'call.ring',
      ring_id: message.data.ring_id,
      receiver_id: bob.id,
    });
    expect(Object.values(viaApns.body).filter((value) => typeof value !== 'string')).toEqual([{}]);

    const event = await socket.next('call.ring');
    expect(event).toMatchObject({
      call_cid: cid,
      ring_id: message.data.ring_id,
      video: true,
      user: { id: alice.id, name: 'Alice' },
      version: 1,
    });
    expect(event['call']).toMatchObject({ status: 'ringing' });
    await socket.close();
  });

  it('is pushed once to each handset, and never to an ordinary APNs token', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const pushKit = await bob.iphone({ hardware_id: 'one' });
    const fcm = await bob.android({ hardware_id: 'one' });
    const ordinary = await bob.iphone({ voip_token: false });
    const { id } = await ring(alice, bob);
    await pushOf(pushKit, 'call.ring');
    await alice.post(callPath(id, '/mark_ended'));
    await pushOf(ordinary, 'call.missed');
    expect((await pushes(fcm)).filter((push) => keysOf(push)['type'] === 'call.ring')).toEqual([]);
    expect((await pushes(ordinary)).map((push) => push.headers['apns-push-type'])).toEqual(['alert']);
  });

  it('tells the caller at once if no device of the callee can ring', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const socket = await alice.connect();
    const { cid } = await ring(alice, bob);
    expect(await socket.next('call.unreachable', (event) => event['call_cid'] === cid)).toMatchObject({
      user_id: bob.id,
      reason: 'no_devices',
    });
    const dead = await carol.android();
    await scriptAll(dead, { status: 404, reason: 'UNREGISTERED' });
    await ring(alice, carol);
    expect(await socket.next('call.unreachable')).toMatchObject({ user_id: carol.id, reason: 'all_tokens_dead' });
    expect((await carol.get('/api/v2/devices')).body.devices).toEqual([]);
    await socket.close();
  });

  it('is retried with the same id if a push service is down, and not if it refuses', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [android, iphone, wrong] = [await bob.android(), await bob.iphone(), await bob.iphone()];
    await script(android, { status: 503 });
    await script(iphone, { status: 503, reason: 'ServiceUnavailable' }, { drop: true });
    await scriptAll(wrong, { status: 400, reason: 'DeviceTokenNotForTopic' });
    await ring(alice, bob);
    await eventually(async () => (await pushes(android)).at(-1)?.status === 200, 'a second FCM push');
    const attempts = await eventually(async () => {
      const all = await pushes(iphone);
      return all.at(-1)?.status === 200 && all;
    }, 'a third VoIP push');
    expect(new Set(attempts.map((push) => push.headers['apns-id'])).size).toBe(1);
    expect(attempts).toHaveLength(3);
    expect(await pushes(wrong)).toHaveLength(1);
    const { devices } = (await bob.get('/api/v2/devices')).body;
    expect(devices).toHaveLength(3);
    expect(devices.find(({ id }: { id: string }) => id === wrong).failing).toMatchObject({
      reason: 'DeviceTokenNotForTopic',
    });
  });

  it('is sent once to the other environment if Apple does not know the token, and that environment is remembered', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const sandboxed = await bob.iphone();
    const neither = await bob.iphone();
    await script(sandboxed, { status: 400, reason: 'BadDeviceToken' });
    await script(neither, { status: 400, reason: 'BadDeviceToken' }, { status: 400, reason: 'BadDeviceToken' });
    const { id } = await ring(alice, bob);
    const remembered = await eventually(async () => {
      const { devices } = (await bob.get('/api/v2/devices')).body;
      return devices.length === 1 && devices[0].sandbox && devices;
    }, 'the token of the other environment');
    expect(remembered[0].id).toBe(sandboxed);
    await alice.post(callPath(id, '/mark_ended'));
  });

  it('removes a token that Apple calls dead, unless it was registered again since then', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [fresh, dead] = [await bob.iphone(), await bob.iphone()];
    await scriptAll(fresh, { status: 410, reason: 'Unregistered', timestamp: Date.now() - 3_600_000 });
    await scriptAll(dead, { status: 410, reason: 'Unregistered', timestamp: Date.now() + 60_000 });
    await ring(alice, bob);
    await eventually(async () => (await bob.get('/api/v2/devices')).body.devices.length === 1, 'the dead token to go');
    expect((await bob.get('/api/v2/devices')).body.devices[0].id).toBe(fresh);
  });

  it('is the same call if it is requested twice', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const android = await bob.android();
    const first = await ring(alice, bob);
    await pushOf(android, 'call.ring');
    const again = await alice.post(callPath(first.id), { members: [{ user_id: bob.id }], ring: true });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ created: false, call: { version: 1, status: 'ringing' } });
    expect(await pushes(android)).toHaveLength(1);
  });

  it('can be requested for a call that was created without one', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const android = await bob.android();
    const id = unique('call');
    expect((await alice.post(callPath(id), { members: [{ user_id: bob.id }] })).body.call.status).toBe('created');
    expect((await bob.post(callPath(id, '/accept'))).body.code).toBe('not_ringing');
    const rung = await alice.post(callPath(id, '/ring'), { ring_id: 'mine' });
    expect(rung.body.call).toMatchObject({ status: 'ringing', version: 2 });
    expect(keysOf(await pushOf(android, 'call.ring'))['ring_id']).toBe('mine');
    expect((await alice.post(callPath(id, '/ring'), { ring_id: 'mine' })).body.call.version).toBe(2);
  });
});

describe('the deadline', () => {
  it('ends the ring as missed: with events, a stop with a notice, and an alert for ordinary tokens', async () => {
    const [alice, bob] = await people('Alice', 'bob');
    const [android, ordinary] = [await bob.android(), await bob.iphone({ voip_token: false })];
    const socket = await alice.connect();
    const { id, cid, answer } = await ring(alice, bob, SHORT_RING);
    const { ring_expires_at } = answer.body.call;
    const missed = await socket.next('call.missed');
    expect(Date.parse(String(missed['created_at']))).toBeGreaterThanOrEqual(Date.parse(ring_expires_at));
    expect(missed).toMatchObject({
      call_cid: cid,
      call: { status: 'ended', ended_reason: 'missed', ended_at: ring_expires_at },
    });
    expect(missed).not.toHaveProperty('user');
    expect(await socket.next('call.ended')).toMatchObject({ reason: 'missed', version: missed['version'] });
    const stop = await pushOf(android, 'call.missed');
    expect(keysOf(stop)).toMatchObject({ reason: 'missed', notify: 'true' });
    expect(stop.body.message.android.ttl).toBe('30s');
    const alert = await pushOf(ordinary, 'call.missed');
    expect(alert.headers).toMatchObject({
      'apns-push-type': 'alert',
      'apns-topic': 'com.example.carillon',
      'apns-collapse-id': cid.slice(0, 64),
    });
    expect(alert.body.aps).toMatchObject({
      alert: { title: 'Alice', body: 'Missed call' },
      sound: 'default',
      'thread-id': cid,
    });
    expect((await bob.post(callPath(id, '/accept'))).body).toMatchObject({
      code: 'call_ended',
      call: { ended_reason: 'missed' },
    });
    await socket.close();
  });
});

describe('busy and glare', () => {
  it('keep a callee who is in another call from being rung', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const android = await bob.android();
    const first = await ring(alice, bob);
    await bob.post(callPath(first.id, '/accept'));
    const socket = await carol.connect();
    const second = await ring(carol, bob);
    expect(second.answer.body).toMatchObject({ call: { status: 'ended', ended_reason: 'rejected' } });
    expect(second.answer.body.members[1]).toMatchObject({ state: 'busy' });
    expect(await socket.next('call.rejected')).toMatchObject({ reason: 'busy' });
    const notice = await pushOf(android, 'call.missed');
    expect(notice.body.message.android).toMatchObject({ priority: 'normal', ttl: '86400s' });
    await alice.post(callPath(first.id, '/leave'));
    expect((await ring(carol, bob)).answer.body.call.status).toBe('ringing');
    await socket.close();
  });

  it('refuse a ring to a user who is ringing the caller, with that call', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const first = await ring(alice, bob);
    const second = await ring(bob, alice);
    expect(second.answer.status).toBe(409);
    expect(second.answer.body).toMatchObject({ code: 'glare', call: { cid: first.cid, status: 'ringing' } });
    expect((await bob.get(callPath(second.id))).status).toBe(404);
    expect((await bob.post(callPath(first.id, '/accept'))).status).toBe(200);
  });

  it('leave exactly one of two calls by which two users ring each other at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [alice, bob] = await people('alice', 'bob');
      const both = await Promise.all([ring(alice, bob), ring(bob, alice)]);
      const statuses = both.map(({ answer }) => answer.status).toSorted();
      expect(statuses).toEqual([201, 409]);
      const won = both.find(({ answer }) => answer.status === 201);
      const lost = both.find(({ answer }) => answer.status === 409);
      expect(lost?.answer.body).toMatchObject({ code: 'glare', call: { cid: won?.cid } });
    }
  });
});

it('answers the health check', async () => {
  const { status, body } = await rest().request('GET', '/health');
  expect({ status, body }).toMatchObject({ status: 200, body: { status: 'ok' } });
});
