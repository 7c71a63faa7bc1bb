import { randomUUID } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { dynamoBusyLockStore } from '#adapters/dynamodb/busy-lock-store.ts';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoHistoryStore } from '#adapters/dynamodb/history-store.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { dynamoTraceStore } from '#adapters/dynamodb/trace-store.ts';
import { epochMs, later } from '#domain/time.ts';
import type { Queue, RingJob, TimerJob } from '#ports/queues.ts';
import { addMembers } from '#usecases/calls/add-members.ts';
import { changeCall } from '#usecases/calls/change-call.ts';
import { type CreateCallDeps, createCall } from '#usecases/calls/create-call.ts';
import { runTimer } from '#usecases/calls/run-timer.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

/** A queue that remembers, after failing as often as it is told to. */
function aQueue<Job>(failures = 0): Queue<Job> & { readonly sent: Job[] } {
  const sent: Job[] = [];
  let left = failures;
  return {
    sent,
    async send(jobs) {
      if (left > 0) {
        left -= 1;
        throw new Error('crashed');
      }
      sent.push(...jobs);
    },
  };
}

/** What creating a call needs, over the real table; `failures`: how often it crashes before its ring is on the way. */
function everything(failures: number) {
  const skew = { ms: 0 };
  const clock = () => later(epochMs(Date.now()), skew.ms);
  const table = dynamoTable(inject('dynamodb').table, clock);
  const deps = {
    clock,
    calls: dynamoCallStore(table, 30),
    busyLocks: dynamoBusyLockStore(table),
    presence: dynamoPresenceStore(table),
    history: dynamoHistoryStore(table, 30),
    traces: dynamoTraceStore(table, 30),
    peers: { post: async () => 'sent' as const, isOpen: async () => true },
    ringJobs: aQueue<RingJob>(failures),
    timers: aQueue<TimerJob>(),
    wait: async () => undefined,
    vanishGraceMs: 20_000,
    answerGraceMs: 60_000,
    rules: { busy: 'reject' as const, maxDurationMs: 3_600_000 },
  } satisfies CreateCallDeps;
  return { deps, skew };
}

const aRing = (caller: string, callee: string) => ({
  cid: `default:${randomUUID()}`,
  user: { userId: caller, kind: 'login' as const, tokenFingerprint: 'b' },
  members: [{ userId: callee }],
  ring: true,
  video: false,
  custom: {},
});

it('rings after a crash between the write and the queue, when the client asks again', async () => {
  const { deps } = everything(1);
  const ring = aRing(randomUUID(), randomUUID());
  await expect(createCall(deps)(ring)).rejects.toThrow('crashed');
  const { call, created } = await createCall(deps)(ring);
  expect({ status: call.status, created }).toEqual({ status: 'ringing', created: false });
  expect(deps.ringJobs.sent).toMatchObject([
    { type: 'ring', userId: ring.members[0]?.userId, ringId: call.ringIds[0] },
  ]);
  expect(deps.timers.sent.at(-1)).toMatchObject({ type: 'deadline', cid: ring.cid });
});

it('silences the phones after a crash between the answer and the queue, when the client repeats it', async () => {
  const { deps } = everything(0);
  const ring = aRing(randomUUID(), randomUUID());
  await createCall(deps)(ring);
  const callee = ring.members[0]?.userId ?? '';
  const on = { tokenFingerprint: 'phone', hardwareId: 'phone' };
  const accept = {
    cid: ring.cid,
    user: { userId: callee, kind: 'login' as const, ...on },
    action: 'accept' as const,
    command: () => ({ type: 'accept' as const, by: callee, on }),
  };
  await expect(changeCall({ ...deps, ringJobs: aQueue<RingJob>(1) })(accept)).rejects.toThrow('crashed');
  await changeCall(deps)(accept);
  expect(deps.ringJobs.sent.at(-1)).toMatchObject({
    type: 'stop',
    stop: { userId: callee, type: 'call.accepted', except: on },
  });
});

