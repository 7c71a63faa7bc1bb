import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  android,
  callOf,
  dial,
  iphone,
  pushed,
  pushedKeys,
  pushedTypes,
  settled,
  startApp,
  two,
  wakeTokenOf,
  withToken,
} from '../../support/apps.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { callPath, eventually, type Person, pushes, script } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const phone = { hardware_id: 'phone' };

/** Apple reports the token as dead. */
const APPLE_DEAD = () => ({ status: 410, reason: 'Unregistered', timestamp: Date.now() + 60_000 });
const GOOGLE_DEAD = { status: 404, reason: 'UNREGISTERED' };
const BAD = { status: 400, reason: 'BadDeviceToken' };

/** Alice rings Bob; returns the call and the id of the ring. */
async function ringBob(alice: Person, bob: Person) {
  const hers = await startApp(alice);
  const call = await dial(hers, bob);
  const member = (call.answer['members'] as { user_id: string; ring_id: string }[]).find(
    ({ user_id }) => user_id === bob.id,
  );
  return { ...call, hers, ringId: member?.ring_id };
}

const isGone = (who: Person, token: string) =>
  eventually(
    async () => !(await who.get('/api/v2/devices')).body.devices.some(({ id }: { id: string }) => id === token),
    'the dead token to go',
    PATIENCE_MS,
  );

