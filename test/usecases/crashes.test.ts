import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { later } from '#domain/time.ts';
import type { RingJob } from '#ports/queues.ts';
import { acceptCall } from '#usecases/calls/accept-call.ts';
import { actOnCall } from '#usecases/calls/act-on-call.ts';
import { addMembers } from '#usecases/calls/add-members.ts';
import { getOrCreateCall } from '#usecases/calls/get-or-create-call.ts';
import { placeCall } from '#usecases/calls/place-call.ts';
import { runTimer } from '#usecases/calls/run-timer.ts';
import { aQueue, aRing, callDeps } from '../support/call-deps.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

it('rings after a crash between the write and the queue, when the client asks again', async () => {
  const { deps } = callDeps(1);
  const ring = aRing(randomUUID(), randomUUID());
  await expect(placeCall(deps)(ring)).rejects.toThrow('crashed');
  const { call, kind } = await placeCall(deps)(ring);
  expect({ status: call.status, kind }).toEqual({ status: 'ringing', kind: 'found' });
  expect(deps.ringJobs.sent).toMatchObject([
    { type: 'ring', userId: ring.members[0]?.userId, ringId: call.ringIds[0] },
  ]);
  expect(deps.timers.sent.at(-1)).toMatchObject({ type: 'deadline', cid: ring.cid });
});

it('silences the phones after a crash between the answer and the queue, when the client repeats it', async () => {
  const { deps } = callDeps(0);
  const ring = aRing(randomUUID(), randomUUID());
  await placeCall(deps)(ring);
  const callee = ring.members[0]?.userId ?? '';
  const on = { tokenFingerprint: 'phone', hardwareId: 'phone' };
  const accept = { cid: ring.cid, user: { userId: callee, kind: 'login' as const, ...on } };
  await expect(acceptCall({ ...deps, ringJobs: aQueue<RingJob>(1) })(accept)).rejects.toThrow('crashed');
  await acceptCall(deps)(accept);
  expect(deps.ringJobs.sent.at(-1)).toMatchObject({
    type: 'stop',
    stop: { userId: callee, type: 'call.accepted', except: on },
  });
});

it('leaves nobody busy when a request crashed before its call was written', async () => {
  const { deps, skew } = callDeps(0);
  const [alice, bob, carol] = [randomUUID(), randomUUID(), randomUUID()];
  const crashed = { ...deps, calls: { ...deps.calls, create: () => Promise.reject(new Error('crashed')) } };
  await expect(placeCall(crashed)(aRing(alice, bob))).rejects.toThrow('crashed');
  skew.ms = 3100;
  const { call } = await placeCall(deps)(aRing(carol, bob));
  expect(call.status).toBe('ringing');
});

it('leaves nobody busy whose ring ran out and whose timer was lost', async () => {
  const { deps, skew } = callDeps(0);
  const [alice, bob, carol] = [randomUUID(), randomUUID(), randomUUID()];
  await placeCall(deps)(aRing(alice, bob));
  expect((await placeCall(deps)(aRing(carol, bob))).call.endedReason).toBe('rejected');
  skew.ms = 45_100;
  expect((await placeCall(deps)(aRing(carol, bob))).call.status).toBe('ringing');
});

it('watches for the return of a member whose connection turns out to be gone', async () => {
  const { deps } = callDeps(0);
  const ring = aRing(randomUUID(), randomUUID());
  const callee = ring.members[0]?.userId ?? '';
  await placeCall(deps)(ring);
  const connection = { id: 'lost', userId: ring.user.userId, tokenFingerprint: 'b', kind: 'login' as const };
  await deps.presence.addConnection({ ...connection, dialect: 'native', connectedAt: later(deps.clock(), -60_000) });
  const gone = { ...deps, peers: { ...deps.peers, send: async () => 'gone' as const, isOpen: async () => false } };
  const on = { tokenFingerprint: 'phone' };
  const user = { userId: callee, kind: 'login' as const, ...on };
  await acceptCall(gone)({ cid: ring.cid, user });
  expect(deps.timers.sent.at(-1)).toMatchObject({ type: 'vanish', cid: ring.cid, userId: ring.user.userId });
  expect((await deps.presence.reach(ring.user.userId)).connections).toEqual([]);
});

