import { expect, it } from 'vitest';
import { callPath, connectWith, pushOf, rest, tokenWith, unique } from '../support/people.ts';

// Ids as identity providers and mail addresses have them, everywhere that an id enters.

const as = async (id: string, method: string, path: string, body?: object) =>
  rest().request(method, path, { token: await tokenWith({ sub: id, name: 'N' }), ...(body && { body }) });

it('rings and talks to users of any ids, and never mixes them up', async () => {
  const name = unique('bob');
  const alice = `auth0|${unique('5f7c')}`;
  const ids = [name, `${name}~x`, `${name}|1`, `a+${name}@c.d`, `${name}=`];
  const tokens = new Map<string, string>();
  for (const id of ids) {
    const token = unique('token');
    tokens.set(id, token);
    const body = { id: token, push_provider: 'firebase', user_id: id };
    expect((await as(id, 'POST', '/api/v2/devices', body)).status).toBe(201);
  }
  const sockets = new Map(
    await Promise.all(ids.map(async (id) => [id, await connectWith(await tokenWith({ user_id: id }))] as const)),
  );
  for (const socket of sockets.values()) await socket.next('user.connected');
  for (const id of ids) {
    expect((await as(id, 'GET', '/api/v2/devices')).body.devices).toMatchObject([{ id: tokens.get(id), user_id: id }]);
    const call = callPath(unique('call'));
    const offer = { type: 'offer', sdp: `v=0 for ${ids.indexOf(id)}` };
    const rung = await as(alice, 'POST', call, { members: [{ user_id: id }], ring: true, offer });
    expect(rung.body.members).toMatchObject([{ user_id: alice }, { user_id: id, state: 'ringing' }]);
    const push = await pushOf(tokens.get(id) ?? '', 'call.ring');
    expect(push.body.message.data).toMatchObject({ receiver_id: id, created_by_id: alice });
    const socket = sockets.get(id);
    expect(await socket?.next('call.ring')).toMatchObject({ user: { id: alice } });
    expect(await socket?.next('sdp.offer')).toMatchObject({ sdp: offer.sdp });
    expect((await as(id, 'POST', `${call}/reject`, {})).body).toMatchObject({
      call: { ended_reason: 'rejected', ended_by: id },
    });
    expect((await as(id, 'GET', '/api/v2/video/calls')).body.calls).toHaveLength(1);
  }
  for (const socket of sockets.values()) {
    expect(socket.frames.filter(({ type }) => type === 'sdp.offer')).toHaveLength(1);
    await socket.close();
  }
});

it('reads a user id in a query as it was encoded: an unencoded + is a space', async () => {
  const id = `a+${unique('b')}@example.com`;
  expect((await as(id, 'POST', '/api/v2/devices', { id: unique('t'), push_provider: 'firebase' })).status).toBe(201);
  const token = await tokenWith({ role: 'server' });
  const list = (query: string) => rest().request('GET', `/api/v2/devices?user_id=${query}`, { token });
  for (const encoded of [encodeURIComponent(id), id.replace('+', '%2B'), id.replace('+', '%2b')])
    expect((await list(encoded)).body.devices).toHaveLength(1);
  const refused = await list(id);
  expect(refused.body).toMatchObject({ status: 400, code: 'validation_failed', errors: [{ path: 'user_id' }] });
  expect(refused.body.detail).toContain('+');
  expect((await list('__proto__')).body).toMatchObject({ status: 400, errors: [{ path: 'user_id' }] });
  expect((await list('')).body).toMatchObject({ status: 400, errors: [{ path: 'user_id' }] });
});
