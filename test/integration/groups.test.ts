import { expect, it } from 'vitest';
import {
  callPath,
  eventually,
  keysOf,
  type Person,
  people,
  pushes,
  pushOf,
  rest,
  ring,
  SHORT_RING,
  tokenWith,
  unique,
} from '../support/people.ts';
import type { Frame } from '../support/raw-client.ts';

/** The members of a call by their state, as `viewer` sees them. */
async function states(viewer: Person, id: string): Promise<Record<string, string>> {
  const { members } = (await viewer.get(callPath(id))).body;
  return Object.fromEntries(
    members.map((member: { user_id: string; state: string }) => [member.user_id, member.state]),
  );
}

const userIdsIn = (frame: Frame): string[] =>
  Object(frame)['members'].map(({ user_id }: { user_id: string }) => user_id);

const bytes = (frame: Frame): number => Buffer.byteLength(JSON.stringify(frame));

it('keeps ringing the others after an answer, accepts new members and ends when one member is left', async () => {
  const [alice, bob, carol, dave] = await people('alice', 'bob', 'carol', 'dave');
  const caller = await alice.connect();
  const { id } = await ring(alice, [bob, carol]);
  await bob.post(callPath(id, '/accept'), { hardware_id: 'h' });
  const bobs = await bob.connect({ hardwareId: 'h' });
  expect(await states(carol, id)).toEqual({ [alice.id]: 'joined', [bob.id]: 'accepted', [carol.id]: 'ringing' });
  expect((await carol.post(callPath(id, '/mark_ended'))).body.code).toBe('not_allowed');
  expect((await bob.post(callPath(id, '/members'), { members: [{ user_id: dave.id }] })).body.code).toBe('not_allowed');
  await carol.post(callPath(id, '/reject'));
  const phone = await dave.android();
  const added = await alice.post(callPath(id, '/members'), { members: [{ user_id: dave.id }], ring: true });
  expect(added.body.members.find(({ user_id }: { user_id: string }) => user_id === dave.id).state).toBe('ringing');
  await pushOf(phone, 'call.ring');
  expect(await caller.next('call.member_added')).toMatchObject({ user_id: dave.id });
  await dave.post(callPath(id, '/reject'));
  expect((await alice.get(callPath(id))).body.call.status).toBe('active');
  expect((await bob.post(callPath(id, '/leave'))).body.call).toMatchObject({
    status: 'ended',
    ended_reason: 'completed',
  });
  await Promise.all([caller.close(), bobs.close()]);
});

it('rings members who were never rung, and others again only by name and with a new deadline', async () => {
  const [alice, bob, carol, dave] = await people('alice', 'bob', 'carol', 'dave');
  const phone = await carol.android();
  const { id } = await ring(alice, [bob, carol]);
  const sockets = await Promise.all([alice.connect(), bob.connect({ hardwareId: 'b' })]);
  await sockets[1].ask({ type: 'call.accept', call_cid: `default:${id}` });
  await carol.post(callPath(id, '/reject'));
  await alice.post(callPath(id, '/members'), { members: [{ user_id: dave.id }] });

  // Dave has not been rung yet and is rung now. Carol has rejected and is not.
  const first = await bob.post(callPath(id, '/ring'), { ring_id: 'again-1' });
  expect(first.status).toBe(200);
  expect(await states(bob, id)).toMatchObject({ [carol.id]: 'rejected', [dave.id]: 'ringing' });
  expect((await carol.post(callPath(id, '/ring'), { member_ids: [unique('stranger')] })).body.code).toBe(
    'not_a_member',
  );

  // If she is named, she is rung: in the name of Bob, who requests it, and with a new deadline.
  const listening = await carol.connect();
  const named = await bob.post(callPath(id, '/ring'), { ring_id: 'again-2', member_ids: [carol.id] });
  expect(named.body.members.find(({ user_id }: { user_id: string }) => user_id === carol.id)).toMatchObject({
    state: 'ringing',
    ring_id: 'again-2',
    ring_expires_at: expect.any(String),
  });
  expect(await listening.next('call.ring')).toMatchObject({ ring_id: 'again-2', user: { id: bob.id, name: 'bob' } });
  await eventually(
    async () => (await pushes(phone)).map((push) => keysOf(push)['ring_id']).includes('again-2'),
    'the push of the second ring',
  );

  // The same ring id again changes nothing.
  const repeated = await bob.post(callPath(id, '/ring'), { ring_id: 'again-2', member_ids: [carol.id] });
  expect(repeated.body.call.version).toBe(named.body.call.version);
  await Promise.all([...sockets, listening].map((socket) => socket.close()));
});

