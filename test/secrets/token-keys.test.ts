import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Operator, operator, restartFunctions } from '../support/operator.ts';
import {
  callPath,
  connectWith,
  keysOf,
  type Person,
  people,
  person,
  pushOf,
  rest,
  ring,
  unique,
} from '../support/people.ts';

// Rotation of the token keys, in the steps that docs/deploy.md gives an operator.

type KeyRing = Record<string, string>;

let secrets: Operator;
/** The keys before the rotation, with the new key beside the old one, and without the old one. */
let first: KeyRing;
let both: KeyRing;
let second: KeyRing;

beforeAll(async () => {
  secrets = await operator();
  first = await secrets.read('TokenKeys');
  const k2 = randomBytes(48).toString('base64url');
  both = { ...first, current: 'k2', k2 };
  second = { current: 'k2', k2 };
});
afterAll(() => startWith(first));

/** Restarts the functions with these keys, so that they have no others in their caches. */
async function startWith(keys: KeyRing): Promise<void> {
  await secrets.put('TokenKeys', keys);
  await restartFunctions();
}

/** A login token, signed by the app's own backend. */
const tokenBy = (kid: string, userId: string): Promise<string> =>
  new SignJWT({ user_id: userId })
    .setProtectedHeader({ alg: 'HS256', kid })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(both[kid]));

const kidOf = (token: string) => decodeProtectedHeader(token).kid;
const as = (token: string) => ({
  get: (path: string) => rest().request('GET', path, { token }),
  post: (path: string, body: object = {}) => rest().request('POST', path, { token, body }),
});
const devices = async (token: string): Promise<number> => (await as(token).get('/api/v2/devices')).status;

/** Rings an Android phone of `callee`, and returns the ids of the call and the wake token of the push. */
async function wake(caller: Person, callee: Person): Promise<{ id: string; cid: string; wakeToken: string }> {
  const phone = await callee.android({ hardware_id: 'pixel' });
  const { id, cid } = await ring(caller, callee);
  return { id, cid, wakeToken: keysOf(await pushOf(phone, 'call.ring'))['wake_token'] ?? '' };
}

/** Opens a WebSocket and waits for its hello. */
async function connected(token: string) {
  const socket = await connectWith(token);
  return { socket, hello: await socket.next('user.connected') };
}

describe('a new key beside the old one', () => {
  it('is valid at once, and tokens of the old key stay valid', async () => {
    await startWith(first);
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const { socket: caller } = await connected(alice.token);
    const answered = await wake(alice, bob);
    const callToken = (await as(answered.wakeToken).post(callPath(answered.id, '/accept'))).body.call_token;
    const { socket: callee } = await connected(callToken);
    const ringing = await wake(await person('dave'), carol);
    expect([alice.token, callToken, ringing.wakeToken].map(kidOf)).toEqual(['k1', 'k1', 'k1']);

    await secrets.put('TokenKeys', both);

    const erin = await tokenBy('k2', unique('erin'));
    expect(await devices(erin)).toBe(200);
    await (await connected(erin)).socket.close();

    expect(await devices(alice.token)).toBe(200);
    await (await connected(carol.token)).socket.close();
    caller.send({ type: 'sdp.offer', call_cid: answered.cid, sdp: 'v=0' });
    expect(await callee.next('sdp.offer')).toMatchObject({ from_user_id: alice.id });
    expect((await as(ringing.wakeToken).post(callPath(ringing.id, '/accept'))).body.call.status).toBe('active');
    expect((await as(callToken).post(callPath(answered.id, '/leave'))).body.call.status).toBe('ended');
    await Promise.all([caller.close(), callee.close()]);
  });

  it('signs all new tokens', async () => {
    await startWith(both);
    const { body } = await rest().request('POST', '/v1/api/callStreams', { body: { userId: unique('erin') } });
    const { id, wakeToken } = await wake(...(await people('alice', 'bob')));
    const accepted = await as(wakeToken).post(callPath(id, '/accept'));
    const { socket, hello } = await connected(accepted.body.call_token);
    const minted = [body.token, wakeToken, accepted.body.call_token, String(hello['call_token'])];
    expect(minted.map(kidOf)).toEqual(['k2', 'k2', 'k2', 'k2']);
    expect(await devices(body.token)).toBe(200);
    await socket.close();
  });
});

describe('a key that was dropped', () => {
  it('makes its tokens invalid, and those of the new key stay valid', async () => {
    await startWith(first);
    const [alice, bob] = await people('alice', 'bob');
    const { socket } = await connected(alice.token);
    const { id, wakeToken } = await wake(alice, bob);

    await startWith(second);

    expect(await devices(alice.token)).toBe(401);
    expect((await as(wakeToken).get(callPath(id))).status).toBe(401);
    await expect(connectWith(alice.token)).rejects.toMatchObject({ status: 401 });
    const renewed = await tokenBy('k2', alice.id);
    expect(await devices(renewed)).toBe(200);
    await (await connected(renewed)).socket.close();
    const call = await socket.ask({ type: 'call.cancel', call_cid: `default:${id}` });
    expect(call).toMatchObject({ ok: true, call: { status: 'ended' } });
    await socket.close();
  });
});
