import { describe, expect, it } from 'vitest';
import { callPath, connectWith, person, pushOf, ring, script } from '../support/people.ts';
import { figuresOf, someFigures } from '../support/stack-log.ts';

describe('the figures of a ring', () => {
  it('are one ring, one push that was taken, and how long that took', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const android = await bob.android();
    const { id, cid } = await ring(alice, bob);
    await pushOf(android, 'call.ring');
    await bob.post(callPath(id, '/reject'));
    const attempts = await someFigures('PushAttempts', 2, cid);
    expect(attempts.map(({ fields }) => [fields['push'], fields['provider'], fields['outcome']])).toEqual([
      ['ring', 'firebase', 'accepted'],
      ['stop', 'firebase', 'accepted'],
    ]);
    expect(await someFigures('MembersRung', 1, cid)).toHaveLength(1);
    const [took, ...more] = await someFigures('RingToPush', 1, cid);
    expect(more).toEqual([]);
    expect(took).toMatchObject({ unit: 'Milliseconds', fields: { stage: 'test', provider: 'firebase' } });
    expect(took?.value).toBeGreaterThan(0);
    expect(took?.value).toBeLessThan(5000);
  });

  it('stay apart, however many rings are worked at once', async () => {
    const alices = await Promise.all(['alice', 'ann', 'amy'].map(person));
    const bobs = await Promise.all(['bob', 'ben', 'bill'].map(person));
    await Promise.all(bobs.flatMap((bob) => [bob.android(), bob.iphone()]));
    const rings = await Promise.all(alices.map((alice, i) => ring(alice, bobs[i] ?? alice)));
    for (const { cid } of rings) {
      const took = await someFigures('RingToPush', 2, cid);
      expect(took.map(({ fields }) => fields['provider']).toSorted()).toEqual(['apn', 'firebase']);
    }
  });

  it('count the wait for a push service that fails, and say what it answered', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const android = await bob.android();
    await script(android, { status: 503, reason: 'UNAVAILABLE' });
    const { cid } = await ring(alice, bob);
    const attempts = await someFigures('PushAttempts', 2, cid);
    expect(attempts.map(({ fields }) => fields)).toMatchObject([
      { outcome: 'unavailable', status: 503, reason: 'UNAVAILABLE', attempt: 1 },
      { outcome: 'accepted', attempt: 2 },
    ]);
    const [took] = await someFigures('RingToPush', 1, cid);
    expect(took?.value).toBeGreaterThan(500);
  });

  it('tell of a callee who cannot be reached, and why', async () => {
    const [alice, bob, carol, dora] = await Promise.all(['alice', 'bob', 'carol', 'dora'].map(person));
    if (!alice || !bob || !carol || !dora) throw new Error('somebody is missing');
    await script(await bob.android(), { status: 404, reason: 'UNREGISTERED' });
    await script(await carol.iphone(), { status: 400, reason: 'DeviceTokenNotForTopic' });
    const { cid } = await ring(alice, [bob, carol, dora]);
    const unreachable = await someFigures('CalleesUnreachable', 3, cid);
    expect(unreachable.map(({ fields }) => fields['reason']).toSorted()).toEqual([
      'all_tokens_dead',
      'no_devices',
      'push_rejected',
    ]);
    const outcomes = figuresOf('PushAttempts', cid).map(({ fields }) => fields['outcome']);
    expect(outcomes.toSorted()).toEqual(['dead_token', 'refused']);
    expect(figuresOf('RingToPush', cid)).toEqual([]);
  });

  it('tell of a phone that could not be silenced', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const android = await bob.android();
    const { id, cid } = await ring(alice, bob);
    await pushOf(android, 'call.ring');
    await script(android, { status: 403, reason: 'SENDER_ID_MISMATCH' });
    await bob.post(callPath(id, '/reject'));
    const [failed] = await someFigures('StopsFailed', 1, cid);
    expect(failed?.fields).toMatchObject({ stage: 'test' });
  });
});

it('counts a WebSocket that is refused for its token', async () => {
  const before = figuresOf('ConnectionsRefused').length;
  await expect(connectWith('nonsense')).rejects.toMatchObject({ status: 401 });
  const refused = await someFigures('ConnectionsRefused', before + 1);
  expect(refused.map(({ fields }) => fields['reason'])).toContain('malformed');
});
