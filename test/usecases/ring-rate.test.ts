import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { endOfWindow, PAIR_WINDOW_MS, type RingRate } from '#domain/protection/ring-rate.ts';
import { HOUR_MS, later, MINUTE_MS } from '#domain/time.ts';
import { acceptCall } from '#usecases/calls/accept-call.ts';
import { actOnCall } from '#usecases/calls/act-on-call.ts';
import { addMembers } from '#usecases/calls/add-members.ts';
import { getOrCreateCall } from '#usecases/calls/get-or-create-call.ts';
import { placeCall } from '#usecases/calls/place-call.ts';
import { ringCall } from '#usecases/calls/ring-call.ts';
import { aRing, callDeps } from '../support/call-deps.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

const login = (userId: string, kind: 'login' | 'server' = 'login') => ({ userId, kind, tokenFingerprint: userId });

/** Somebody who rings under a limit; the clock stands at the beginning of an hour. */
function aCaller(rate: RingRate) {
  const { deps: base, skew } = callDeps();
  skew.ms = endOfWindow(base.clock(), HOUR_MS) - base.clock();
  const at = base.clock();
  const time = { now: at };
  const deps = { ...base, clock: () => time.now, ringRate: rate };
  const alice = randomUUID();
  const ring = (callee: string, extra: object = {}) => placeCall(deps)({ ...aRing(alice, callee), ...extra });
  /** What becomes of a ring: `rung`, or why it was refused. */
  const tried = async (callee: string, extra: object = {}) =>
    ring(callee, extra).then(
      ({ call }) => (call.status === 'ringing' ? 'rung' : call.endedReason),
      ({ code, retryAfterS }) => ({ code, retryAfterS }),
    );
  /** Rings `callee` and hangs up. */
  const insist = async (callee: string): Promise<string> => {
    const { call } = await ring(callee);
    await actOnCall(deps)({ cid: call.cid, user: login(alice), act: { type: 'cancel' } });
    return call.cid;
  };
  const answered = async (callee: string): Promise<void> => {
    const { call } = await ring(callee);
    time.now = later(time.now, 1);
    await acceptCall(deps)({ cid: call.cid, user: login(callee) });
    await actOnCall(deps)({ cid: call.cid, user: login(alice), act: { type: 'end' } });
    time.now = later(time.now, 1);
  };
  return { deps, time, alice, ring, tried, insist, answered };
}

const MANY = { minute: 1000, hour: 1000, pair: 1000 };
const somebody = randomUUID;

describe('the rings of a minute and an hour', () => {
  it('are refused from the first one too many, until the window is over', async () => {
    const { time, tried } = aCaller({ ...MANY, minute: 3 });
    time.now = later(time.now, 20_000);
    for (let i = 0; i < 3; i += 1) expect(await tried(somebody())).toBe('rung');
    expect(await tried(somebody())).toEqual({ code: 'rate_limited', retryAfterS: 40 });
    time.now = later(time.now, 40_000);
    expect(await tried(somebody())).toBe('rung');
  });

  it('are counted by the hour as well', async () => {
    const { time, tried } = aCaller({ ...MANY, hour: 2 });
    expect(await tried(somebody())).toBe('rung');
    time.now = later(time.now, MINUTE_MS);
    expect(await tried(somebody())).toBe('rung');
    time.now = later(time.now, MINUTE_MS);
    expect(await tried(somebody())).toEqual({ code: 'rate_limited', retryAfterS: 58 * 60 });
    time.now = later(time.now, 58 * MINUTE_MS);
    expect(await tried(somebody())).toBe('rung');
  });

  it('let through just as many of those that come at once', async () => {
    const { tried } = aCaller({ ...MANY, minute: 5 });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => tried(somebody())));
    expect(outcomes.filter((outcome) => outcome === 'rung')).toHaveLength(5);
  });

  it('wake nobody who is refused, and claim nobody', async () => {
    const { deps, tried, alice } = aCaller({ ...MANY, minute: 1 });
    const [bob, carol] = [somebody(), somebody()];
    await tried(somebody());
    const sent = deps.ringJobs.sent.length;
    await tried(bob);
    expect(deps.ringJobs.sent).toHaveLength(sent);
    // Bob is not busy for somebody else, and Alice still rings the first one.
    const { call } = await placeCall({ ...deps, ringRate: MANY })(aRing(carol, bob));
    expect(call.status).toBe('ringing');
    expect((await deps.history.list(alice, 10)).entries).toHaveLength(1);
  });

  it('are not counted for the app’s own backend, nor those that ring nobody', async () => {
    const { deps, alice, tried } = aCaller({ ...MANY, minute: 2 });
    for (let i = 0; i < 3; i += 1) expect(await tried(somebody(), { user: login(alice, 'server') })).toBe('rung');
    const bob = somebody();
    const wanted = aRing(alice, bob);
    await placeCall(deps)(wanted);
    // The same request again, and a ring that was seen before.
    for (let i = 0; i < 3; i += 1) await placeCall(deps)(wanted);
    await ringCall(deps)({ cid: wanted.cid, user: login(alice), members: [bob] });
    expect(await tried(somebody())).toBe('rung');
    expect(await tried(somebody())).toMatchObject({ code: 'rate_limited' });
  });

  it('do not count a ring that is glare', async () => {
    const { deps, alice, tried } = aCaller({ ...MANY, minute: 2 });
    const bob = somebody();
    await placeCall({ ...deps, ringRate: MANY })(aRing(bob, alice));
    for (let i = 0; i < 3; i += 1) expect(await tried(bob)).toMatchObject({ code: 'glare' });
    for (let i = 0; i < 2; i += 1) expect(await tried(somebody())).toBe('rung');
    expect(await tried(somebody())).toMatchObject({ code: 'rate_limited' });
  });

  it('are those of every way to ring; who is refused adds nobody', async () => {
    const { deps, alice, tried } = aCaller({ ...MANY, minute: 2 });
    const [bob, carol, dave] = [somebody(), somebody(), somebody()];
    const { call } = await getOrCreateCall(deps)(aRing(alice, bob));
    await ringCall(deps)({ cid: call.cid, user: login(alice) });
    await addMembers(deps)({ cid: call.cid, principal: login(alice), members: [carol], ring: true });
    const third = addMembers(deps)({ cid: call.cid, principal: login(alice), members: [dave], ring: true });
    await expect(third).rejects.toMatchObject({ code: 'rate_limited' });
    expect(Object.keys((await deps.calls.find(call.cid))?.members ?? {}).toSorted()).toEqual(
      [alice, bob, carol].toSorted(),
    );
    expect(await tried(somebody())).toMatchObject({ code: 'rate_limited' });
  });
});