describe('the next token of a handset is pushed at once, in the same ring', () => {
  const CASES: readonly (readonly [string, (bob: Person) => Promise<{ bad: string; good: string }>])[] = [
    [
      'when the freshest PushKit token is dead: an older PushKit token',
      async (bob) => {
        const good = await iphone(bob, phone);
        const bad = await iphone(bob, phone);
        await script(bad, APPLE_DEAD());
        return { bad, good };
      },
    ],
    [
      'when the PushKit token has expired: the FCM token',
      async (bob) => {
        const good = await android(bob, phone);
        const bad = await iphone(bob, phone);
        await script(bad, { status: 410, reason: 'ExpiredToken', timestamp: Date.now() + 60_000 });
        return { bad, good };
      },
    ],
    [
      'when the only PushKit token is dead: the FCM token, though it is older',
      async (bob) => {
        const good = await android(bob, phone);
        const bad = await iphone(bob, phone);
        await script(bad, APPLE_DEAD());
        return { bad, good };
      },
    ],
    [
      'when the freshest FCM token is dead: an older FCM token',
      async (bob) => {
        const good = await android(bob, phone);
        const bad = await android(bob, phone);
        await script(bad, GOOGLE_DEAD);
        return { bad, good };
      },
    ],
    [
      'when Apple knows the token in neither environment',
      async (bob) => {
        const good = await iphone(bob, phone);
        const bad = await iphone(bob, phone);
        await script(bad, BAD, BAD);
        return { bad, good };
      },
    ],
    [
      'when Apple refuses the topic for good',
      async (bob) => {
        const good = await android(bob, phone);
        const bad = await iphone(bob, phone);
        await script(bad, { status: 400, reason: 'DeviceTokenNotForTopic' });
        return { bad, good };
      },
    ],
    [
      'when Google refuses the sender for good',
      async (bob) => {
        const good = await android(bob, phone);
        const bad = await android(bob, phone);
        await script(bad, { status: 403, reason: 'SENDER_ID_MISMATCH' });
        return { bad, good };
      },
    ],
    [
      'when a token proves dead only at its second attempt',
      async (bob) => {
        const good = await android(bob, phone);
        const bad = await android(bob, phone);
        await script(bad, { status: 503 }, GOOGLE_DEAD);
        return { bad, good };
      },
    ],
  ];

  it.each(CASES)('%s', async (_, register) => {
    const [alice, bob] = await two();
    const { bad, good } = await register(bob);
    const { cid, ringId, hers } = await ringBob(alice, bob);
    const tried = await pushedKeys(bad, 'call.ring');
    const keys = await pushedKeys(good, 'call.ring');
    expect(keys).toMatchObject({ call_cid: cid, ring_id: tried['ring_id'], receiver_id: bob.id });
    if (ringId !== undefined) expect(keys['ring_id']).toBe(ringId);
    await settled();
    expect(hers.heard('call.unreachable')).toEqual([]);
    expect((await pushes(good)).filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('and then the one after it, until a push succeeds', async () => {
    const [alice, bob] = await two();
    const [good, second, third] = [await android(bob, phone), await iphone(bob, phone), await iphone(bob, phone)];
    await script(second, APPLE_DEAD());
    await script(third, APPLE_DEAD());
    const { hers } = await ringBob(alice, bob);
    await pushed(good, 'call.ring');
    await Promise.all([isGone(bob, second), isGone(bob, third)]);
    await settled();
    expect(hers.heard('call.unreachable')).toEqual([]);
  });

  it('and its wake token answers the call', async () => {
    const [alice, bob] = await two();
    const good = await android(bob, phone);
    await script(await iphone(bob, phone), APPLE_DEAD());
    const { id, hers } = await ringBob(alice, bob);
    const woken = withToken(await wakeTokenOf(good));
    expect(await woken('POST', callPath(id, '/accept'), {})).toMatchObject({ status: 200 });
    await hers.next('call.accepted');
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
  });

  it('and it is the one that gets the stop', async () => {
    const [alice, bob] = await two();
    const good = await android(bob, phone);
    const bad = await android(bob, phone);
    await script(bad, GOOGLE_DEAD);
    const { cid, hers } = await ringBob(alice, bob);
    await pushed(good, 'call.ring');
    await hers.ask({ type: 'call.cancel', call_cid: cid });
    expect(await pushedKeys(good, 'call.cancelled')).toMatchObject({ notify: 'true' });
    await settled();
    expect(await pushedTypes(bad)).toEqual(['call.ring']);
  });
});

describe('the caller is told that nobody can be reached', () => {
  it('once, and only when every token of the handset is dead', async () => {
    const [alice, bob] = await two();
    const [one, other, last] = [await android(bob, phone), await iphone(bob, phone), await iphone(bob, phone)];
    await script(one, GOOGLE_DEAD);
    await script(other, APPLE_DEAD());
    await script(last, APPLE_DEAD());
    const { hers } = await ringBob(alice, bob);
    expect(await hers.next('call.unreachable')).toMatchObject({ user_id: bob.id, reason: 'all_tokens_dead' });
    for (const token of [one, other, last]) expect(await pushedTypes(token)).toEqual(['call.ring']);
    await settled();
    expect(hers.heard('call.unreachable')).toHaveLength(1);
    expect((await bob.get('/api/v2/devices')).body.devices).toEqual([]);
  });

  it('with push_rejected if one of the tokens was refused rather than dead', async () => {
    const [alice, bob] = await two();
    const [refused, dead] = [await android(bob, phone), await iphone(bob, phone)];
    await script(refused, { status: 400, reason: 'INVALID_ARGUMENT' });
    await script(dead, APPLE_DEAD());
    const { hers } = await ringBob(alice, bob);
    expect(await hers.next('call.unreachable')).toMatchObject({ user_id: bob.id, reason: 'push_rejected' });
    expect(await pushedTypes(refused)).toEqual(['call.ring']);
  });
});

describe('the next token of a handset is not pushed', () => {
  it('if the push service is only temporarily down', async () => {
    const [alice, bob] = await two();
    const next = await android(bob, phone);
    const first = await iphone(bob, phone);
    await script(first, { status: 503, reason: 'ServiceUnavailable' });
    const { cid, hers } = await ringBob(alice, bob);
    await eventually(async () => (await pushes(first)).at(-1)?.status === 200, 'the second attempt', PATIENCE_MS);
    await hers.ask({ type: 'call.cancel', call_cid: cid });
    await settled();
    expect(await pushedTypes(next)).not.toContain('call.ring');
  });

  it('if the first push succeeds', async () => {
    const [alice, bob] = await two();
    const [next, first] = [await android(bob, phone), await iphone(bob, phone)];
    const { cid, hers } = await ringBob(alice, bob);
    await pushed(first, 'call.ring');
    await hers.ask({ type: 'call.cancel', call_cid: cid });
    await settled();
    expect(await pushedTypes(next)).not.toContain('call.ring');
  });

  it('if the ring is over before the first token proves dead', async () => {
    const [alice, bob] = await two();
    const [next, first] = [await android(bob, phone), await android(bob, phone)];
    await script(first, { ...GOOGLE_DEAD, delay_ms: 1500 });
    const { cid, hers } = await ringBob(alice, bob);
    await pushed(first, 'call.ring');
    await hers.ask({ type: 'call.cancel', call_cid: cid });
    await isGone(bob, first);
    await settled();
    expect(await pushedTypes(next)).not.toContain('call.ring');
  });
});
