import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  android,
  apnsToken,
  asServer,
  iphone,
  ordinary,
  pushed,
  pushedTypes,
  register,
  settled,
  two,
} from '../../support/apps.ts';
import { callPath, keysOf, type Person, person, pushes, ring, unique } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const voip = (id: string, extra: object = {}) => ({ id, push_provider: 'apn', voip_token: true, ...extra });
const idsOf = async (who: Person): Promise<string[]> =>
  (await who.get('/api/v2/devices')).body.devices.map(({ id }: { id: string }) => id);

/** Every other letter of a token in upper case. */
const mixed = (token: string): string => [...token].map((one, i) => (i % 2 ? one.toUpperCase() : one)).join('');
const SPELLINGS = [
  ['upper case', (token: string) => token.toUpperCase()],
  ['mixed case', mixed],
] as const;

/** A token that has letters, so that its upper case differs. */
const token = (): string => `ab${apnsToken().slice(2)}`;

describe.each(SPELLINGS)('an APNs token in %s', (_, spelt) => {
  it('is kept in lower case and is one device', async () => {
    const bob = await person('bob');
    const id = token();
    const first = await bob.post('/api/v2/devices', voip(spelt(id)));
    expect(first).toMatchObject({ status: 201, body: { device: { id } } });
    expect((await bob.post('/api/v2/devices', voip(id))).status).toBe(200);
    expect((await bob.post('/api/v2/devices', voip(spelt(id)))).status).toBe(200);
    expect(await idsOf(bob)).toEqual([id]);
  });

  it('is pushed once', async () => {
    const [alice, bob] = await two();
    const id = token();
    await register(bob, voip(id));
    await register(bob, voip(spelt(id)));
    const call = await ring(alice, bob);
    await pushed(id, 'call.ring');
    await alice.post(callPath(call.id, '/mark_ended'));
    await settled();
    expect(await pushedTypes(id)).toEqual(['call.ring']);
    expect(await pushes(spelt(id))).toEqual([]);
  });

  it('moves to the user who registers it last, and rings only for them', async () => {
    const [alice, bob] = await two();
    const carol = await person('carol');
    const id = token();
    await register(bob, voip(id));
    expect((await carol.post('/api/v2/devices', voip(spelt(id)))).status).toBe(201);
    expect(await idsOf(bob)).toEqual([]);
    expect(await idsOf(carol)).toEqual([id]);
    await ring(alice, bob);
    const caller = await person('caller');
    await ring(caller, carol);
    await pushed(id, 'call.ring');
    await settled();
    expect((await pushes(id)).map((push) => keysOf(push)['receiver_id'])).toEqual([carol.id]);
    expect(await pushes(spelt(id))).toEqual([]);
  });

  it('can be removed by any spelling', async () => {
    const bob = await person('bob');
    const id = await register(bob, voip(token()));
    expect((await bob.delete(`/api/v2/devices?id=${spelt(id)}`)).status).toBe(204);
    expect(await idsOf(bob)).toEqual([]);
  });

  it('gets one missed-call notice if it is an ordinary token', async () => {
    const [alice, bob] = await two();
    const id = token();
    await register(bob, { id, push_provider: 'apn' });
    await register(bob, { id: spelt(id), push_provider: 'apn' });
    const call = await ring(alice, bob);
    await alice.post(callPath(call.id, '/mark_ended'));
    await pushed(id, 'call.missed');
    await settled();
    expect(await pushedTypes(id)).toEqual(['call.missed']);
    expect(await pushes(spelt(id))).toEqual([]);
  });
});

describe('an FCM token', () => {
  it('is case-sensitive', async () => {
    const bob = await person('bob');
    const id = unique('fCm:APA91b');
    await register(bob, { id, push_provider: 'firebase' });
    expect((await bob.post('/api/v2/devices', { id: id.toLowerCase(), push_provider: 'firebase' })).status).toBe(201);
    expect(await idsOf(bob)).toEqual([id.toLowerCase(), id]);
  });

  it('may look like a real one', async () => {
    const bob = await person('bob');
    const real = `d${unique('Xy_z-9')}:APA91bH${'x_Y-'.repeat(33)}`;
    for (const id of [real, 'x'.repeat(4096), unique('~!*'), 'a'])
      expect((await bob.post('/api/v2/devices', { id, push_provider: 'firebase' })).status).toBeLessThan(300);
  });
});

