import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../bench/local-stack.ts';
import { callPath, eventually, LONG_RING, unique } from '../../support/people.ts';
import { api, openSocket, type Socket } from '../../support/raw-client.ts';

// Not checked against the documents: these sockets also get what API Gateway says itself.
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ CARILLON_STAGE: 'test' });
});
afterAll(() => stack.stop());
afterEach(() => limit(null));

const local = async (method: string, path: string, body?: unknown) =>
  (await api(stack.url).request(method, `/_local/${path}`, { body })).body;
const limit = (most: number | null) => local('POST', 'account', { concurrent_executions: most });

/** Somebody of this stack with an Android phone. */
async function somebody(name: string) {
  const id = unique(name);
  const { token } = await local('POST', 'tokens', { claims: { user_id: id } });
  const phone = unique('fcm').padEnd(64, 'x');
  const body = { id: phone, push_provider: 'firebase' };
  expect((await api(stack.url).request('POST', '/api/v2/devices', { token, body })).status).toBe(201);
  const address = `${stack.url}/ws?token=${encodeURIComponent(token)}`;
  const connect = async (): Promise<Socket> => {
    const socket = await openSocket(address);
    await socket.next('user.connected');
    return socket;
  };
  return { id, token, phone, address, connect };
}

const isRung = (phone: string) =>
  eventually(async () => (await local('GET', `pushes?token=${phone}`)).pushes.length > 0, `the push to ${phone}`);

/** The candidates that came to somebody. */
const arrived = ({ frames }: Socket): unknown[] =>
  frames.filter(({ type }) => type === 'ice.candidate').map((frame) => frame['candidate']);

it('rings and connects two in an account that runs ten functions at once, whose apps send again what was lost', async () => {
  const [alice, bob] = [await somebody('alice'), await somebody('bob')];
  await limit(10);
  const hers = await alice.connect();
  const id = unique('call');
  const call_cid = `default:${id}`;
  hers.send({
    type: 'call.ring',
    call_id: id,
    members: [{ user_id: bob.id }],
    offer: { type: 'offer', sdp: 'v=0 offer' },
  });
  await isRung(bob.phone);
  const his = await bob.connect();
  await his.next('call.ring');
  expect((await his.ask({ type: 'call.accept', call_cid })).type).toBe('response');
  await hers.next('call.accepted');
  his.send({ type: 'sdp.answer', call_cid, sdp: 'v=0 answer' });
  await Promise.all([his.next('sdp.offer'), hers.next('sdp.answer')]);
  // Both trickle at once, more than the account takes. What was lost is sent again until it is there.
  const sent = Array.from({ length: 12 }, (_, i) => `candidate:${i}`);
  const missing = (at: Socket): string[] => sent.filter((candidate) => !arrived(at).includes(candidate));
  const trickle = (from: Socket, to: Socket): void => {
    for (const candidate of missing(to)) {
      from.send({ type: 'ice.candidate', call_cid, candidate, sdpMid: '0', sdpMLineIndex: 0 });
    }
  };
  await eventually(async () => {
    trickle(hers, his);
    trickle(his, hers);
    await new Promise((resolve) => setTimeout(resolve, 500));
    return missing(hers).length + missing(his).length === 0;
  }, 'all candidates');
  const { most, throttled } = await local('GET', 'account');
  expect(most).toBe(10);
  expect(throttled.signal).toBeGreaterThan(0);
  await Promise.all([hers.close(), his.close()]);
});

describe('an account that has no function left', () => {
  it('answers as API Gateway does: requests and upgrades with 500, frames with an error of its own', async () => {
    const alice = await somebody('alice');
    const hers = await alice.connect();
    await limit(0);
    const { status, body } = await api(stack.url).request('GET', '/health');
    expect([status, body]).toEqual([500, { message: 'Internal Server Error' }]);
    await expect(openSocket(alice.address)).rejects.toMatchObject({ status: 500 });
    hers.send({ type: 'call.end', call_cid: 'default:none' });
    const said = () => hers.frames.find((frame) => frame['message'] === 'Internal server error');
    expect(await eventually(async () => said(), 'the error')).toMatchObject({ connectionId: expect.any(String) });
    expect((await local('GET', 'account')).throttled).toMatchObject({ http: 1, connection: 1, command: 1 });
    await hers.close();
  });

  it('returns messages to their queue, and the phone rings once there are functions again', async () => {
    const [alice, bob] = [await somebody('alice'), await somebody('bob')];
    // The function that takes the request is the only one, so the message finds none left as a rule.
    await limit(1);
    const path = callPath(unique('call'));
    const body = { members: [{ user_id: bob.id }], ring: true, ...LONG_RING };
    const place = () => api(stack.url).request('POST', path, { token: alice.token, body });
    await eventually(async () => (await place()).status < 300, 'a call');
    await limit(null);
    await isRung(bob.phone);
  });

  it('spends the receives of a message that nobody takes', async () => {
    await limit(0);
    await local('POST', 'queues/deadline/messages', { body: 'for nobody' });
    await eventually(async () => (await local('GET', 'account')).throttled.deadline >= 2, 'a second receive');
    expect((await local('GET', 'queues')).queues.deadline.dead).toEqual([]);
  });
});
