import { describe, expect, it } from 'vitest';
import { leaksIn } from '../support/leaks.ts';
import {
  callPath,
  connectWith,
  eventually,
  keysOf,
  people,
  pushes,
  pushOf,
  rest,
  ring,
  script,
} from '../support/people.ts';
import { stackLog } from '../support/stack-log.ts';

const inject = (queue: string, body: string) =>
  rest().request('POST', `/_local/queues/${queue}/messages`, { body: { body } });
const queues = async () => (await rest().request('GET', '/_local/queues')).body.queues;

/** Waits until the queues are almost empty: other tests use them, too. */
const quietQueues = () =>
  eventually(
    async () =>
      Object.values<{ visible: number; in_flight: number }>(await queues()).every(
        (queue) => queue.visible + queue.in_flight <= 3,
      ),
    'quiet queues',
  );

describe('a queue', () => {
  it('moves a malformed message to the dead-letter queue, and processes the others meanwhile', async () => {
    for (const queue of ['deadline', 'hello', 'ring']) await inject(queue, '{"type":"nonsense"');
    const [alice, bob] = await people('alice', 'bob');
    const android = await bob.android();
    await ring(alice, bob);
    await pushOf(android, 'call.ring');
    const { ring: rings } = await queues();
    expect(rings.dead).toEqual([]);
    const isDead = async () => (await queues()).ring.dead.includes('{"type":"nonsense"');
    await eventually(isDead, 'the malformed message in the dead-letter queue', 90_000);
  });

  it('may deliver a message twice: no push is sent twice', async () => {
    await rest().request('POST', '/_local/queues', { body: { duplicate: true, shuffle: true } });
    try {
      const [alice, bob] = await people('alice', 'bob');
      const [android, second] = [await bob.android(), await bob.android()];
      const { id } = await ring(alice, bob);
      await pushOf(android, 'call.ring');
      await pushOf(second, 'call.ring');
      await bob.post(callPath(id, '/reject'));
      await pushOf(android, 'call.rejected');
      await quietQueues();
      // A stop that has to be retried is sent once more, not twice.
      const [retried, phone] = await people('retried', 'caller');
      const slow = await retried.android();
      await script(slow, { status: 200 }, { status: 503, reason: 'UNAVAILABLE' });
      const rung = await ring(phone, retried);
      await pushOf(slow, 'call.ring');
      await phone.post(callPath(rung.id, '/mark_ended'));
      await eventually(async () => (await pushes(slow)).length >= 3, 'the second attempt at the stop');
      await quietQueues();
      expect((await pushes(slow)).map(({ status }) => status)).toEqual([200, 503, 200]);
      for (const token of [android, second]) {
        expect((await pushes(token)).map((push) => keysOf(push)['type'])).toEqual(['call.ring', 'call.rejected']);
      }
    } finally {
      await rest().request('POST', '/_local/queues', { body: { duplicate: false, shuffle: false } });
    }
  });
});

describe('the push services', () => {
  it('have received nothing that breaks their rules', async () => {
    expect((await rest().request('GET', '/_local/violations')).body).toEqual({ violations: [] });
  });
});

describe('the logs', () => {
  it('hold no secret from what is sent, even if it is invalid or fails', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const sdp = 'v=0\r\no=- 4611731400430051336 2 IN IP4 192.0.2.7\r\ns=-\r\n';
    const candidate = 'candidate:842163049 1 udp 1677729535 192.0.2.7 54400 typ srflx';
    const [android, iphone] = [await bob.android(), await bob.iphone()];
    await script(android, { drop: true });
    await script(iphone, { status: 500, reason: 'InternalServerError' }, { drop: true });
    const socket = await alice.connect({ hardwareId: 'the-handset-of-alice' });
    const ringing = { type: 'call.ring', members: [{ user_id: bob.id }], offer: { type: 'offer', sdp } };
    await socket.ask({ ...ringing, call_id: `log-${bob.id}`, custom: { topic: 'the-topic-of-this-call' } });
    await alice.post(callPath(`log-${bob.id}`, '/ice'), { candidate, sdpMid: '0', sdpMLineIndex: 0 });
    for (const token of [android, iphone]) await pushOf(token, 'call.ring');
    await socket.ask({ ...ringing, call_id: 7 });
    await rest().request('POST', callPath('nonsense'), { token: alice.token, body: `{"sdp":"${sdp}` });
    await expect(connectWith(`${alice.token}x`)).rejects.toMatchObject({ status: 401 });
    await socket.close();

    const failed = () => stackLog().split('"message failed"').length;
    const before = failed();
    await inject('ring', `{"type":"ring","wake_token":"${alice.token}`);
    await inject('ring', JSON.stringify({ type: 'ring', cid: 7, wake_token: alice.token, sdp, candidate }));
    await eventually(async () => failed() >= before + 2, 'both messages to fail');
    const sent = [alice.token, android, iphone, sdp, candidate, 'the-handset-of-alice', 'the-topic-of-this-call'];
    expect(leaksIn(stackLog(), sent)).toEqual([]);
  });
});
