import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Call, memberOf } from '#domain/call/call.ts';
import type { Change } from '#domain/call/change.ts';
import { type CallCommand, decide } from '#domain/call/decide.ts';
import { expire } from '#domain/call/expire.ts';
import { type EpochMs, later } from '#domain/time.ts';
import { aCreatedCall, NOON, onPhone } from '../../support/builders.ts';

const USERS = ['alice', 'bob', 'carol'];
const user = fc.constantFrom(...USERS);
const phone = fc.constantFrom('one', 'two').map(onPhone);

const command: fc.Arbitrary<CallCommand> = fc.oneof(
  fc.record({ type: fc.constant('ring' as const), by: user, ringId: fc.uuid(), busy: fc.subarray(['bob', 'carol']) }),
  fc.record({
    type: fc.constant('ring' as const),
    by: user,
    ringId: fc.uuid(),
    busy: fc.constant([]),
    members: fc.subarray(USERS, { minLength: 1 }),
  }),
  fc.record({ type: fc.constant('accept' as const), by: user, on: phone }),
  fc.record({ type: fc.constant('reject' as const), by: user, on: phone, reason: fc.constant('decline') }),
  fc.record({ type: fc.constant('cancel' as const), by: user }),
  fc.record({ type: fc.constant('leave' as const), by: user }),
  fc.record({ type: fc.constant('end' as const), by: user, on: phone }),
);

/** What must hold of every change, whatever led to it. */
function check(from: Call, to: Call): void {
  expect(from.status).not.toBe('ended');
  expect(to.version).toBe(from.version + 1);
  const members = Object.values(to.members);
  for (const member of members) {
    if (member.state !== 'joined') expect(member.handset !== undefined).toBe(member.state === 'accepted');
    if (member.state === 'ringing') expect(member.ringExpiresAt).toBeDefined();
  }
  if (to.status === 'ended') {
    expect(to).toMatchObject({ endedReason: expect.any(String), endedAt: expect.any(Number) });
    expect(members.filter(({ state }) => state === 'ringing')).toEqual([]);
  }
  if (to.status === 'ringing') expect(members.some(({ state }) => state === 'ringing')).toBe(true);
}

/** What a step makes of the call, if anything: time first, then the command. */
function step(call: Call, wanted: CallCommand, now: EpochMs): Change | undefined {
  const due = expire(call, now);
  if (due) return due;
  const decision = decide(call, wanted, now);
  return decision.kind === 'changed' ? decision.change : undefined;
}

const ringsOf = (call: Call): string[] =>
  Object.values(call.members).flatMap(({ userId, state, ringId }) =>
    state === 'ringing' ? [`${userId} ${ringId}`] : [],
  );

it('keeps every promise in any order of commands and clock ticks', () => {
  const steps = fc.array(fc.tuple(command, fc.nat({ max: 30_000 })), { maxLength: 25 });
  fc.assert(
    fc.property(steps, (taken) => {
      let call = aCreatedCall(['bob', 'carol']);
      let now: EpochMs = NOON;
      for (const [wanted, pause] of taken) {
        now = later(now, pause);
        const change = step(call, wanted, now);
        if (!change) continue;
        check(call, change.to);
        // Each ring that a change ends is silenced by it, once. Only an answer silences a ring that was over, its own:
        // whatever ended that may have crashed before it silenced the other phones.
        const over = ringsOf(call).filter((ring) => !ringsOf(change.to).includes(ring));
        const stops = change.effects.stops.map(({ userId, ringId }) => `${userId} ${ringId}`);
        const again = stops.filter((stop) => !over.includes(stop));
        expect(stops.filter((stop) => over.includes(stop)).toSorted()).toEqual(over.toSorted());
        if (wanted.type !== 'accept') expect(again).toEqual([]);
        else expect([[], [`${wanted.by} ${memberOf(call, wanted.by)?.ringId}`]]).toContainEqual(again);
        call = change.to;
      }
    }),
    { numRuns: 1000 },
  );
});
