import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { type Call, memberOf } from '#domain/call/call.ts';
import { acceptCall } from '#usecases/calls/accept-call.ts';
import { actOnCall } from '#usecases/calls/act-on-call.ts';
import { placeCall } from '#usecases/calls/place-call.ts';
import { ringCall } from '#usecases/calls/ring-call.ts';
import { callDeps } from '../support/call-deps.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

/** Alice and Bob talk; Carol has declined. */
async function aGroup() {
  const { deps } = callDeps();
  const login = (name: string) => ({
    userId: `${name}-${randomUUID()}`,
    kind: 'login' as const,
    tokenFingerprint: name,
    hardwareId: name,
  });
  const [alice, bob, carol] = [login('alice'), login('bob'), login('carol')];
  const cid = `default:${randomUUID()}`;
  const members = [bob, carol].map(({ userId }) => ({ userId }));
  await placeCall(deps)({ cid, user: alice, members, video: false, custom: {} });
  await acceptCall(deps)({ cid, user: bob });
  const declines = (doing = deps) => actOnCall(doing)({ cid, user: carol, act: { type: 'reject', reason: 'decline' } });
  await declines();
  const heldBy = async () => (await deps.presence.pending(carol.userId, deps.clock())).busyLock?.cid;
  return { deps, cid, alice, bob, carol, declines, heldBy };
}

it('a ring keeps its callee busy who joins and leaves before it is written', async () => {
  const { deps, cid, alice, carol, heldBy } = await aGroup();
  const claim: typeof deps.busyLocks.claim = async (...of) => {
    const outcome = await deps.busyLocks.claim(...of);
    if (of[0].userId === carol.userId && of[1].version < 6) {
      await acceptCall(deps)({ cid, user: carol });
      await actOnCall(deps)({ cid, user: carol, act: { type: 'leave' } });
    }
    return outcome;
  };
  const busyLocks = { ...deps.busyLocks, claim };
  const call = await ringCall({ ...deps, busyLocks })({ cid, user: alice, members: [carol.userId] });
  expect(memberOf(call, carol.userId)?.state).toBe('ringing');
  expect(await heldBy()).toBe(cid);
});

it('a ring keeps its callee busy whose decline of another ring is released late', async () => {
  const { deps, cid, alice, bob, carol, declines, heldBy } = await aGroup();
  const written = Promise.withResolvers<void>();
  const release: typeof deps.busyLocks.release = async (...of) => {
    await written.promise;
    return deps.busyLocks.release(...of);
  };
  const stateOf = (call: Call | undefined) => call && memberOf(call, carol.userId)?.state;
  let declining: Promise<unknown> | undefined;
  const claim: typeof deps.busyLocks.claim = async (...of) => {
    if (!declining && of[0].userId === carol.userId) {
      await ringCall(deps)({ cid, user: bob, members: [carol.userId] });
      declining = declines({ ...deps, busyLocks: { ...deps.busyLocks, release } });
      await expect.poll(async () => stateOf(await deps.calls.find(cid))).toBe('rejected');
    }
    return deps.busyLocks.claim(...of);
  };
  const apply: typeof deps.calls.apply = async (change) => {
    const saved = await deps.calls.apply(change);
    if (saved.kind === 'saved') {
      written.resolve();
      await declining;
    }
    return saved;
  };
  const racing = { ...deps, calls: { ...deps.calls, apply }, busyLocks: { ...deps.busyLocks, claim } };
  const call = await ringCall(racing)({ cid, user: alice, members: [carol.userId] });
  expect(memberOf(call, carol.userId)?.state).toBe('ringing');
  expect(await heldBy()).toBe(cid);
});
