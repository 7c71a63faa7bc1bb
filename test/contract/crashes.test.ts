import { randomUUID } from 'node:crypto';
import { beforeAll, expect, inject, it } from 'vitest';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoEngagementStore } from '#adapters/dynamodb/engagement-store.ts';
import { dynamoHistoryStore } from '#adapters/dynamodb/history-store.ts';
import { dynamoMailbox } from '#adapters/dynamodb/mailbox.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { dynamoTraceStore } from '#adapters/dynamodb/trace-store.ts';
import { epochMs, later } from '#domain/time.ts';
import type { Queue, RingJob, TimerJob } from '#ports/queues.ts';
import { changeCall } from '#usecases/change-call.ts';
import { type CreateCallDeps, createCall } from '#usecases/create-call.ts';
import { runTimer } from '#usecases/run-timer.ts';

beforeAll(() => {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: inject('dynamodb').endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  });
});

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
    engagements: dynamoEngagementStore(table),
    presence: dynamoPresenceStore(table),
    history: dynamoHistoryStore(table, 30),
    mailbox: dynamoMailbox(table),
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
  user: { userId: caller, kind: 'login' as const, bearer: 'b' },
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
  const on = { bearer: 'phone', hardwareId: 'phone' };
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
  const connection = { id: 'lost', userId: ring.user.userId, bearer: 'b', kind: 'login' as const };
  await deps.presence.addConnection({ ...connection, connectedAt: later(deps.clock(), -60_000) });
  const gone = { ...deps, peers: { post: async () => 'gone' as const, isOpen: async () => false } };
  const on = { bearer: 'phone' };
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
  const on = { bearer: 'phone', connectionId: `lost-${bob}` };
  const user = { userId: bob, kind: 'login' as const, ...on };
  await changeCall(deps)({ cid: ring.cid, user, action: 'accept', command: () => ({ type: 'accept', by: bob, on }) });
  await deps.presence.addConnection({
    id: on.connectionId,
    userId: bob,
    kind: 'login',
    bearer: 'phone',
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
