import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, inject, it } from 'vitest';
import { keys } from '#adapters/dynamodb/keys.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { MAX_BLOCKS, type Silence } from '#domain/protection/guard.ts';
import { type EpochMs, later, SECOND_MS } from '#domain/time.ts';
import type { RingJob } from '#ports/queues.ts';
import { acceptCall } from '#usecases/calls/accept-call.ts';
import { actOnCall } from '#usecases/calls/act-on-call.ts';
import { addMembers } from '#usecases/calls/add-members.ts';
import { getOrCreateCall } from '#usecases/calls/get-or-create-call.ts';
import { listCalls } from '#usecases/calls/list-calls.ts';
import { placeCall } from '#usecases/calls/place-call.ts';
import { readCall } from '#usecases/calls/read-call.ts';
import { ringCall } from '#usecases/calls/ring-call.ts';
import { runTimer } from '#usecases/calls/run-timer.ts';
import { blockUser, listBlocks } from '#usecases/protection/blocks.ts';
import { readPreferences } from '#usecases/protection/read-preferences.ts';
import { callResource } from '#wire/views.ts';
import { aRing, callDeps } from '../support/call-deps.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

const login = (userId: string) => ({ userId, kind: 'login' as const, tokenFingerprint: userId });

/** Alice rings Bob, who may not hear her. */
async function aScene(silence: Silence | undefined) {
  const { deps, skew } = callDeps();
  const [alice, bob, carol] = [randomUUID(), randomUUID(), randomUUID()];
  if (silence === 'blocked') await blockUser(deps)(bob, alice);
  if (silence === 'do_not_disturb') await deps.guards.setPreferences(bob, { doNotDisturb: true });
  const ring = (caller: string, ...callees: string[]) =>
    placeCall(deps)({ ...aRing(caller, ''), members: callees.map((userId) => ({ userId })) });
  const stateOf = async (cid: string, userId: string, viewer: string) => {
    const call = await readCall(deps)(cid, login(viewer));
    return callResource(call, { userId: viewer }).members.find(({ user_id }) => user_id === userId)?.state;
  };
  const historyOf = async (userId: string) =>
    (await listCalls(deps)({ userId, limit: 10 })).calls.map(({ cid }) => cid);
  const jobs = (type: RingJob['type']) => deps.ringJobs.sent.filter((job) => job.type === type);
  return { deps, skew, alice, bob, carol, ring, stateOf, historyOf, jobs };
}