describe('rings to somebody who does not answer', () => {
  it('are refused after some, until the five minutes are over; others may be rung', async () => {
    const { time, tried, insist } = aCaller({ ...MANY, pair: 2 });
    const bob = somebody();
    await insist(bob);
    time.now = later(time.now, 2 * MINUTE_MS);
    await insist(bob);
    expect(await tried(bob)).toEqual({ code: 'rate_limited', retryAfterS: 180 });
    expect(await tried(somebody())).toBe('rung');
    time.now = endOfWindow(time.now, PAIR_WINDOW_MS);
    expect(await tried(bob)).toBe('rung');
  });

  it('start again with an answer, and one that was answered does not count', async () => {
    const { tried, insist, answered } = aCaller({ ...MANY, pair: 2 });
    const bob = somebody();
    await insist(bob);
    await answered(bob);
    await insist(bob);
    await answered(bob);
    await insist(bob);
    await insist(bob);
    expect(await tried(bob)).toMatchObject({ code: 'rate_limited' });
  });

  it('count nowhere if they are refused', async () => {
    const { tried, insist } = aCaller({ minute: 4, hour: 100, pair: 2 });
    const bob = somebody();
    await insist(bob);
    await insist(bob);
    for (let i = 0; i < 5; i += 1) expect(await tried(bob)).toMatchObject({ code: 'rate_limited' });
    expect(await tried(somebody())).toBe('rung');
    expect(await tried(somebody())).toBe('rung');
    expect(await tried(somebody())).toMatchObject({ code: 'rate_limited' });
  });

  it('are counted in one call as in several, from the last answer in it', async () => {
    const { deps, time, alice } = aCaller({ ...MANY, pair: 2 });
    const [bob, carol] = [somebody(), somebody()];
    const { call } = await placeCall(deps)({ ...aRing(alice, bob), members: [{ userId: bob }, { userId: carol }] });
    const { cid } = call;
    await acceptCall(deps)({ cid, user: login(carol) });
    const again = async (answers: boolean): Promise<void> => {
      time.now = later(time.now, 1);
      await ringCall(deps)({ cid, user: login(alice), members: [bob] });
      const user = login(bob);
      if (answers) await acceptCall(deps)({ cid, user });
      await actOnCall(deps)({ cid, user, act: answers ? { type: 'leave' } : { type: 'reject', reason: 'decline' } });
    };
    await actOnCall(deps)({ cid, user: login(bob), act: { type: 'reject', reason: 'decline' } });
    await again(true);
    await again(false);
    await again(false);
    await expect(again(false)).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('are counted for each of ninety-nine', async () => {
    const { tried } = aCaller({ ...MANY, pair: 1 });
    const crowd = Array.from({ length: 99 }, () => ({ userId: somebody() }));
    expect(await tried('', { members: crowd })).toBe('rung');
    expect(await tried(crowd[98]?.userId ?? '')).toMatchObject({ code: 'rate_limited' });
    expect(await tried('', { members: [...crowd.slice(0, 1), { userId: somebody() }] })).toMatchObject({
      code: 'rate_limited',
    });
  });
});