describe('an invalid token is refused with a helpful message', () => {
  const fcm = `dXyz9:APA91bH${'x_Y-'.repeat(33)}`;
  const INVALID_APNS_TOKENS = [
    ['(null)', '(null)'],
    ['undefined', 'undefined'],
    ['null', 'null'],
    ['nil', 'nil'],
    ['the description of NSData', `<${'a1b2c3d4 '.repeat(8).trim()}>`],
    ['the description of NSData without spaces', `<${'a1b2c3d4'.repeat(8)}>`],
    ['the new description of NSData', '{length=32,bytes=0xa1b2c3d4...a1b2c3d4}'],
    ['an object', '[object Object]'],
    ['an FCM token', fcm],
    ['base64', Buffer.from(apnsToken(), 'hex').toString('base64')],
    ['hexadecimal after 0x', `0x${apnsToken()}`],
    ['hexadecimal with colons', apnsToken().match(/../g)?.join(':') ?? ''],
    ['63 digits', 'a'.repeat(63)],
    ['201 digits', 'a'.repeat(201)],
    ['a digit that is none', `g${'a'.repeat(63)}`],
    ['a line break at its end', `${'a'.repeat(64)}\n`],
    ['nothing', ''],
  ] as const;

  describe.each([
    ['PushKit', { push_provider: 'apn', voip_token: true }],
    ['APNs', { push_provider: 'apn' }],
  ])('as %s', (_, device) => {
    it.each(INVALID_APNS_TOKENS)('%s', async (_name, id) => {
      const bob = await person('bob');
      const { body } = await bob.post('/api/v2/devices', { id, ...device });
      expect(body).toMatchObject({ status: 400, code: 'validation_failed' });
      const error = body.errors.find(({ path }: { path: string }) => path === 'id');
      expect(error.message).toMatch(/hex/i);
      expect(await idsOf(bob)).toEqual([]);
    });
  });

  it.each([
    ['(null)', '(null)'],
    ['null', 'null'],
    ['undefined', 'undefined'],
    ['nil', 'nil'],
    ['<null>', '<null>'],
    ['the description of NSData', '<a1b2c3d4>'],
    ['an object', '[object Object]'],
    ['two words', 'a token'],
    ['a space before it', ' token'],
    ['a line break behind it', 'token\n'],
    ['other letters than ASCII', 'tökën'],
    ['nothing', ''],
    ['4097 characters', 'x'.repeat(4097)],
  ])('as FCM: %s', async (_, id) => {
    const bob = await person('bob');
    const { body } = await bob.post('/api/v2/devices', { id, push_provider: 'firebase' });
    expect(body).toMatchObject({ status: 400, code: 'validation_failed' });
    const error = body.errors.find(({ path }: { path: string }) => path === 'id');
    expect(error.message.length).toBeGreaterThan(10);
    expect(await idsOf(bob)).toEqual([]);
  });

  it('also if it comes from the app’s backend', async () => {
    const bob = await person('bob');
    const answer = await asServer('POST', `/api/v2/devices?user_id=${bob.id}`, voip('(null)'));
    expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed' });
    expect(await idsOf(bob)).toEqual([]);
  });

  it('and takes no token away from its user', async () => {
    const [alice, bob] = await two();
    const kept = [await iphone(bob), await android(bob), await ordinary(bob)];
    expect((await alice.post('/api/v2/devices', voip(`<${kept[0]}>`))).status).toBe(400);
    expect((await idsOf(bob)).toSorted()).toEqual(kept.toSorted());
  });

  it.each([64, 128, 160, 200])('but an APNs token of %d digits is accepted', async (length) => {
    const bob = await person('bob');
    const id = apnsToken().repeat(4).slice(0, length);
    expect((await bob.post('/api/v2/devices', voip(id))).status).toBe(201);
    expect(await idsOf(bob)).toEqual([id]);
  });
});