describe('a ring of somebody who is blocked', () => {
  it('is no call at all for the callee, and one that nobody answers for the caller', async () => {
    const { deps, skew, alice, bob, ring, stateOf, historyOf, jobs } = await aScene('blocked');
    const { call } = await ring(alice, bob);
    expect(call.status).toBe('ringing');
    expect(await stateOf(call.cid, bob, alice)).toBe('ringing');
    await expect(readCall(deps)(call.cid, login(bob))).rejects.toMatchObject({ code: 'not_a_member' });
    await expect(acceptCall(deps)({ cid: call.cid, user: login(bob) })).rejects.toMatchObject({ code: 'not_a_member' });
    expect(await historyOf(bob)).toEqual([]);
    expect(await historyOf(alice)).toEqual([call.cid]);
    skew.ms = 46 * SECOND_MS;
    expect(await stateOf(call.cid, bob, alice)).toBe('missed');
    await actOnCall(deps)({ cid: call.cid, user: login(alice), act: { type: 'leave' } }).catch(() => undefined);
    expect(jobs('stop')).toEqual([]);
    expect(jobs('notice')).toEqual([]);
  });

  it('does not keep the callee busy, nor is the callee ever busy for it', async () => {
    const { alice, bob, carol, ring } = await aScene('blocked');
    await ring(alice, bob);
    expect((await ring(carol, bob)).call.status).toBe('ringing');
    expect((await ring(alice, bob)).call.status).toBe('ringing');
  });

  it('makes the caller busy, not glare, if the callee rings them meanwhile; the ring goes on', async () => {
    const { deps, alice, bob, ring, stateOf, jobs } = await aScene('blocked');
    const first = await ring(alice, bob);
    const { call, kind } = await ring(bob, alice);
    expect(kind).toBe('created');
    expect(call).toMatchObject({ status: 'ended', endedReason: 'rejected' });
    expect(await stateOf(call.cid, alice, bob)).toBe('busy');
    expect(jobs('notice')).toMatchObject([{ userId: alice }]);
    expect((await deps.calls.find(first.call.cid))?.status).toBe('ringing');
  });

  it('is heard again once they are unblocked', async () => {
    const { deps, alice, bob, ring, stateOf, historyOf } = await aScene('blocked');
    const { call } = await getOrCreateCall(deps)(aRing(alice, bob));
    expect(await historyOf(bob)).toEqual([]);
    await expect(readCall(deps)(call.cid, login(bob))).rejects.toMatchObject({ code: 'not_a_member' });
    await deps.guards.unblock(bob, alice);
    await ringCall(deps)({ cid: call.cid, user: login(alice) });
    expect(await stateOf(call.cid, bob, bob)).toBe('ringing');
    expect(await historyOf(bob)).toEqual([call.cid]);
    await actOnCall(deps)({ cid: call.cid, user: login(alice), act: { type: 'cancel' } });
    expect((await ring(alice, bob)).call.status).toBe('ringing');
  });

  it('leaves a group to those who are heard, and lets another member ring', async () => {
    const { deps, skew, alice, bob, carol, ring, stateOf, historyOf } = await aScene('blocked');
    const { call } = await ring(alice, bob, carol);
    const { cid } = call;
    await acceptCall(deps)({ cid, user: login(carol) });
    skew.ms = 46 * SECOND_MS;
    expect(await stateOf(cid, bob, carol)).toBe('missed');
    expect(await historyOf(bob)).toEqual([]);
    await ringCall(deps)({ cid, user: login(carol), members: [bob] });
    expect(await stateOf(cid, bob, bob)).toBe('ringing');
    expect(await historyOf(bob)).toEqual([cid]);
  });

  it('is not rung in a call of somebody else, which stays', async () => {
    const { deps, alice, bob, carol, stateOf, historyOf } = await aScene('blocked');
    const { call } = await getOrCreateCall(deps)({
      ...aRing(carol, ''),
      members: [{ userId: alice }, { userId: bob }],
    });
    const { cid } = call;
    await ringCall(deps)({ cid, user: login(alice), members: [bob] });
    expect(await stateOf(cid, bob, carol)).toBe('ringing');
    expect(await stateOf(cid, bob, bob)).toBe('invited');
    expect(await historyOf(bob)).toEqual([cid]);
  });

  it('adds nobody to a call who has blocked whoever adds them, as far as they can see', async () => {
    const { deps, alice, bob, carol, ring, historyOf } = await aScene('blocked');
    const { call } = await ring(alice, carol);
    for (const rings of [false, true])
      await addMembers(deps)({ cid: call.cid, principal: login(alice), members: [bob], ring: rings });
    expect(await historyOf(bob)).toEqual([]);
    await expect(readCall(deps)(call.cid, login(bob))).rejects.toMatchObject({ code: 'not_a_member' });
  });
});

describe('a ring of somebody who does not want to be disturbed', () => {
  it('is one that nobody answers for the caller, and a missed call for the callee', async () => {
    const { deps, skew, alice, bob, ring, stateOf, historyOf } = await aScene('do_not_disturb');
    const { call } = await ring(alice, bob);
    expect(await stateOf(call.cid, bob, alice)).toBe('ringing');
    expect(await stateOf(call.cid, bob, bob)).toBe('invited');
    expect(await historyOf(bob)).toEqual([call.cid]);
    skew.ms = 46 * SECOND_MS;
    expect(await stateOf(call.cid, bob, bob)).toBe('missed');
    expect((await listCalls(deps)({ userId: bob, status: 'missed', limit: 10 })).calls).toHaveLength(1);
  });

  it('does not keep them busy; if they ring back it is glare, and they may answer', async () => {
    const { deps, alice, bob, carol, ring, stateOf } = await aScene('do_not_disturb');
    const { call } = await ring(alice, bob);
    expect((await ring(carol, bob)).call.status).toBe('ringing');
    await expect(ring(bob, alice)).rejects.toMatchObject({ code: 'glare' });
    await acceptCall(deps)({ cid: call.cid, user: login(bob) });
    expect(await stateOf(call.cid, bob, alice)).toBe('accepted');
    expect((await ring(carol, bob)).call.status).toBe('ringing');
    await deps.guards.setPreferences(bob, {});
    expect((await ring(carol, bob)).call.endedReason).toBe('rejected');
  });

  it('is heard from the chosen moment on', async () => {
    const { deps, alice, bob, ring, stateOf } = await aScene('do_not_disturb');
    await deps.guards.setPreferences(bob, { doNotDisturb: { until: later(deps.clock(), -1) } });
    expect(await readPreferences(deps)(bob)).toEqual({});
    expect(await stateOf((await ring(alice, bob)).call.cid, bob, bob)).toBe('ringing');
    const until = later(deps.clock(), 60_000);
    await deps.guards.setPreferences(bob, { doNotDisturb: { until } });
    expect(await readPreferences(deps)(bob)).toEqual({ doNotDisturb: { until } });
  });
});

