import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callPath, eventually, keysOf, people, pushes, pushOf, rest, ring, script } from '../support/people.ts';

// Standard queues of SQS may deliver a message twice, and in any order. Here they always do.

const disorder = (is: boolean) => rest().request('POST', '/_local/queues', { body: { duplicate: is, shuffle: is } });
beforeAll(() => disorder(true));
afterAll(() => disorder(false));

/** Waits until every message about a ring, and every second delivery, has been processed. */
const ringQueueIsEmpty = () =>
  eventually(async () => {
    const { visible, in_flight, delayed } = (await rest().request('GET', '/_local/queues')).body.queues.ring;
    return visible + in_flight + delayed === 0;
  }, 'an empty ring queue');

describe('a message that is delivered twice', () => {
  it('causes one push to each phone, and one stop', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const phones = [await bob.android(), await bob.android()];
    const { id } = await ring(alice, bob);
    await Promise.all(phones.map((token) => pushOf(token, 'call.ring')));
    await bob.post(callPath(id, '/reject'));
    await Promise.all(phones.map((token) => pushOf(token, 'call.rejected')));
    await ringQueueIsEmpty();
    for (const token of phones) {
      expect((await pushes(token)).map((push) => keysOf(push)['type'])).toEqual(['call.ring', 'call.rejected']);
    }
  });

  it('causes one retry of a stop that failed', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const phone = await bob.android();
    await script(phone, { status: 200 }, { status: 503, reason: 'UNAVAILABLE' });
    const { id } = await ring(alice, bob);
    await pushOf(phone, 'call.ring');
    await alice.post(callPath(id, '/mark_ended'));
    await eventually(async () => (await pushes(phone)).length >= 3, 'the second attempt at the stop');
    await ringQueueIsEmpty();
    expect((await pushes(phone)).map(({ status }) => status)).toEqual([200, 503, 200]);
  });
});
