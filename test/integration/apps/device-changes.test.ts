import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  android,
  callOf,
  codeOf,
  dial,
  iphone,
  openApp,
  pushed,
  pushedKeys,
  pushedTypes,
  register,
  settled,
  startApp,
  two,
  wakeTokenOf,
  withToken,
} from '../../support/apps.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { callPath, eventually, keysOf, type Person, person, pushes, ring, unique } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

/** Alice rings Bob, whose phone rings. */
async function rungOn(make: (bob: Person) => Promise<string>) {
  const [alice, bob] = await two();
  const phone = await make(bob);
  const hers = await startApp(alice);
  const { id, cid } = await dial(hers, bob);
  return { alice, bob, hers, id, cid, phone, wake: await wakeTokenOf(phone) };
}

/** The ways in which a user loses a device. */
const GOING = [
  ['that is removed', (bob: Person, token: string) => bob.delete(`/api/v2/devices?id=${encodeURIComponent(token)}`)],
  [
    'that moves to another user',
    async (_: Person, token: string) => {
      const carol = await person('carol');
      const provider = /^[0-9a-f]{64}$/.test(token)
        ? { push_provider: 'apn', voip_token: true }
        : { push_provider: 'firebase' };
      return carol.post('/api/v2/devices', { id: token, ...provider });
    },
  ],
  [
    'that the twenty-sixth pushes out',
    async (bob: Person) => {
      for (let i = 0; i < 25; i += 1) await register(bob, { id: unique(`more-${i}`), push_provider: 'firebase' });
    },
  ],
] as const;

describe.each(GOING)('a ringing phone %s', (_, goes) => {
  it('gets its stop, without a notice', async () => {
    const { bob, cid, phone, hers } = await rungOn(android);
    await goes(bob, phone);
    const stop = await pushedKeys(phone, 'call.ended', (keys) => keys['call_cid'] === cid);
    expect(stop).toMatchObject({ call_cid: cid, receiver_id: bob.id, reason: 'ended' });
    expect(stop).not.toHaveProperty('notify');
    await hers.ask({ type: 'call.cancel', call_cid: cid });
    await settled();
    const types = (await pushes(phone))
      .map(keysOf)
      .flatMap((keys) => (keys['receiver_id'] === bob.id ? [keys['type']] : []));
    expect(types).toEqual(['call.ring', 'call.ended']);
  });

  it('cannot act with its wake token any more', async () => {
    const { alice, bob, id, phone, wake } = await rungOn(android);
    const woken = withToken(wake);
    expect((await woken('GET', callPath(id))).status).toBe(200);
    await goes(bob, phone);
    for (const [method, last, body] of [
      ['GET', '', undefined],
      ['POST', '/ringing', {}],
      ['POST', '/reject', {}],
      ['POST', '/accept', { hardware_id: 'phone' }],
    ] as const)
      expect((await woken(method, callPath(id, last), body)).body).toMatchObject({
        status: 401,
        code: 'unauthenticated',
        reason: 'signed_out',
      });
    await expect(openApp(`token=${wake}`)).rejects.toMatchObject({ status: 401 });
    expect(await callOf(alice, id)).toMatchObject({ status: 'ringing' });
  });

  it('is not pushed again if it is an iPhone, but its wake token is refused', async () => {
    const { bob, id, phone, wake } = await rungOn(iphone);
    await goes(bob, phone);
    expect((await withToken(wake)('POST', callPath(id, '/accept'), {})).body).toMatchObject({ reason: 'signed_out' });
    await settled();
    expect(await pushedTypes(phone)).toEqual(['call.ring']);
  });
});