/** A store that notes the name of each call. */
const noting = <Store extends object>(store: Store, made: string[]): Store =>
  new Proxy(store, {
    get(target, name) {
      const work: unknown = Reflect.get(target, name);
      if (typeof work !== 'function') return work;
      return (...args: unknown[]) => {
        made.push(String(name));
        return Reflect.apply(work, target, args);
      };
    },
  });

type Scene = ReturnType<typeof callDeps>;

/** How a ring ends that nobody answers. */
const ENDS: Readonly<Record<string, (scene: Scene, cid: string, alice: string) => Promise<unknown>>> = {
  cancelled: ({ deps }, cid, alice) => actOnCall(deps)({ cid, user: login(alice), act: { type: 'cancel' } }),
  async missed({ deps, skew }) {
    skew.ms += 46 * SECOND_MS;
    for (const job of deps.timers.sent.splice(0)) await runTimer(deps)(job, false);
  },
  'followed by the next one': async () => undefined,
};

describe('a ring of somebody by whose other call the callee rings already', () => {
  it.each([undefined, 'do_not_disturb', 'blocked'] as const)(
    'finds them busy, whether it is heard or %s',
    async (silence) => {
      const { deps, alice, bob, carol, ring, stateOf, historyOf, jobs } = await aScene(silence);
      await ring(alice, bob, carol);
      const { call } = await ring(alice, bob);
      expect(call).toMatchObject({ status: 'ended', endedReason: 'rejected' });
      expect(await stateOf(call.cid, bob, alice)).toBe('busy');
      const isBlocked = silence === 'blocked';
      expect(jobs('notice').map(({ cid }) => cid)).toEqual(isBlocked ? [] : [call.cid]);
      expect((await historyOf(bob)).includes(call.cid)).toBe(!isBlocked);
      const seen = stateOf(call.cid, bob, bob);
      if (isBlocked) await expect(seen).rejects.toMatchObject({ code: 'not_a_member' });
      else expect(await seen).toBe('busy');
      // It was a call before Bob blocked her.
      const { call: known } = await getOrCreateCall(deps)({
        ...aRing(carol, ''),
        members: [{ userId: alice }, { userId: bob }],
      });
      await ringCall(deps)({ cid: known.cid, user: login(alice), members: [bob] });
      expect(await stateOf(known.cid, bob, carol)).toBe('busy');
      expect(await stateOf(known.cid, bob, bob)).toBe(isBlocked ? 'invited' : 'busy');
      // The client asks again, so what was to be heard is said again.
      const group = { ...aRing(alice, ''), members: [{ userId: bob }, { userId: randomUUID() }] };
      for (const _ of ['once', 'again']) await placeCall(deps)(group);
      expect(await stateOf(group.cid, bob, alice)).toBe('busy');
      expect(jobs('notice').filter(({ cid }) => cid === group.cid)).toHaveLength(isBlocked ? 0 : 2);
    },
  );
});

