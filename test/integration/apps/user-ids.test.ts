import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  android,
  answerOf,
  apnsToken,
  arrives,
  asServer,
  dial,
  memberIn,
  offer,
  pushedKeys,
  register,
  startApp,
  trickle,
} from '../../support/apps.ts';
import { callPath, connectWith, type Person, person, rest, ring, tokenWith, unique } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

/** A user with exactly this id. */
async function called(id: string): Promise<Person> {
  const token = await tokenWith({ user_id: id, name: 'Somebody' });
  const request = (method: string, path: string, body?: unknown) =>
    rest().request(method, path, { token, ...(body !== undefined && { body }) });
  return {
    ...(await person('unused')),
    id,
    token,
    get: (path) => request('GET', path),
    post: (path, body = {}) => request('POST', path, body),
    delete: (path) => request('DELETE', path),
  };
}

const hex = (digits: number): string => apnsToken().slice(0, digits);

/** New ids in the form that identity providers use. */
const IDS: readonly (readonly [string, () => string])[] = [
  ['Auth0', () => `auth0|${hex(24)}`],
  ['Google behind Auth0', () => `google-oauth2|${Date.now()}${hex(8)}`],
  ['an enterprise connection', () => `samlp|corp|${hex(6)}@example.com`],
  ['Cognito', () => `eu-central-1:${crypto.randomUUID()}`],
  ['Firebase', () => hex(28)],
  ['a mail address', () => `${hex(6)}.o_hara@mail.example.com`],
  ['a mail address with a tag', () => `a+${hex(6)}@example.com`],
  ['base64', () => `${hex(22)}==`],
  ['an LDAP name', () => `uid=${hex(6)}`],
  ['a tilde', () => `~${hex(6)}`],
  ['128 characters of all kinds', () => `${hex(20)}Zz09@._:|+=~-`.padEnd(128, '|')],
];

describe.each(IDS)('a user id of %s', (_, make) => {
  it('can be minted and connects', async () => {
    const id = make();
    const minted = await rest().request('POST', '/v1/api/callStreams', { body: { userId: id } });
    expect(minted).toMatchObject({ status: 200, body: { userId: id } });
    const socket = await connectWith(minted.body.token);
    expect(await socket.next('user.connected')).toMatchObject({ user: { id } });
    await socket.close();
  });

  it('rings and is rung, with signals both ways', async () => {
    const [caller, callee] = await Promise.all([called(make()), called(make())]);
    const phone = await android(callee);
    const [hers, his] = await Promise.all([startApp(caller), startApp(callee)]);
    const sent = offer();
    const { id, cid, answer } = await dial(hers, callee, { offer: sent });
    expect(answer).toMatchObject({ ok: true, call: { status: 'ringing', created_by: { id: caller.id } } });
    expect(await his.next('call.ring')).toMatchObject({ user: { id: caller.id } });
    expect(await his.next('sdp.offer')).toMatchObject({ sdp: sent.sdp, from_user_id: caller.id });
    expect(await pushedKeys(phone, 'call.ring')).toMatchObject({ created_by_id: caller.id, receiver_id: callee.id });
    await his.ask({ type: 'call.accept', call_cid: cid, answer: answerOf() });
    expect(await hers.next('call.accepted')).toMatchObject({ answered_by: { user_id: callee.id } });
    await arrives(his, await trickle(hers, cid, 'to', { target_user_id: callee.id }));
    await arrives(hers, await trickle(his, cid, 'back', { target_user_id: caller.id }));
    expect(
      (await callee.get('/api/v2/video/calls')).body.calls.map((one: { call: { id: string } }) => one.call.id),
    ).toEqual([id]);
    expect(await hers.ask({ type: 'call.end', call_cid: cid })).toMatchObject({ call: { ended_by: caller.id } });
  });

  it('can be named by the app’s backend', async () => {
    const [caller, callee] = await Promise.all([called(make()), called(make())]);
    const as = (who: Person) => `user_id=${encodeURIComponent(who.id)}`;
    const token = unique('fcm');
    const device = { id: token, push_provider: 'firebase', user_id: callee.id };
    expect((await asServer('POST', `/api/v2/devices?${as(callee)}`, device)).status).toBe(201);
    const id = unique('call');
    const made = await asServer('POST', `${callPath(id)}?${as(caller)}`, { members: [{ user_id: callee.id }] });
    expect(made).toMatchObject({ status: 201, body: { call: { created_by: { id: caller.id } } } });
    const rung = await asServer('POST', `${callPath(id, '/ring')}?${as(caller)}`, { member_ids: [callee.id] });
    expect(rung.body.call).toMatchObject({ status: 'ringing' });
    await pushedKeys(token, 'call.ring');
    expect((await asServer('GET', `/api/v2/video/calls?${as(callee)}`)).body.calls).toHaveLength(1);
    expect((await asServer('POST', `${callPath(id, '/reject')}?${as(callee)}`, {})).body.call.ended_by).toBe(callee.id);
  });

  it('may be the claim sub', async () => {
    const sub = make();
    const socket = await connectWith(await tokenWith({ sub }));
    expect(await socket.next('user.connected')).toMatchObject({ user: { id: sub } });
    await socket.close();
  });
});

describe('two ids that differ', () => {
  it.each([
    ['by case', (id: string) => [`a${id}`, `A${id}`]],
    ['by a separator', (id: string) => [`auth0|${id}`, `auth0:${id}`]],
    ['by a tag', (id: string) => [`a@${id}`, `a+x@${id}`]],
  ] as const)('%s are two users', async (_, make) => {
    const [one = '', other = ''] = make(hex(12));
    const [owner, stranger] = await Promise.all([called(one), called(other)]);
    await register(owner, { id: unique('fcm'), push_provider: 'firebase' });
    expect((await stranger.get('/api/v2/devices')).body.devices).toEqual([]);
    const caller = await person('caller');
    const { id } = await ring(caller, [owner, stranger]);
    expect(await memberIn(owner, id)).toMatchObject({ user_id: one });
    expect((await caller.get(callPath(id))).body.members).toHaveLength(3);
  });
});

describe('an invalid user id', () => {
  const isRefused = async (id: string): Promise<void> => {
    expect((await rest().request('POST', '/v1/api/callStreams', { body: { userId: id } })).status).toBe(400);
    const alice = await person('alice');
    const made = await alice.post(callPath(unique('call')), { members: [{ user_id: id }] });
    expect(made.body).toMatchObject({ status: 400, code: 'validation_failed' });
    const token = await tokenWith({ user_id: id });
    expect((await rest().request('GET', '/api/v2/devices', { token })).status).toBe(401);
  };

  it.each(['a b', 'a/b', 'a%7Cb', 'a#b', 'a?b', 'a&b', 'a,b', 'a\\b', 'a"b', 'ü@example.com', 'a\n', ''])(
    'is refused everywhere: %j',
    (id) => isRefused(id),
  );

  it('is refused everywhere: 129 characters', () => isRefused('x'.repeat(129)));
});