it('frees a callee whose call was abandoned unheard, a grace after somebody rings them', async () => {
  const { deps, skew } = callDeps(0);
  const [alice, bob, carol] = [randomUUID(), randomUUID(), randomUUID()];
  const ring = aRing(alice, bob);
  await placeCall(deps)(ring);
  const on = { tokenFingerprint: 'phone', connectionId: `lost-${bob}` };
  const user = { userId: bob, kind: 'login' as const, ...on };
  await acceptCall(deps)({ cid: ring.cid, user });
  await deps.presence.addConnection({
    id: on.connectionId,
    userId: bob,
    kind: 'login',
    tokenFingerprint: 'phone',
    dialect: 'native',
    connectedAt: deps.clock(),
  });

  // Both phones are gone, and no `$disconnect` came for either.
  skew.ms = 60_000;
  const dead = { ...deps, peers: { ...deps.peers, send: async () => 'gone' as const, isOpen: async () => false } };
  expect((await placeCall(dead)(aRing(carol, bob))).call.endedReason).toBe('rejected');
  const grace = deps.timers.sent.at(-1);
  expect(grace).toMatchObject({ type: 'vanish', cid: ring.cid, userId: bob });
  skew.ms = 81_000;
  if (grace) await runTimer(dead)(grace, false);
  expect((await placeCall(dead)(aRing(carol, bob))).call.status).toBe('ringing');
});

it('does not take who answered by a push for gone while they open their first connection', async () => {
  const { deps, skew } = callDeps(0);
  const [alice, bob, carol] = [randomUUID(), randomUUID(), randomUUID()];
  const ring = aRing(alice, bob);
  await placeCall(deps)(ring);
  const on = { tokenFingerprint: 'phone' };
  const user = { userId: bob, kind: 'login' as const, ...on };
  await acceptCall(deps)({ cid: ring.cid, user });
  skew.ms = 5000;
  expect((await placeCall(deps)(aRing(carol, bob))).call.endedReason).toBe('rejected');
  const grace = deps.timers.sent.findLast((job) => job.type === 'vanish' && job.userId === bob);
  skew.ms = 26_000;
  if (grace) await runTimer(deps)(grace, false);
  expect((await deps.calls.find(ring.cid))?.status).toBe('active');
  skew.ms = 61_000;
  if (grace) await runTimer(deps)(grace, false);
  expect((await deps.calls.find(ring.cid))?.endedReason).toBe('completed');
});

it('keeps a call at a hundred members, however many add some at once', async () => {
  const { deps } = callDeps(0);
  const alice = randomUUID();
  const some = (count: number) => Array.from({ length: count }, () => randomUUID());
  const ring = { ...aRing(alice, randomUUID()), members: some(91).map((userId) => ({ userId })) };
  await getOrCreateCall(deps)(ring);
  const user = { userId: alice, kind: 'login' as const, tokenFingerprint: 'b' };
  const added = await Promise.allSettled(
    [1, 2, 3].map(() => addMembers(deps)({ cid: ring.cid, principal: user, members: some(5), ring: false })),
  );
  expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(Object.keys((await deps.calls.find(ring.cid))?.members ?? {})).toHaveLength(97);
});

it('holds a caller in the call that they placed out of another, and in that one again afterwards', async () => {
  const { deps } = callDeps(0);
  const [alice, bob, carol, dave] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const userOf = (userId: string) => ({ userId, kind: 'login' as const, tokenFingerprint: userId });
  const accept = (cid: string, by: string) => acceptCall(deps)({ cid, user: userOf(by) });
  const leave = (cid: string, by: string) => actOnCall(deps)({ cid, user: userOf(by), act: { type: 'leave' } });
  const isBusy = async (callee: string) => (await placeCall(deps)(aRing(dave, callee))).call.status === 'ended';
  const [first, second] = [aRing(alice, bob), aRing(bob, carol)];
  await placeCall(deps)(first);
  await accept(first.cid, bob);
  await placeCall(deps)(second);
  await accept(second.cid, carol);
  await leave(second.cid, bob);
  expect(await isBusy(bob)).toBe(true);
  const third = aRing(bob, carol);
  await placeCall(deps)(third);
  await accept(third.cid, carol);
  await leave(first.cid, alice);
  expect(await isBusy(bob)).toBe(true);
  await leave(third.cid, carol);
  expect(await isBusy(bob)).toBe(false);
});

