import { describe, expect, it } from 'vitest';
import {
  callPath,
  connectWith,
  eventually,
  keysOf,
  LONG_RING,
  type Person,
  people,
  pushOf,
  rest,
  ring,
  tokenWith,
  unique,
} from '../support/people.ts';

// What people may see and do who operate a stage.

const olga = () => tokenWith({ name: 'Olga' }, { kind: 'operator' });
const server = () => tokenWith({ role: 'server' });

/** A request with a token of the kind `operator`. */
const asks = async (method: string, path: string, body?: object) =>
  rest().request(method, path, { token: await olga(), ...(body && { body }) });

const cidsIn = ({ body }: { body: { calls: { call: { cid: string } }[] } }) => body.calls.map(({ call }) => call.cid);

/** All calls of a list, page by page. */
async function listed(query: string, token: string): Promise<string[]> {
  const cids: string[] = [];
  for (let next = ''; ; ) {
    const page = await rest().request('GET', `/api/v2/calls?${query}${next}`, { token });
    expect(page.status).toBe(200);
    cids.push(...cidsIn(page));
    if (page.body.next === undefined) return cids;
    next = `&next=${page.body.next}`;
  }
}

const declined = async (alice: Person, bob: Person): Promise<string> => {
  const { id, cid } = await ring(alice, bob);
  await bob.post(callPath(id, '/reject'));
  return cid;
};

describe('the list of calls', () => {
  it('has those of the stage and of a user, newest first, with verdicts, by status and time, page by page', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const from = new Date(Date.now() - 60_000).toISOString();
    const cids: string[] = [];
    for (const callee of [bob, carol, bob]) cids.unshift(await declined(alice, callee));
    const { cid: live } = await ring(alice, bob);
    const to = new Date(Date.now() + 60_000).toISOString();
    for (const token of [await olga(), await server()]) {
      expect(await listed(`user_id=${alice.id}`, token)).toEqual([live, ...cids]);
      expect(await listed(`user_id=${alice.id}&limit=1`, token)).toEqual([live, ...cids]);
      expect(await listed(`user_id=${alice.id}&status=ended&limit=2`, token)).toEqual(cids);
      expect(await listed(`user_id=${carol.id}&from=${from}&to=${to}`, token)).toEqual([cids[1]]);
      expect(await listed(`user_id=${alice.id}&to=${from}`, token)).toEqual([]);
      const whole = await listed(`from=${from}&to=${to}&limit=100`, token);
      expect(whole.filter((cid) => [live, ...cids].includes(cid))).toEqual([live, ...cids]);
      expect(await listed(`status=ringing&from=${from}`, token)).toContain(live);
    }
    const { body } = await asks('GET', `/api/v2/calls?user_id=${carol.id}`);
    expect(body.calls[0]).toMatchObject({
      call: { status: 'ended', ended_reason: 'rejected' },
      verdicts: [{ user_id: carol.id }],
    });
    const trace = await asks('GET', callPath(String(cids[1]).replace('default:', ''), '/trace'));
    expect(body.calls[0].verdict).toBe(trace.body.verdict);
    await alice.post(callPath(live.replace('default:', ''), '/mark_ended'));
  });

  it('has for operators also what a user must not know of, and what they missed by it', async () => {
    const [mallory, bob] = await people('mallory', 'bob');
    await bob.android();
    await bob.put(`/api/v2/blocks/${mallory.id}`);
    const { id, cid } = await ring(mallory, bob);
    await eventually(async () => {
      const { body } = await asks('GET', callPath(id, '/trace'));
      return body.trace.some(({ reason }: { reason?: string }) => reason === 'blocked');
    }, 'a push that is skipped');
    await mallory.post(callPath(id, '/mark_ended'));
    const token = await olga();
    expect(cidsIn(await bob.get('/api/v2/video/calls'))).toEqual([]);
    expect(await listed(`user_id=${bob.id}`, token)).toEqual([cid]);
    expect(await listed(`user_id=${bob.id}&status=missed`, token)).toEqual([cid]);
    expect(await listed(`user_id=${mallory.id}&status=missed`, token)).toEqual([]);
    const { body } = await asks('GET', `/api/v2/calls?user_id=${bob.id}`);
    expect(body.calls[0].verdict).toBe('not rung: the callee has blocked the caller');
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=x', 'limit'],
    ['limit=1e1', 'limit'],
    ['status=odd', 'status'],
    ['user_id=a%20b', 'user_id'],
    ['from=yesterday', 'from'],
    ['to=2026-13-01T00:00:00Z', 'to'],
    ['next=!!!', 'next'],
    ['next=abcd', 'next'],
    [`next=${Buffer.from('9999-99-99T99:99:99.999Z').toString('base64url')}`, 'next'],
  ])('refuses %s by name', async (query, path) => {
    expect((await asks('GET', `/api/v2/calls?${query}`)).body).toMatchObject({
      status: 400,
      code: 'validation_failed',
      errors: [{ path }],
    });
  });

  it('takes empty parameters for absent ones, and a span without calls', async () => {
    expect((await asks('GET', '/api/v2/calls?status=&user_id=&from=&to=&limit=1&next=')).status).toBe(200);
    const upsideDown = await asks('GET', '/api/v2/calls?from=2026-11-20T11:00:00Z&to=2026-11-20T10:00:00Z');
    expect(upsideDown.body).toEqual({ calls: [] });
    expect((await asks('GET', '/api/v2/calls?to=1999-01-01T00:00:00Z')).body).toEqual({ calls: [] });
  });
});