it('leaves nobody busy when a request crashed before its call was written', async () => {
  const { deps, skew } = everything(0);
  const [alice, bob, carol] = [randomUUID(), randomUUID(), randomUUID()];
  const crashed = { ...deps, calls: { ...deps.calls, create: () => Promise.reject(new Error('crashed')) } };
  await expect(createCall(crashed)(aRing(alice, bob))).rejects.toThrow('crashed');
  skew.ms = 3100;
  const { call } = await createCall(deps)(aRing(carol, bob));
  expect(call.status).toBe('ringing');
});

it('leaves nobody busy whose ring ran out and whose timer was lost', async () => {
  const { deps, skew } = everything(0);
  const [alice, bob, carol] = [randomUUID(), randomUUID(), randomUUID()];
  await createCall(deps)(aRing(alice, bob));
  expect((await createCall(deps)(aRing(carol, bob))).call.endedReason).toBe('rejected');
  skew.ms = 45_100;
  expect((await createCall(deps)(aRing(carol, bob))).call.status).toBe('ringing');
});

it('watches for the return of a member whose connection turns out to be gone', async () => {
  const { deps } = everything(0);
  const ring = aRing(randomUUID(), randomUUID());
  const callee = ring.members[0]?.userId ?? '';
  await createCall(deps)(ring);
  const connection = { id: 'lost', userId: ring.user.userId, tokenFingerprint: 'b', kind: 'login' as const };
  await deps.presence.addConnection({ ...connection, connectedAt: later(deps.clock(), -60_000) });
  const gone = { ...deps, peers: { post: async () => 'gone' as const, isOpen: async () => false } };
  const on = { tokenFingerprint: 'phone' };
  const user = { userId: callee, kind: 'login' as const, ...on };
  await changeCall(gone)({
    cid: ring.cid,
    user,
    action: 'accept',
    command: () => ({ type: 'accept', by: callee, on }),
  });
  expect(deps.timers.sent.at(-1)).toMatchObject({ type: 'vanish', cid: ring.cid, userId: ring.user.userId });
  expect((await deps.presence.reach(ring.user.userId)).connections).toEqual([]);
});

it('frees a callee whose call was abandoned unheard, a grace after somebody rings them', async () => {
  const { deps, skew } = everything(0);
  const [alice, bob, carol] = [randomUUID(), randomUUID(), randomUUID()];
  const ring = aRing(alice, bob);
  await createCall(deps)(ring);
  const on = { tokenFingerprint: 'phone', connectionId: `lost-${bob}` };
  const user = { userId: bob, kind: 'login' as const, ...on };
  await changeCall(deps)({ cid: ring.cid, user, action: 'accept', command: () => ({ type: 'accept', by: bob, on }) });
  await deps.presence.addConnection({
    id: on.connectionId,
    userId: bob,
    kind: 'login',
    tokenFingerprint: 'phone',
    connectedAt: deps.clock(),
  });

  // Both phones are gone, and no `$disconnect` came for either.
  skew.ms = 60_000;
  const dead = { ...deps, peers: { post: async () => 'gone' as const, isOpen: async () => false } };
  expect((await createCall(dead)(aRing(carol, bob))).call.endedReason).toBe('rejected');
  const grace = deps.timers.sent.at(-1);
  expect(grace).toMatchObject({ type: 'vanish', cid: ring.cid, userId: bob });
  skew.ms = 81_000;
  if (grace) await runTimer(dead)(grace, false);
  expect((await createCall(dead)(aRing(carol, bob))).call.status).toBe('ringing');
});

it('does not take who answered by a push for gone while they open their first connection', async () => {
  const { deps, skew } = everything(0);
  const [alice, bob, carol] = [randomUUID(), randomUUID(), randomUUID()];
  const ring = aRing(alice, bob);
  await createCall(deps)(ring);
  const on = { tokenFingerprint: 'phone' };
  const user = { userId: bob, kind: 'login' as const, ...on };
  await changeCall(deps)({ cid: ring.cid, user, action: 'accept', command: () => ({ type: 'accept', by: bob, on }) });
  skew.ms = 5000;
  expect((await createCall(deps)(aRing(carol, bob))).call.endedReason).toBe('rejected');
  const grace = deps.timers.sent.findLast((job) => job.type === 'vanish' && job.userId === bob);
  skew.ms = 26_000;
  if (grace) await runTimer(deps)(grace, false);
  expect((await deps.calls.find(ring.cid))?.status).toBe('active');
  skew.ms = 61_000;
  if (grace) await runTimer(deps)(grace, false);
  expect((await deps.calls.find(ring.cid))?.endedReason).toBe('completed');
});

