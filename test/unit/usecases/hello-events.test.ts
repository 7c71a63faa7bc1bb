import { expect, it } from 'vitest';
import type { Call } from '#domain/call/call.ts';
import { decide } from '#domain/call/decide.ts';
import { later } from '#domain/time.ts';
import { helloEvents } from '#usecases/connections/hello-events.ts';
import { anActiveCall, aRingingCall, NOON } from '../../support/builders.ts';

const soon = later(NOON, 1000);

/** Alice's ring of Bob, which she has cancelled. */
function aCancelledCall(): Call {
  const decision = decide(
    aRingingCall(['bob'], { cid: 'default:c0', id: 'c0' }),
    { type: 'end', by: 'alice', on: { tokenFingerprint: 'alice-token' } },
    soon,
  );
  if (decision.kind !== 'changed') throw new Error('the call does not end');
  return decision.change.to;
}

const helloWith = async (other: Call) => {
  const hello = helloEvents({
    mailbox: { keep: async () => undefined, read: async () => [] },
    mint: { login: async () => 'login', wake: async () => 'wake', call: async () => 'call' },
    iceServers: async () => [],
    clock: () => soon,
  });
  const bob = { userId: 'bob', kind: 'login' as const, tokenFingerprint: 'b', connectionId: 'bobs-socket' };
  const waiting = [aCancelledCall(), other].map((call) => ({ call, isHandset: false, isResumable: true }));
  return (await hello(bob, waiting)).flatMap((event) => ('late' in event ? [event] : []));
};

it('says late how a ring ended, and whether its user is in another call', async () => {
  expect(await helloWith(anActiveCall())).toMatchObject([
    { type: 'call.cancelled', late: { isElsewhere: true } },
    { type: 'call.accepted' },
  ]);
});

it('does not take an answered session for another call, since it keeps nobody busy', async () => {
  const session: Call = { ...anActiveCall(), type: 'agora', mediaProvider: 'agora' };
  expect(await helloWith(session)).toMatchObject([
    { type: 'call.cancelled', late: { isElsewhere: false } },
    { type: 'call.accepted' },
  ]);
});