describe('a user', () => {
  it('is seen with devices, connections, live call, blocks, preferences and counts', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const token = await bob.android({ hardware_id: 'pixel', app_version: '3.2.1' });
    const socket = await bob.connect({ hardwareId: 'pixel' });
    await bob.put(`/api/v2/blocks/${alice.id}x`);
    const { cid } = await ring(alice, bob);
    const { body } = await asks('GET', `/api/v2/users/${bob.id}`);
    expect(body.user).toMatchObject({
      id: bob.id,
      devices: [{ id: token, hardware_id: 'pixel', app_version: '3.2.1' }],
      removed_devices: [],
      connections: [{ hardware_id: 'pixel', dialect: 'native' }],
      live_call: { call: { cid, status: 'ringing' } },
      blocks: [{ user_id: `${alice.id}x` }],
      preferences: { do_not_disturb: false },
      counts: { devices: 1, failing_devices: 0, connections: 1, blocks: 1 },
    });
    await bob.post(callPath(cid.replace('default:', ''), '/reject'));
    await socket.close();
    expect((await asks('GET', `/api/v2/users/${bob.id}`)).body.user).not.toHaveProperty('live_call');
  });

  it('is seen with the devices that have gone, and why', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const gone = await bob.android({ hardware_id: 'pixel' });
    await alice.post('/api/v2/devices', { id: gone, push_provider: 'firebase' });
    const { body } = await rest().request('GET', `/api/v2/users/${bob.id}`, { token: await server() });
    expect(body.user.devices).toEqual([]);
    expect(body.user.removed_devices).toMatchObject([
      { device: gone.slice(-8), hardware_id: 'pixel', reason: 'moved_to_another_user' },
    ]);
  });

  it('may have any id of the alphabet, and be unknown', async () => {
    const id = `${unique('auth0|a.b')}:c+d=e~f@g.example`;
    const { status, body } = await asks('GET', `/api/v2/users/${encodeURIComponent(id)}`);
    expect(status).toBe(200);
    expect(body.user).toMatchObject({ id, devices: [], connections: [], counts: { devices: 0, rings_this_hour: 0 } });
    expect((await asks('GET', '/api/v2/users/a%20b')).body).toMatchObject({ code: 'validation_failed' });
    expect(await listed(`user_id=${encodeURIComponent(id)}`, await olga())).toEqual([]);
  });
});

it('sees that a stage without events has no webhooks', async () => {
  expect((await asks('GET', '/api/v2/webhooks/deliveries')).body).toEqual({ enabled: false, deliveries: [] });
  expect((await asks('GET', '/api/v2/webhooks/deliveries?status=odd')).body).toMatchObject({
    code: 'validation_failed',
    errors: [{ path: 'status' }],
  });
});