it('keeps a call at a hundred members, however many add some at once', async () => {
  const { deps } = everything(0);
  const alice = randomUUID();
  const some = (count: number) => Array.from({ length: count }, () => randomUUID());
  const ring = { ...aRing(alice, randomUUID()), members: some(91).map((userId) => ({ userId })), ring: false };
  await createCall(deps)(ring);
  const user = { userId: alice, kind: 'login' as const, tokenFingerprint: 'b' };
  const added = await Promise.allSettled(
    [1, 2, 3].map(() => addMembers(deps)({ cid: ring.cid, user, members: some(5), ring: false })),
  );
  expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(Object.keys((await deps.calls.find(ring.cid))?.members ?? {})).toHaveLength(97);
});

it('holds a caller in the call that they placed out of another, and in that one again afterwards', async () => {
  const { deps } = everything(0);
  const [alice, bob, carol, dave] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const userOf = (userId: string) => ({ userId, kind: 'login' as const, tokenFingerprint: userId });
  const accept = (cid: string, by: string) =>
    changeCall(deps)({
      cid,
      user: userOf(by),
      action: 'accept',
      command: () => ({ type: 'accept', by, on: { tokenFingerprint: by } }),
    });
  const leave = (cid: string, by: string) =>
    changeCall(deps)({ cid, user: userOf(by), action: 'leave', command: () => ({ type: 'leave', by }) });
  const isBusy = async (callee: string) => (await createCall(deps)(aRing(dave, callee))).call.status === 'ended';
  const [first, second] = [aRing(alice, bob), aRing(bob, carol)];
  await createCall(deps)(first);
  await accept(first.cid, bob);
  await createCall(deps)(second);
  await accept(second.cid, carol);
  await leave(second.cid, bob);
  expect(await isBusy(bob)).toBe(true);
  const third = aRing(bob, carol);
  await createCall(deps)(third);
  await accept(third.cid, carol);
  await leave(first.cid, alice);
  expect(await isBusy(bob)).toBe(true);
  await leave(third.cid, carol);
  expect(await isBusy(bob)).toBe(false);
});

it('tells of the end of a call that has lasted too long, also where the timer crashed before it said so', async () => {
  const { deps, skew } = everything(0);
  const [alice, bob] = [randomUUID(), randomUUID()];
  const ring = aRing(alice, bob);
  const { call } = await createCall(deps)(ring);
  const user = { userId: bob, kind: 'login' as const, tokenFingerprint: 'b' };
  await changeCall(deps)({
    cid: ring.cid,
    user,
    action: 'accept',
    command: () => ({ type: 'accept', by: bob, on: user }),
  });
  await deps.presence.addConnection({
    id: `s-${alice}`,
    userId: alice,
    kind: 'login',
    tokenFingerprint: 'a',
    connectedAt: deps.clock(),
  });
  skew.ms = 3_600_001;
  const timer = { type: 'deadline' as const, cid: ring.cid, at: call.endsAt };
  const crash = { ...deps, busyLocks: { ...deps.busyLocks, release: () => Promise.reject(new Error('crashed')) } };
  await expect(runTimer(crash)(timer, false)).rejects.toThrow('crashed');
  const told: object[] = [];
  const post = async (_: string, frame: object) => {
    told.push(frame);
    return 'sent' as const;
  };
  const peers = { ...deps.peers, post };
  await runTimer({ ...deps, peers })(timer, true);
  expect(told).toEqual([expect.objectContaining({ type: 'call.ended', reason: 'completed' })]);
});
