import { describe, expect, it, vi } from 'vitest';
import { APP_TEST_MS, android, apnsToken, pushed, pushedTypes, register, settled, two } from '../../support/apps.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { callPath, eventually, type Person, person, pushes, ring, script, unique } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const only = async (who: Person) => (await who.get('/api/v2/devices')).body.devices[0];

describe('registering a device again', () => {
  const FULL = {
    push_provider: 'apn',
    voip_token: true,
    sandbox: true,
    hardware_id: 'the-phone',
    app_version: '3.2.1',
  } as const;

  it('with only its token and provider keeps everything else', async () => {
    const bob = await person('bob');
    const id = await register(bob, { id: apnsToken(), ...FULL });
    const again = await bob.post('/api/v2/devices', { id, push_provider: 'apn' });
    expect(again).toMatchObject({ status: 200, body: { device: { id, ...FULL } } });
    expect(await only(bob)).toMatchObject({ id, ...FULL });
  });

  it.each([
    ['app_version', '4.0.0'],
    ['hardware_id', 'another-phone'],
    ['sandbox', false],
    ['voip_token', false],
  ])('with a new %s changes only that', async (name, value) => {
    const bob = await person('bob');
    const id = await register(bob, { id: apnsToken(), ...FULL });
    await register(bob, { id, push_provider: 'apn', [name]: value });
    expect(await only(bob)).toMatchObject({ id, ...FULL, [name]: value });
  });

  it('with nulls changes nothing', async () => {
    const bob = await person('bob');
    const id = await register(bob, { id: apnsToken(), ...FULL });
    const nulls = { voip_token: null, sandbox: null, hardware_id: null, app_version: null, push_provider_name: null };
    await register(bob, { id, push_provider: 'apn', ...nulls });
    expect(await only(bob)).toMatchObject({ id, ...FULL });
  });

  it('keeps the id type of an FCM installation id', async () => {
    const [alice, bob] = await two();
    const id = unique('fid');
    await register(bob, { id, push_provider: 'firebase', id_type: 'fid', hardware_id: 'pixel' });
    await register(bob, { id, push_provider: 'firebase' });
    const call = await ring(alice, bob);
    const push = await pushed(id, 'call.ring');
    expect(push.body.message).toMatchObject({ fid: id });
    await alice.post(callPath(call.id, '/mark_ended'));
  });

  it('keeps the environment that was learned from Apple', async () => {
    const [alice, bob] = await two();
    const id = await register(bob, { id: apnsToken(), push_provider: 'apn', voip_token: true });
    await script(id, { status: 400, reason: 'BadDeviceToken', environment: 'production' });
    const first = await ring(alice, bob);
    await eventually(async () => (await only(bob))?.sandbox === true, 'the environment to be learned', PATIENCE_MS);
    await alice.post(callPath(first.id, '/mark_ended'));
    await register(bob, { id, push_provider: 'apn' });
    expect(await only(bob)).toMatchObject({ sandbox: true, voip_token: true });
    const second = await ring(alice, bob);
    await pushed(id, 'call.ring', (keys) => keys['call_cid'] === second.cid);
    const last = (await pushes(id)).at(-1);
    expect(last).toMatchObject({ provider: 'apns-sandbox', status: 200 });
  });

  it('keeps a PushKit token ringable, in its handset', async () => {
    const [alice, bob] = await two();
    const fcm = await android(bob, { hardware_id: 'one' });
    const id = await register(bob, { id: apnsToken(), push_provider: 'apn', voip_token: true, hardware_id: 'one' });
    await register(bob, { id, push_provider: 'apn' });
    const call = await ring(alice, bob);
    expect((await pushed(id, 'call.ring')).headers['apns-push-type']).toBe('voip');
    await alice.post(callPath(call.id, '/mark_ended'));
    await settled();
    expect(await pushedTypes(fcm)).not.toContain('call.ring');
  });

  it('keeps an FCM token in its handset', async () => {
    const [alice, bob] = await two();
    const id = await android(bob, { hardware_id: 'one' });
    await register(bob, { id, push_provider: 'firebase' });
    const pushKit = await register(bob, {
      id: apnsToken(),
      push_provider: 'apn',
      voip_token: true,
      hardware_id: 'one',
    });
    const call = await ring(alice, bob);
    await pushed(pushKit, 'call.ring');
    await alice.post(callPath(call.id, '/mark_ended'));
    await settled();
    expect(await pushedTypes(id)).not.toContain('call.ring');
  });
});