it('lets members who rejected, missed or left join while the call is active', async () => {
  const [alice, bob, carol] = await people('alice', 'bob', 'carol');
  const { id } = await ring(alice, [bob, carol]);
  const cid = `default:${id}`;
  const [a, b, c] = await Promise.all([alice.connect(), bob.connect(), carol.connect()]);
  await c.ask({ type: 'call.reject', call_cid: cid });
  expect(await c.ask({ type: 'call.accept', call_cid: cid })).toMatchObject({ error: { code: 'not_ringing' } });
  await b.ask({ type: 'call.accept', call_cid: cid });
  expect(await c.ask({ type: 'call.accept', call_cid: cid })).toMatchObject({ ok: true, call: { status: 'active' } });
  await b.ask({ type: 'call.leave', call_cid: cid });
  expect(await b.ask({ type: 'call.accept', call_cid: cid })).toMatchObject({ ok: true });
  expect(await states(alice, id)).toEqual({ [alice.id]: 'joined', [bob.id]: 'accepted', [carol.id]: 'accepted' });
  await a.ask({ type: 'call.end', call_cid: cid });
  expect(await b.ask({ type: 'call.accept', call_cid: cid })).toMatchObject({ error: { code: 'call_ended' } });
  await Promise.all([a, b, c].map((socket) => socket.close()));
});

it('lets the app’s backend add members, up to 100', async () => {
  const [alice, bob] = await people('alice', 'bob');
  const { id } = await ring(alice, bob);
  const token = await tokenWith({ role: 'server' });
  const path = `${callPath(id, '/members')}?user_id=${bob.id}`;
  const many = (count: number) => Array.from({ length: count }, () => ({ user_id: unique('m') }));
  const tooMany = await rest().request('POST', path, { token, body: { members: many(99) } });
  expect(tooMany.body).toMatchObject({ status: 400, code: 'too_many_members' });
  const added = await rest().request('POST', path, { token, body: { members: many(98) } });
  expect(added.body.members).toHaveLength(100);
});

it('adds members for whoever created the call, if the app’s backend names nobody', async () => {
  const [alice, bob, carol] = await people('alice', 'bob', 'carol');
  const [a, c] = await Promise.all([alice.connect(), carol.connect()]);
  const { id } = await ring(alice, bob);
  const token = await tokenWith({ role: 'server' });
  const add = (call: string, members: object[]) =>
    rest().request('POST', callPath(call, '/members'), { token, body: { members, ring: true } });
  const added = await add(id, [{ user_id: carol.id }]);
  expect(added.body.members).toContainEqual(expect.objectContaining({ user_id: carol.id, state: 'ringing' }));
  expect(await a.next('call.member_added')).toMatchObject({ user_id: carol.id, user: { id: alice.id } });
  expect(await c.next('call.ring')).toMatchObject({ user: { id: alice.id } });
  expect((await add(unique('none'), [{ user_id: carol.id }])).body).toMatchObject({ status: 404, code: 'not_found' });
  await Promise.all([a.close(), c.close()]);
});

it('rings 99 callees at once, with no frame larger than API Gateway allows', async () => {
  const [alice, bob] = await people('alice', 'bob');
  const long = (i: number) => `${String(i).padStart(3, '0')}-${'x'.repeat(124)}`;
  const members = [{ user_id: bob.id }, ...Array.from({ length: 98 }, (_, i) => ({ user_id: long(i) }))];
  const [caller, callee] = await Promise.all([alice.connect(), bob.connect()]);
  const call_id = `${unique('group')}-${'c'.repeat(90)}`;
  const answer = await caller.ask({
    type: 'call.ring',
    call_id,
    members,
    custom: { text: 'y'.repeat(2000) },
    ...SHORT_RING,
  });
  expect(answer).toMatchObject({ ok: true, call: { status: 'ringing' }, members: expect.any(Array) });
  expect(userIdsIn(answer).length + Number(answer['members_omitted'])).toBe(100);
  expect((await alice.get(callPath(call_id))).body.members).toHaveLength(100);

  // Only the callee who is rung and the caller are listed.
  const rung = await callee.next('call.ring');
  expect(userIdsIn(rung)).toEqual([alice.id, bob.id]);
  await callee.ask({ type: 'call.accept', call_cid: rung['call_cid'] });
  const accepted = await caller.next('call.accepted');
  expect(accepted['members']).toEqual([expect.objectContaining({ user_id: bob.id, state: 'accepted' })]);

  // 98 members miss their ring in one change: those who do not fit into the frame are counted.
  const missed = await caller.next('call.missed');
  expect(userIdsIn(missed).length + Number(missed['members_omitted'] ?? 0)).toBe(98);
  await caller.ask({ type: 'call.end', call_cid: rung['call_cid'] });
  await Promise.all([caller.next('call.ended'), callee.next('call.ended')]);
  for (const frame of [...caller.frames, ...callee.frames]) expect(bytes(frame)).toBeLessThanOrEqual(32 * 1024);
  await Promise.all([caller.close(), callee.close()]);
});
