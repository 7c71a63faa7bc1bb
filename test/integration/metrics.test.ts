import { describe, expect, it } from 'vitest';
import { callPath, connectWith, people, pushOf, ring, script, scriptAll } from '../support/people.ts';
import { figuresOf, someFigures } from '../support/stack-log.ts';

describe('the metrics of a ring', () => {
  it('are one ring, one accepted push, and the time until it was accepted', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const android = await bob.android();
    const { id, cid, answer } = await ring(alice, bob);
    const push = await pushOf(android, 'call.ring');
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
    // FCM received the push before it answered, and the function had the answer before it logged this.
    const rungAt = Date.parse(answer.body.call.created_at);
    expect(took?.value).toBeGreaterThanOrEqual(Date.parse(push.at) - rungAt);
    expect(took?.value).toBeLessThanOrEqual(Date.now() - rungAt);
  });

  it('are kept apart if several rings are processed at once', async () => {
    const alices = await people('alice', 'ann', 'amy');
    const bobs = await people('bob', 'ben', 'bill');
    await Promise.all(bobs.flatMap((bob) => [bob.android(), bob.iphone()]));
    const rings = await Promise.all(alices.map((alice, i) => ring(alice, bobs[i] ?? alice)));
    for (const { cid } of rings) {
      const took = await someFigures('RingToPush', 2, cid);
      expect(took.map(({ fields }) => fields['provider']).toSorted()).toEqual(['apn', 'firebase']);
    }
  });

  it('include the wait for a push service that fails, and its answer', async () => {
    const [alice, bob] = await people('alice', 'bob');
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

  it('count callees who cannot be reached, and say why', async () => {
    const [alice, bob, carol, dora] = await people('alice', 'bob', 'carol', 'dora');
    await scriptAll(await bob.android(), { status: 404, reason: 'UNREGISTERED' });
    await scriptAll(await carol.iphone(), { status: 400, reason: 'DeviceTokenNotForTopic' });
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

  it('count a phone that could not be silenced', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const android = await bob.android();
    const { id, cid } = await ring(alice, bob);
    await pushOf(android, 'call.ring');
    await scriptAll(android, { status: 403, reason: 'SENDER_ID_MISMATCH' });
    await bob.post(callPath(id, '/reject'));
    const [failed] = await someFigures('StopsFailed', 1, cid);
    expect(failed?.fields).toMatchObject({ stage: 'test' });
  });
});

it('counts a WebSocket that is refused because of its token', async () => {
  const before = figuresOf('ConnectionsRefused').length;
  await expect(connectWith('nonsense')).rejects.toMatchObject({ status: 401 });
  const refused = await someFigures('ConnectionsRefused', before + 1);
  expect(refused.map(({ fields }) => fields['reason'])).toContain('malformed');
});
