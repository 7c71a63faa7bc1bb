import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { callPath, eventually, keysOf, person, pushes, pushOf, rest, ring } from '../support/people.ts';

const inject = (queue: string, body: string) =>
  rest().request('POST', `/_local/queues/${queue}/messages`, { body: { body } });
const queues = async () => (await rest().request('GET', '/_local/queues')).body.queues;

describe('a queue', () => {
  it('sets a malformed message aside and goes on with the others', async () => {
    for (const queue of ['deadline', 'greet', 'ring']) await inject(queue, '{"type":"nonsense"');
    const [alice, bob] = [await person('alice'), await person('bob')];
    const android = await bob.android();
    await ring(alice, bob);
    await pushOf(android, 'call.ring');
    const { ring: rings } = await queues();
    expect(rings.dead).toEqual([]);
    const isDead = async () => (await queues()).ring.dead.includes('{"type":"nonsense"');
    await eventually(isDead, 'the malformed message in the dead-letter queue', 60_000);
  }, 70_000);

  it('may deliver twice: nobody is pushed or told twice', async () => {
    await rest().request('POST', '/_local/queues', { body: { duplicate: true, shuffle: true } });
    try {
      const [alice, bob] = [await person('alice'), await person('bob')];
      const [android, second] = [await bob.android(), await bob.android()];
      const { id } = await ring(alice, bob);
      await pushOf(android, 'call.ring');
      await pushOf(second, 'call.ring');
      await bob.post(callPath(id, '/reject'));
      await pushOf(android, 'call.rejected');
      await eventually(
        async () =>
          Object.values<{ visible: number; in_flight: number }>(await queues()).every(
            (queue) => queue.visible + queue.in_flight <= 3,
          ),
        'quiet queues',
      );
      for (const token of [android, second]) {
        expect((await pushes(token)).map((push) => keysOf(push)['type'])).toEqual(['call.ring', 'call.rejected']);
      }
    } finally {
      await rest().request('POST', '/_local/queues', { body: { duplicate: false, shuffle: false } });
    }
  });
});

describe('the push services', () => {
  it('have had nothing to complain of', async () => {
    expect((await rest().request('GET', '/_local/violations')).body).toEqual({ violations: [] });
  });
});

describe('the logs', () => {
  it('hold no token, no SDP and no query string', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const android = await bob.android();
    const socket = await alice.connect();
    await socket.ask({
      type: 'call.ring',
      call_id: `log-${bob.id}`,
      members: [{ user_id: bob.id }],
      offer: { type: 'offer', sdp: 'v=0-secret-sdp' },
    });
    await pushOf(android, 'call.ring');
    await socket.close();
    const log = readFileSync('.cache/stack-log.txt', 'utf8');
    for (const secret of [alice.token, android, 'v=0-secret-sdp', '?token=', 'eyJ']) expect(log).not.toContain(secret);
  });
});