describe('what a ring asks of the calls and busy locks', () => {
  /** What was asked while Alice rang three times, for each ring and each end, and how the calls came out. */
  async function asked(
    callee: string,
    { silence, end }: { silence?: Silence | undefined; end: (typeof ENDS)[string] },
  ) {
    const scene = callDeps();
    const alice = `m${randomUUID()}`;
    const [lockCalls, callCalls]: [string[], string[]] = [[], []];
    Object.assign(scene.deps, {
      busyLocks: noting(scene.deps.busyLocks, lockCalls),
      calls: noting(scene.deps.calls, callCalls),
    });
    const { deps } = scene;
    if (silence === 'blocked') await blockUser(deps)(callee, alice);
    if (silence === 'do_not_disturb') await deps.guards.setPreferences(callee, { doNotDisturb: true });
    const taken = () => [lockCalls.splice(0), callCalls.splice(0)];
    const steps = [];
    const cids = [];
    for (let i = 0; i < 3; i += 1) {
      const { call } = await placeCall(deps)(aRing(alice, callee));
      cids.push(call.cid);
      steps.push(taken());
      await end(scene, call.cid, alice);
      steps.push(taken());
    }
    const ends = await Promise.all(cids.map(async (cid) => (await deps.calls.find(cid))?.endedReason));
    return { steps, ends };
  }

  const cases = Object.keys(ENDS).flatMap((end) =>
    (['blocked', 'do_not_disturb'] as const).flatMap((silence) =>
      ['a', 'z'].map((initial) => [end, silence, initial] as const),
    ),
  );
  it.each(cases)('is the same if it is %s, whether it is heard or %s, by %s…', async (end, silence, initial) => {
    const [ended, bob] = [ENDS[end], randomUUID()];
    if (!ended) throw new Error(`no such end: ${end}`);
    const heard = await asked(`${initial}1${bob}`, { end: ended });
    const unheard = await asked(`${initial}2${bob}`, { silence, end: ended });
    expect(unheard).toEqual(heard);
  });

  it('makes way for the next of the same caller, whoever else rings the same callee unheard', async () => {
    const { deps, alice, bob, carol, ring } = await aScene('blocked');
    await blockUser(deps)(bob, carol);
    const dave = randomUUID();
    const { call: talk } = await ring(alice, dave);
    await acceptCall(deps)({ cid: talk.cid, user: login(dave) });
    // Her own lock stays with that one.
    const first = await ring(alice, bob);
    const other = await ring(carol, bob);
    await ring(alice, bob);
    expect(await deps.calls.find(first.call.cid)).toMatchObject({ status: 'ended', replaced: true });
    expect(await deps.calls.find(other.call.cid)).toMatchObject({ status: 'ringing' });
  });
});

describe('blocks', () => {
  it('are at most a thousand, each once, also when more come at once', async () => {
    const { deps } = callDeps();
    const bob = randomUUID();
    await store(bob, MAX_BLOCKS - 10, deps.clock());
    const more = Array.from({ length: 15 }, (_, i) => blockUser(deps)(bob, `more-${i}`));
    const refusals = (await Promise.allSettled(more)).filter(({ status }) => status === 'rejected');
    expect(refusals).toEqual(
      Array(5).fill({ status: 'rejected', reason: expect.objectContaining({ code: 'validation_failed' }) }),
    );
    await blockUser(deps)(bob, 'user-7');
    await expect(blockUser(deps)(bob, 'one-more')).rejects.toMatchObject({ code: 'validation_failed' });
    await Promise.all([deps.guards.unblock(bob, 'user-7'), deps.guards.unblock(bob, 'user-7')]);
    await blockUser(deps)(bob, 'one-more');
    await expect(blockUser(deps)(bob, 'user-7')).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await listBlocks(deps)(bob)).toHaveLength(MAX_BLOCKS);
  });

  /** Stores that many blocks at once: each by itself is written into an ever longer row, which takes its time. */
  const store = (userId: string, count: number, at: EpochMs) => {
    const blocks = Object.fromEntries(Array.from({ length: count }, (_, i) => [`block user-${i}`, at]));
    const Item = { ...keys.guard(userId), blocks: count, ...blocks };
    const { db, name } = dynamoTable(inject('dynamodb').table, () => at);
    return db.send(new PutCommand({ TableName: name, Item }));
  };

  it('are of users by any id, and never of oneself', async () => {
    const { deps } = callDeps();
    const bob = randomUUID();
    for (const id of ['constructor', 'auth0|a.b', 'x@y.example', '~']) {
      await blockUser(deps)(bob, id);
      expect(await deps.guards.against(id, [bob])).toEqual(new Map([[bob, { hasBlocked: true }]]));
    }
    expect(await deps.guards.against('auth0|a', [bob])).toEqual(new Map([[bob, { hasBlocked: false }]]));
    await expect(blockUser(deps)(bob, bob)).rejects.toMatchObject({ code: 'validation_failed' });
  });
});