describe('when a device is removed during a ring', () => {
  it('the other devices keep ringing and can answer', async () => {
    const { alice, bob, id, phone, hers } = await rungOn(android);
    expect((await bob.delete(`/api/v2/devices?id=${phone}`)).status).toBe(204);
    const his = await startApp(bob);
    await his.next('call.ring');
    expect(codeOf(await his.ask({ type: 'call.accept', call_cid: `default:${id}` }))).toBe('ok');
    await hers.next('call.accepted');
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
  });

  it('another phone of the same user keeps its wake token', async () => {
    const [alice, bob] = await two();
    const [gone, kept] = [await android(bob, { hardware_id: 'one' }), await android(bob, { hardware_id: 'other' })];
    const { id } = await ring(alice, bob);
    const wake = await wakeTokenOf(kept);
    await pushed(gone, 'call.ring');
    await bob.delete(`/api/v2/devices?id=${gone}`);
    await pushed(gone, 'call.ended');
    expect((await withToken(wake)('POST', callPath(id, '/accept'), {})).status).toBe(200);
    await settled();
    expect(await pushedTypes(kept)).toEqual(['call.ring']);
  });

  it('it gets no second stop when the ring ends', async () => {
    const { bob, cid, phone, hers } = await rungOn(android);
    await bob.delete(`/api/v2/devices?id=${phone}`);
    await pushed(phone, 'call.ended');
    await hers.ask({ type: 'call.cancel', call_cid: cid });
    await settled();
    expect(await pushedTypes(phone)).toEqual(['call.ring', 'call.ended']);
  });

  it('its next user can be rung on it at once', async () => {
    const { phone } = await rungOn(android);
    const [dave, carol] = await two('dave', 'carol');
    await register(carol, { id: phone, push_provider: 'firebase' });
    await ring(dave, carol);
    await pushed(phone, 'call.ring', (keys) => keys['receiver_id'] === carol.id);
    await pushed(phone, 'call.ended', (keys) => keys['receiver_id'] !== carol.id);
  });
});

describe('a device that is removed while nothing rings', () => {
  it('is not pushed', async () => {
    const { alice, bob, id, phone } = await rungOn(android);
    await alice.post(callPath(id, '/mark_ended'));
    await pushed(phone, 'call.cancelled');
    await bob.delete(`/api/v2/devices?id=${phone}`);
    await settled();
    expect(await pushedTypes(phone)).toEqual(['call.ring', 'call.cancelled']);
  });
});

describe('a phone whose FCM token is rotated during a ring', () => {
  /** Bob's phone registers a new token while it rings. */
  async function rotated() {
    const scene = await rungOn((bob) => android(bob, { hardware_id: 'pixel' }));
    const fresh = await android(scene.bob, { hardware_id: 'pixel' });
    return { ...scene, fresh };
  }

  it('gets the stop of a cancelled ring at the new token', async () => {
    const { cid, hers, fresh } = await rotated();
    await hers.ask({ type: 'call.cancel', call_cid: cid });
    expect(await pushedKeys(fresh, 'call.cancelled')).toMatchObject({ call_cid: cid, notify: 'true' });
  });

  it('gets the stop of a call that was answered elsewhere at the new token', async () => {
    const { bob, id, fresh } = await rotated();
    await startApp(bob, { hardwareId: 'tablet' });
    await bob.post(callPath(id, '/accept'), { hardware_id: 'tablet' });
    expect(await pushedKeys(fresh, 'call.accepted')).toMatchObject({ reason: 'answered_elsewhere' });
  });

  it('gets the stop of a ring that was declined elsewhere at the new token', async () => {
    const { bob, id, fresh } = await rotated();
    await bob.post(callPath(id, '/reject'), { hardware_id: 'tablet' });
    expect(await pushedKeys(fresh, 'call.rejected')).toMatchObject({ reason: 'declined_elsewhere' });
  });

  it('gets a stop at the new token even if the old one has been removed', async () => {
    const { bob, cid, hers, phone, fresh } = await rotated();
    await bob.delete(`/api/v2/devices?id=${phone}`);
    await hers.ask({ type: 'call.cancel', call_cid: cid });
    const isStop = async () =>
      (await pushedTypes(fresh)).some((type) => type === 'call.cancelled' || type === 'call.ended');
    await eventually(isStop, 'a stop at the new token', PATIENCE_MS);
  });

  it('is not rung a second time', async () => {
    const { cid, hers, fresh } = await rotated();
    await hers.ask({ type: 'call.cancel', call_cid: cid });
    await pushed(fresh, 'call.cancelled');
    await settled();
    expect(await pushedTypes(fresh)).toEqual(['call.cancelled']);
  });
});
