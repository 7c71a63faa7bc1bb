import { describe, expect, it } from 'vitest';
import { keysOf, people, person, pushes, pushOf, rest, ring, tokenWith, unique } from '../support/people.ts';

describe('devices', () => {
  it('are created by the first registration and refreshed by the next ones', async () => {
    const bob = await person('bob');
    const id = unique('token');
    const body = { id, push_provider: 'apn', voip_token: true, hardware_id: 'h', app_version: '1.0', sandbox: true };
    const first = await bob.post('/api/v2/devices', body);
    expect(first.status).toBe(201);
    expect(first.body.device).toMatchObject({ ...body, push_provider_name: 'default', user_id: bob.id });
    expect((await bob.post('/api/v2/devices', { ...body, app_version: '2.0' })).status).toBe(200);
    expect((await bob.get('/api/v2/devices')).body.devices).toMatchObject([{ id, app_version: '2.0' }]);
  });

  it('are listed newest first, and may be removed twice', async () => {
    const bob = await person('bob');
    const [first, second] = [await bob.android(), await bob.android()];
    expect((await bob.get('/api/v2/devices')).body.devices.map(({ id }: { id: string }) => id)).toEqual([
      second,
      first,
    ]);
    expect((await bob.delete(`/api/v2/devices?id=${first}`)).status).toBe(204);
    expect((await bob.delete(`/api/v2/devices?id=${first}`)).status).toBe(204);
    expect((await bob.get('/api/v2/devices')).body.devices).toHaveLength(1);
  });

  it('ring only for the user who registered the token last', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const token = await bob.android();
    expect((await carol.post('/api/v2/devices', { id: token, push_provider: 'firebase' })).status).toBe(201);
    expect((await bob.get('/api/v2/devices')).body.devices).toEqual([]);
    await ring(alice, bob);
    await ring(alice, carol);
    expect(keysOf(await pushOf(token, 'call.ring'))).toMatchObject({ receiver_id: carol.id });
    expect(await pushes(token)).toHaveLength(1);
  });

  it('are at most twenty-five a user; the least recently refreshed one is dropped', async () => {
    const bob = await person('bob');
    const tokens: string[] = [];
    for (let i = 0; i < 26; i += 1) tokens.push(await bob.android());
    const kept = (await bob.get('/api/v2/devices')).body.devices.map(({ id }: { id: string }) => id);
    expect(kept).toEqual(tokens.slice(1).toReversed());
  });

  it('belong to one user even if several register the token at once', async () => {
    const users = await people('a', 'b', 'c', 'd');
    const id = unique('contested');
    await Promise.all(users.map((user) => user.post('/api/v2/devices', { id, push_provider: 'firebase' })));
    const owners = await Promise.all(
      users.map(async (user) => (await user.get('/api/v2/devices')).body.devices.length),
    );
    expect(owners.toSorted()).toEqual([0, 0, 0, 1]);
  });

  it.each([
    [{}, 'id'],
    [{ id: '', push_provider: 'firebase' }, 'id'],
    [{ id: 'x'.repeat(4097), push_provider: 'firebase' }, 'id'],
    [{ id: 'x y', push_provider: 'firebase' }, 'id'],
    [{ id: 'x', push_provider: 'pigeon' }, 'push_provider'],
    [{ id: 'x', push_provider: 'apn', voip_token: 'yes' }, 'voip_token'],
    [{ id: 'x', push_provider: 'apn', hardware_id: 'x'.repeat(65) }, 'hardware_id'],
  ])('cannot be registered by %j, and the error names %s', async (body, path) => {
    const bob = await person('bob');
    const answer = await bob.post('/api/v2/devices', body);
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('validation_failed');
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect((await bob.get('/api/v2/devices')).body.devices).toEqual([]);
  });

  it('can be registered for another user by the app’s own backend only', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const body = { id: unique('token'), push_provider: 'firebase', user_id: bob.id };
    expect((await alice.post('/api/v2/devices', body)).body.code).toBe('not_allowed');
    const server = await tokenWith({ role: 'server' });
    expect((await rest().request('POST', `/api/v2/devices?user_id=${bob.id}`, { token: server, body })).status).toBe(
      201,
    );
    expect((await bob.get('/api/v2/devices')).body.devices).toHaveLength(1);
  });
});
