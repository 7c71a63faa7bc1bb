import { describe, expect, it } from 'vitest';
import { leaksIn } from '../support/leaks.ts';
import { callPath, connectWith, eventually, LONG_RING, people, pushOf, rest, ring, script } from '../support/people.ts';
import { stackLog } from '../support/stack-log.ts';

const inject = (queue: string, body: string) =>
  rest().request('POST', `/_local/queues/${queue}/messages`, { body: { body } });
const queues = async () => (await rest().request('GET', '/_local/queues')).body.queues;

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
    const ringing = { type: 'call.ring', members: [{ user_id: bob.id }], offer: { type: 'offer', sdp }, ...LONG_RING };
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