it('tells of the end of a call that has lasted too long, also where the timer crashed before it said so', async () => {
  const { deps, skew } = callDeps(0);
  const [alice, bob] = [randomUUID(), randomUUID()];
  const ring = aRing(alice, bob);
  const { call } = await placeCall(deps)(ring);
  const user = { userId: bob, kind: 'login' as const, tokenFingerprint: 'b' };
  await acceptCall(deps)({ cid: ring.cid, user });
  await deps.presence.addConnection({
    id: `s-${alice}`,
    userId: alice,
    kind: 'login',
    tokenFingerprint: 'a',
    dialect: 'native',
    connectedAt: deps.clock(),
  });
  skew.ms = 3_600_001;
  const timer = { type: 'deadline' as const, cid: ring.cid, at: call.endsAt };
  const crash = { ...deps, busyLocks: { ...deps.busyLocks, release: () => Promise.reject(new Error('crashed')) } };
  await expect(runTimer(crash)(timer, false)).rejects.toThrow('crashed');
  const told: object[] = [];
  const send = async (_: unknown, events: readonly object[]) => {
    told.push(...events);
    return 'sent' as const;
  };
  const peers = { ...deps.peers, send };
  await runTimer({ ...deps, peers })(timer, true);
  expect(told).toEqual([expect.objectContaining({ type: 'call.ended', reason: 'completed' })]);
});

it.each([
  ['a ring that was cancelled', false, 'cancel', 45_000],
  ['a call that was ended', true, 'end', 3_600_000],
] as const)('says nothing of %s when its timer fires', async (_, isAnswered, type, ms) => {
  const { deps, skew } = callDeps(0);
  const [alice, bob] = [randomUUID(), randomUUID()];
  const ring = aRing(alice, bob);
  const { call } = await placeCall(deps)(ring);
  const userOf = (userId: string) => ({ userId, kind: 'login' as const, tokenFingerprint: userId });
  if (isAnswered) await acceptCall(deps)({ cid: ring.cid, user: userOf(bob) });
  skew.ms = ms - 10_000;
  await actOnCall(deps)({ cid: ring.cid, user: userOf(alice), act: { type } });
  const connection = { kind: 'login', tokenFingerprint: 'b', dialect: 'native', connectedAt: deps.clock() } as const;
  await deps.presence.addConnection({ id: `s-${bob}`, userId: bob, ...connection });
  const told: object[] = [];
  const send = async (_to: unknown, events: readonly object[]) => {
    told.push(...events);
    return 'sent' as const;
  };
  skew.ms = ms + 1;
  const jobs = deps.ringJobs.sent.length;
  await runTimer({ ...deps, peers: { ...deps.peers, send } })(
    { type: 'deadline', cid: ring.cid, at: isAnswered ? call.endsAt : (call.ringExpiresAt ?? call.endsAt) },
    false,
  );
  expect({ told, jobs: deps.ringJobs.sent.length - jobs }).toEqual({ told: [], jobs: 0 });
});

it('silences at the deadline whoever a crash has left ringing, though nobody repeats the cancel', async () => {
  const { deps, skew } = callDeps(0);
  const [alice, bob] = [randomUUID(), randomUUID()];
  const ring = aRing(alice, bob);
  const { call } = await placeCall(deps)(ring);
  const user = { userId: alice, kind: 'login' as const, tokenFingerprint: alice };
  const dead = {
    ...deps,
    ringJobs: aQueue<RingJob>(1),
    busyLocks: { ...deps.busyLocks, release: () => Promise.reject(new Error('crashed')) },
  };
  await expect(actOnCall(dead)({ cid: ring.cid, user, act: { type: 'cancel' } })).rejects.toThrow('crashed');
  skew.ms = 45_001;
  const deadline = { type: 'deadline' as const, cid: ring.cid, at: call.ringExpiresAt ?? call.endsAt };
  await runTimer(deps)(deadline, false);
  expect(deps.ringJobs.sent.at(-1)).toMatchObject({ type: 'stop', stop: { userId: bob, type: 'call.cancelled' } });
});