describe('an operator', () => {
  it('rings a user for a test, and talks to them by the token of that one call', async () => {
    const [bob] = await people('bob');
    const phone = await bob.android();
    const id = unique('test');
    const body = { members: [{ user_id: bob.id }], ring: true, hardware_id: 'console', ...LONG_RING };
    const rung = await asks('POST', callPath(id), body);
    expect(rung.status).toBe(201);
    expect(rung.body.call.created_by).toEqual({ id: 'carillon-operator', name: 'Olga' });
    expect(keysOf(await pushOf(phone, 'call.ring'))).toMatchObject({
      created_by_id: 'carillon-operator',
      created_by_name: 'Olga',
    });
    const socket = await connectWith(rung.body.call_token);
    await socket.next('user.connected');
    await bob.post(callPath(id, '/accept'));
    await socket.next('call.accepted');
    const offer = await socket.ask({ type: 'sdp.offer', call_cid: `default:${id}`, sdp: 'v=0' });
    expect(offer.type).toBe('response');
    const other = await socket.ask({ type: 'call.ring', call_id: unique('other'), members: [{ user_id: bob.id }] });
    expect(other).toMatchObject({ type: 'error', error: { code: 'not_allowed' } });
    const ended = await asks('POST', callPath(id, '/mark_ended'), {});
    expect(ended.body.call).toMatchObject({ status: 'ended', ended_by: 'carillon-operator' });
    await socket.close();
  });

  it('rings in nobody else’s name, joins no call, and creates none that does not ring', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const { id } = await ring(alice, bob);
    const members = [{ user_id: bob.id }];
    for (const [path, body] of [
      [callPath(unique('test')), { members }],
      [callPath(unique('test')), { members, ring: true, data: { created_by_id: alice.id } }],
      [`${callPath(unique('test'))}?user_id=${alice.id}`, { members, ring: true }],
      [`${callPath(id, '/mark_ended')}?user_id=${alice.id}`, {}],
    ] as const) {
      expect((await asks('POST', path, body)).body).toMatchObject({ status: 403, code: 'not_allowed' });
    }
    expect((await asks('POST', callPath(id), { members, ring: true })).body).toMatchObject({ code: 'not_a_member' });
    await alice.post(callPath(id, '/mark_ended'));
  });

  it('ends any call, whoever is in it, and nobody in the app learns who did', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const { id } = await ring(alice, [bob, carol]);
    const socket = await bob.connect({ hardwareId: 'pixel' });
    await bob.post(callPath(id, '/accept'), { hardware_id: 'pixel' });
    const first = await asks('POST', callPath(id, '/mark_ended'), {});
    expect(first.body.call).toMatchObject({ status: 'ended', ended_reason: 'completed' });
    expect(await socket.next('call.ended')).toMatchObject({ user: { id: 'carillon-operator' } });
    expect(JSON.stringify(socket.frames)).not.toContain('Olga');
    expect((await asks('POST', callPath(id, '/mark_ended'), {})).status).toBe(200);
    const { id: ringing } = await ring(alice, bob);
    expect((await asks('POST', callPath(ringing, '/mark_ended'), {})).body.call.ended_reason).toBe('cancelled');
    await socket.next('call.cancelled');
    const { id: over } = await ring(alice, bob);
    await bob.post(callPath(over, '/reject'));
    expect((await asks('POST', callPath(over, '/mark_ended'), {})).body.code).toBe('call_ended');
    await socket.close();
  });

  it('is in the log by name, with all that they have done', async () => {
    const [bob] = await people('bob');
    const [phone, id, name] = [await bob.android(), unique('test'), unique('Olga')];
    const token = await tokenWith({ name }, { kind: 'operator' });
    const members = [{ user_id: bob.id }];
    await rest().request('POST', callPath(id), { token, body: { members, ring: true, ...LONG_RING } });
    await rest().request('POST', callPath(id, '/mark_ended'), { token, body: {} });
    await rest().request('DELETE', `/api/v2/devices?id=${phone}&user_id=${bob.id}`, { token });
    const findings = [{ state: 'note', about: 'secret turn', says: unique('there is no TURN server') }];
    await rest().request('PUT', '/api/v2/doctor', { token, body: { findings } });
    const { logs } = (await rest().request('GET', `/_local/logs?operator=${name}`)).body;
    expect(logs).toMatchObject([
      { message: 'an operator asks', operation: 'POST /api/v2/video/call/{type}/{id}', id },
      { message: 'an operator asks', operation: 'POST /api/v2/video/call/{type}/{id}/mark_ended', id },
      { message: 'an operator asks', operation: 'DELETE /api/v2/devices', user_id: bob.id },
      { message: 'an operator removes a device', user_id: bob.id, device: phone.slice(-8) },
      { message: 'an operator asks', operation: 'PUT /api/v2/doctor' },
    ]);
    expect(JSON.stringify(logs)).not.toContain(findings[0]?.says);
  });

  it('removes a device, which falls silent if it rings', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const phone = await bob.android();
    const { id } = await ring(alice, bob);
    await pushOf(phone, 'call.ring');
    const path = `/api/v2/devices?id=${encodeURIComponent(phone)}&user_id=${bob.id}`;
    expect((await asks('DELETE', path)).status).toBe(204);
    expect((await bob.get('/api/v2/devices')).body.devices).toEqual([]);
    await pushOf(phone, 'call.ended');
    await alice.post(callPath(id, '/mark_ended'));
  });

  it('reads a trace with all phones in it', async () => {
    const [alice, bob] = await people('alice', 'bob');
    await bob.android();
    const { id } = await ring(alice, bob);
    const rows = await eventually(async () => {
      const { body } = await asks('GET', callPath(id, '/trace'));
      return body.trace.find(({ event }: { event: string }) => event === 'push.accepted');
    }, 'the row of a push');
    expect(rows).toMatchObject({ user_id: bob.id, device: expect.any(String) });
    await alice.post(callPath(id, '/mark_ended'));
  });

  it('is nobody by a token of another kind that says so, or one that is signed with the key of logins', async () => {
    const login = await tokenWith({ user_id: unique('eve'), role: 'operator' });
    expect((await rest().request('GET', '/api/v2/calls', { token: login })).body).toMatchObject({
      code: 'not_allowed',
    });
    const forged = await tokenWith({ name: 'Eve', typ: 'operator+jwt', aud: 'carillon:operator' });
    expect((await rest().request('GET', '/api/v2/calls', { token: forged })).body.reason).toBe('bad_signature');
    const nameless = await tokenWith({}, { kind: 'operator' });
    expect((await rest().request('GET', '/api/v2/calls', { token: nameless })).body.reason).toBe('malformed');
    const astray = await tokenWith({ name: 'Eve', aud: 'carillon' }, { kind: 'operator' });
    expect((await rest().request('GET', '/api/v2/calls', { token: astray })).body.reason).toBe('wrong_audience');
  });
});
