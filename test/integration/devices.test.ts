import { describe, expect, it } from 'vitest';
import {
  callPath,
  connectWith,
  eventually,
  keysOf,
  people,
  person,
  pushes,
  pushOf,
  rest,
  ring,
  script,
  scriptAll,
  tokenWith,
  unique,
} from '../support/people.ts';
import { anApnsToken, aWebPushDevice } from '../support/push-tokens.ts';

const HEX = anApnsToken();
const FCM = 'https://fcm.googleapis.com/fcm/send';
const KEYS = aWebPushDevice.keys;

describe('devices', () => {
  it('are created by the first registration and refreshed by the next ones', async () => {
    const bob = await person('bob');
    const id = anApnsToken();
    const body = { id, push_provider: 'apn', voip_token: true, hardware_id: 'h', app_version: '1.0', sandbox: true };
    const first = await bob.post('/api/v2/devices', body);
    expect(first.status).toBe(201);
    expect(first.body.device).toMatchObject({ ...body, push_provider_name: 'default', user_id: bob.id });
    expect((await bob.post('/api/v2/devices', { ...body, app_version: '2.0' })).status).toBe(200);
    expect((await bob.get('/api/v2/devices')).body.devices).toMatchObject([{ id, app_version: '2.0' }]);
  });

  it('keep what a registration does not say, and say so', async () => {
    const [bob, carol] = [await person('bob'), await person('carol')];
    const id = anApnsToken();
    const said = {
      push_provider_name: 'other',
      voip_token: true,
      id_type: 'token',
      hardware_id: 'h',
      app_version: '1.0',
      sandbox: true,
    };
    await bob.post('/api/v2/devices', { id, push_provider: 'apn', ...said });
    const again = await bob.post('/api/v2/devices', { id, push_provider: 'apn', app_version: '2.0' });
    expect(again.status).toBe(200);
    expect(again.body.device).toMatchObject({ id, ...said, app_version: '2.0' });
    const refused = await bob.post('/api/v2/devices', { id, push_provider: 'apn', voip_token: false });
    expect(refused.body.device).toMatchObject({ ...said, app_version: '2.0', voip_token: false });
    const moved = await carol.post('/api/v2/devices', { id, push_provider: 'apn' });
    expect(moved.status).toBe(201);
    expect(moved.body.device).toMatchObject({ push_provider_name: 'default', voip_token: false, sandbox: false });
    expect(moved.body.device).not.toHaveProperty('hardware_id');
  });

  it('keep a sandbox that a push has learned', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const id = await bob.iphone();
    await script(id, { status: 400, reason: 'BadDeviceToken' });
    await ring(alice, bob);
    const sandbox = async () => (await bob.get('/api/v2/devices')).body.devices[0].sandbox;
    await eventually(sandbox, 'a learned sandbox');
    const again = await bob.post('/api/v2/devices', { id, push_provider: 'apn' });
    expect(again.body.device).toMatchObject({ sandbox: true, voip_token: true });
  });

  it('are one however their APNs token is written, and ring one user only', async () => {
    const [alice, bob, carol] = [await person('alice'), await person('bob'), await person('carol')];
    const id = anApnsToken();
    const body = { push_provider: 'apn', voip_token: true };
    expect((await bob.post('/api/v2/devices', { id: id.toUpperCase(), ...body })).body.device.id).toBe(id);
    expect((await bob.post('/api/v2/devices', { id, ...body })).status).toBe(200);
    expect((await carol.post('/api/v2/devices', { id: id.toUpperCase(), ...body })).status).toBe(201);
    expect((await bob.get('/api/v2/devices')).body.devices).toEqual([]);
    await Promise.all([ring(alice, bob), ring(await person('dave'), carol)]);
    expect(keysOf(await pushOf(id, 'call.ring'))).toMatchObject({ receiver_id: carol.id });
    expect((await carol.delete(`/api/v2/devices?id=${id.toUpperCase()}`)).status).toBe(204);
    expect((await carol.get('/api/v2/devices')).body.devices).toEqual([]);
  });

  it('say what to send instead of a token that is none', async () => {
    const bob = await person('bob');
    const refused = async (id: string, push_provider = 'apn') =>
      (await bob.post('/api/v2/devices', { id, push_provider })).body.error;
    expect(await refused('(null)')).toContain('until the push service has given the app its token');
    expect(await refused(`<${HEX}>`)).toContain('64 to 200 hexadecimal digits');
    expect(await refused('dXJ0:APA91bE')).toContain('"push_provider": "firebase"');
    expect(await refused('{token}', 'firebase')).toContain('the FCM registration token');
  });

  it('are rung by another token of their handset at once if the best one is dead', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const android = await bob.android({ hardware_id: 'h' });
    const [old, fresh] = [await bob.iphone({ hardware_id: 'h' }), await bob.iphone({ hardware_id: 'h' })];
    await scriptAll(fresh, { status: 410, reason: 'Unregistered' });
    await scriptAll(old, { status: 400, reason: 'DeviceTokenNotForTopic' });
    const { id } = await ring(alice, bob);
    await pushOf(android, 'call.ring');
    const trace = await eventually(async () => {
      const { body } = await bob.get(callPath(id, '/trace'));
      return body.trace.some(({ event }: { event: string }) => event === 'push.accepted') && body.trace;
    }, 'a trace of the ring');
    expect(trace.map(({ event }: { event: string }) => event)).not.toContain('call.unreachable');
  });

  it('fall silent when they are removed during a ring, and their wake tokens are refused', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const [android, other] = [await bob.android({ hardware_id: 'pixel' }), await bob.android()];
    const { id } = await ring(alice, bob);
    const wake = keysOf(await pushOf(android, 'call.ring'))['wake_token'] ?? '';
    const asPhone = () => rest().request('GET', callPath(id), { token: wake });
    expect((await asPhone()).status).toBe(200);
    expect((await bob.delete(`/api/v2/devices?id=${android}`)).status).toBe(204);
    expect((await asPhone()).status).toBe(401);
    await expect(connectWith(wake)).rejects.toThrow('401');
    const stop = keysOf(await pushOf(android, 'call.ended'));
    expect(stop).toMatchObject({ reason: 'ended', receiver_id: bob.id });
    expect(stop).not.toHaveProperty('notify');
    await alice.post(callPath(id, '/mark_ended'));
    await pushOf(other, 'call.cancelled');
    expect(await pushes(android)).toHaveLength(2);
  });

  it('fall silent when another user registers them during a ring', async () => {
    const [alice, bob, carol] = [await person('alice'), await person('bob'), await person('carol')];
    const android = await bob.android();
    const { id } = await ring(alice, bob);
    const wake = keysOf(await pushOf(android, 'call.ring'))['wake_token'] ?? '';
    await carol.post('/api/v2/devices', { id: android, push_provider: 'firebase' });
    expect((await rest().request('POST', callPath(id, '/accept'), { token: wake })).status).toBe(401);
    expect(keysOf(await pushOf(android, 'call.ended'))).toMatchObject({ receiver_id: bob.id });
  });

  it('get the stop at the token that replaced theirs during the ring', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const old = await bob.android({ hardware_id: 'pixel' });
    const { id } = await ring(alice, bob);
    await pushOf(old, 'call.ring');
    const fresh = await bob.android({ hardware_id: 'pixel' });
    await alice.post(callPath(id, '/mark_ended'));
    expect(keysOf(await pushOf(fresh, 'call.cancelled'))).toMatchObject({ notify: 'true' });
  });

  it('do not speak for a later ring with the wake token of an earlier one', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const android = await bob.android();
    const { id } = await ring(alice, [bob, await person('carol')]);
    const wakeTokens = async () =>
      (await pushes(android)).map((push) => keysOf(push)['wake_token']).filter((token) => token !== undefined);
    const earlier = keysOf(await pushOf(android, 'call.ring'))['wake_token'] ?? '';
    expect((await bob.post(callPath(id, '/reject'))).status).toBe(200);
    expect((await alice.post(callPath(id, '/ring'), { member_ids: [bob.id] })).status).toBe(200);
    const [, later = ''] = await eventually(async () => {
      const found = await wakeTokens();
      return found.length > 1 && found;
    }, 'a second ring');
    const post = async (token: string, last: string) =>
      (await rest().request('POST', callPath(id, last), { token, body: {} })).body.code ?? 'ok';
    expect(await post(earlier, '/ringing')).toBe('not_ringing');
    expect(await post(earlier, '/reject')).toBe('not_ringing');
    expect(await post(later, '/ringing')).toBe('ok');
    expect(await post(later, '/reject')).toBe('ok');
  });

  it('are listed newest first and removed without asking whether they were there', async () => {
    const bob = await person('bob');
    const [first, second] = [await bob.android(), await bob.android()];
    expect((await bob.get('/api/v2/devices')).body.devices.map(({ id }: { id: string }) => id)).toEqual([
      second,
      first,
    ]);
    expect((await bob.delete(`/api/v2/devices?id=${first}`)).status).toBe(204);
    expect((await bob.delete(`/api/v2/devices?id=${first}`)).status).toBe(204);
    expect((await bob.get('/api/v2/devices')).body.devices).toHaveLength(1);
  });

  it('ring only for the user who registered the token last', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const token = await bob.android();
    expect((await carol.post('/api/v2/devices', { id: token, push_provider: 'firebase' })).status).toBe(201);
    expect((await bob.get('/api/v2/devices')).body.devices).toEqual([]);
    await ring(alice, bob);
    await ring(alice, carol);
    expect(keysOf(await pushOf(token, 'call.ring'))).toMatchObject({ receiver_id: carol.id });
    expect(await pushes(token)).toHaveLength(1);
  });

  it('are at most twenty-five a user; the least recently refreshed one is dropped', async () => {
    const bob = await person('bob');
    const tokens: string[] = [];
    for (let i = 0; i < 26; i += 1) tokens.push(await bob.android());
    const kept = (await bob.get('/api/v2/devices')).body.devices.map(({ id }: { id: string }) => id);
    expect(kept).toEqual(tokens.slice(1).toReversed());
  });

  it('belong to one user even if several register the token at once', async () => {
    const users = await people('a', 'b', 'c', 'd');
    const id = unique('contested');
    await Promise.all(users.map((user) => user.post('/api/v2/devices', { id, push_provider: 'firebase' })));
    const owners = await Promise.all(
      users.map(async (user) => (await user.get('/api/v2/devices')).body.devices.length),
    );
    expect(owners.toSorted()).toEqual([0, 0, 0, 1]);
  });

  it.each([
    [{}, 'id'],
    [{ id: '', push_provider: 'firebase' }, 'id'],
    [{ id: 'x'.repeat(4097), push_provider: 'firebase' }, 'id'],
    [{ id: 'x y', push_provider: 'firebase' }, 'id'],
    [{ id: 'x', push_provider: 'pigeon' }, 'push_provider'],
    [{ id: HEX, push_provider: 'apn', voip_token: 'yes' }, 'voip_token'],
    [{ id: HEX, push_provider: 'apn', hardware_id: 'x'.repeat(65) }, 'hardware_id'],
    [{ id: `${FCM}/x`, push_provider: 'webpush' }, 'keys'],
    [{ ...aWebPushDevice, id: `${FCM}/x`, keys: { ...KEYS, p256dh: KEYS.p256dh.slice(2) } }, 'keys.p256dh'],
    [{ ...aWebPushDevice, id: `${FCM}/x`, keys: { ...KEYS, p256dh: `${KEYS.p256dh.slice(0, -2)}AA` } }, 'keys.p256dh'],
    [{ ...aWebPushDevice, id: `${FCM}/x`, keys: { ...KEYS, auth: `${KEYS.auth.slice(0, -1)}==` } }, 'keys.auth'],
    [{ ...aWebPushDevice, id: `${FCM}/x`, keys: { p256dh: KEYS.p256dh } }, 'keys.auth'],
    ...[
      'https://push.example.com/x',
      'https://fcm.googleapis.com.example.com/x',
      'https://evilfcm.googleapis.com/x',
      'https://fcm.googleapis.com:8443/x',
      'https://fcm.googleapis.com@169.254.169.254/x',
      'https://169.254.169.254/latest',
      'http://fcm.googleapis.com/x',
      'fcm.googleapis.com/x',
    ].map((id): [object, string] => [{ ...aWebPushDevice, id }, 'id']),
    [{ id: HEX.slice(1), push_provider: 'apn' }, 'id'],
    [{ id: HEX.repeat(4), push_provider: 'apn' }, 'id'],
    [{ id: 'dXJ0:APA91bE', push_provider: 'apn' }, 'id'],
    ...['(null)', 'null', 'NULL', '<null>', 'nil', 'undefined', '{}', `<${HEX}>`, '[objectObject]', `{bytes=0x${HEX}}`]
      .flatMap((id) => ['firebase', 'apn'].map((push_provider) => ({ id, push_provider })))
      .map((body): [object, string] => [body, 'id']),
  ])('refuse %j and name %s', async (body, path) => {
    const bob = await person('bob');
    const answer = await bob.post('/api/v2/devices', body);
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('validation_failed');
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect((await bob.get('/api/v2/devices')).body.devices).toEqual([]);
  });

  it('can be registered for another user by the app’s own backend only', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const body = { id: unique('token'), push_provider: 'firebase', user_id: bob.id };
    expect((await alice.post('/api/v2/devices', body)).body.code).toBe('not_allowed');
    const server = await tokenWith({ role: 'server' });
    expect((await rest().request('POST', `/api/v2/devices?user_id=${bob.id}`, { token: server, body })).status).toBe(
      201,
    );
    expect((await bob.get('/api/v2/devices')).body.devices).toHaveLength(1);
  });
});
