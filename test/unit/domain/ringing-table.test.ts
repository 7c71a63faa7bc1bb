import { expect, it } from 'vitest';
import { type Call, type CallStatus, type Member, type MemberState, memberOf, userIdsOf } from '#domain/call/call.ts';
import { inState } from '#domain/call/change.ts';
import { type CallCommand, type Decision, decide } from '#domain/call/decide.ts';
import { later } from '#domain/time.ts';
import { RULES, type Rule, ruleFor, type Situation } from '../../model/ringing-table.ts';
import { aCreatedCall, NOON, onPhone } from '../../support/builders.ts';

const STATES: Readonly<Record<CallStatus, readonly MemberState[]>> = {
  created: ['invited', 'left'],
  ringing: ['ringing', 'invited', 'rejected', 'busy', 'missed', 'left'],
  active: ['ringing', 'accepted', 'invited', 'rejected', 'busy', 'missed', 'left'],
  ended: ['accepted', 'invited', 'rejected', 'busy', 'missed', 'left'],
};
/** In a call of two the other states would have ended it. */
const STATES_OF_TWO: Readonly<Record<CallStatus, readonly MemberState[]>> = {
  ...STATES,
  ringing: ['ringing'],
  active: ['accepted'],
};
const CALLER_STATES: Readonly<Record<CallStatus, readonly MemberState[]>> = {
  created: ['joined', 'invited'],
  ringing: ['joined', 'ringing', 'rejected', 'busy', 'missed'],
  active: ['joined', 'left', 'accepted', 'ringing', 'rejected', 'busy', 'missed'],
  ended: ['joined', 'left', 'accepted', 'rejected', 'busy', 'missed'],
};
const COMMANDS = ['ring', 'accept', 'reject', 'cancel', 'leave', 'end'];

const situations: Situation[] = (['two', 'more'] as const).flatMap((size) =>
  (['created', 'ringing', 'active', 'ended'] as const).flatMap((call) =>
    COMMANDS.flatMap((command) =>
      (['same', 'other'] as const).flatMap((handset) => [
        { by: 'stranger' as const, state: 'none' as const, call, command, handset, size },
        ...CALLER_STATES[call]
          .filter((state) => size === 'more' || state === 'joined')
          .map((state) => ({ by: 'caller' as const, state, call, command, handset, size })),
        ...(size === 'two' ? STATES_OF_TWO : STATES)[call].map((state) => ({
          by: 'callee' as const,
          state,
          call,
          command,
          handset,
          size,
        })),
      ]),
    ),
  ),
);

const ACTORS = { stranger: 'mallory', caller: 'alice', callee: 'bob' } as const;

/** A call in which the actor stands as told; in a larger one carol rings and dave is in as far as the call has come to that. */
function theCall({ by, state, call: status, size }: Situation): Call {
  const call = aCreatedCall(size === 'two' ? ['bob'] : ['bob', 'carol', 'dave', 'erin'], {
    status,
    ringIds: status === 'created' ? [] : ['r'],
  });
  const others: Record<string, MemberState> =
    size === 'two'
      ? { bob: STATES_OF_TWO[status][0] ?? 'invited' }
      : {
          bob: status === 'created' ? 'invited' : 'rejected',
          carol: { created: 'invited', ringing: 'ringing', active: 'ringing', ended: 'missed' }[status] as MemberState,
          dave: { created: 'invited', ringing: 'rejected', active: 'accepted', ended: 'accepted' }[
            status
          ] as MemberState,
          erin: 'invited',
        };
  const all = { alice: 'joined' as MemberState, ...others, ...(state !== 'none' && { [ACTORS[by]]: state }) };
  return {
    ...call,
    members: Object.fromEntries(Object.entries(all).map(([userId, of]) => [userId, aMember(userId, of, status)])),
  };
}

const aMember = (userId: string, state: MemberState, status: CallStatus): Member => ({
  userId,
  role: userId === 'alice' ? 'admin' : 'user',
  state,
  since: NOON,
  ...(status !== 'created' && !['joined', 'invited'].includes(state) && { ringId: 'r' }),
  ...(state === 'ringing' && { ringExpiresAt: later(NOON, 45_000) }),
  ...(state === 'accepted' && { handset: onPhone('same') }),
});

function theCommand({ command, by, handset, size }: Situation): CallCommand {
  const on = onPhone(handset);
  const actor = ACTORS[by];
  switch (command) {
    case 'ring':
      return {
        type: 'ring',
        by: actor,
        ringId: 'new',
        busy: [],
        members: size === 'two' ? ['alice', 'bob'] : ['bob', 'erin'],
      };
    case 'accept':
      return { type: 'accept', by: actor, on };
    case 'reject':
      return { type: 'reject', by: actor, on, reason: 'decline' };
    case 'cancel':
      return { type: 'cancel', by: actor };
    case 'leave':
      return { type: 'leave', by: actor, on };
    default:
      return { type: 'end', by: actor, on };
  }
}

function outcomeOf(decision: Decision, actor: string, rule: Rule): string {
  if (decision.kind === 'refused') return decision.code;
  if (decision.kind === 'unchanged') return decision.kind;
  const { to, effects } = decision.change;
  if (rule.outcome === 'rings') return effects.rings.length > 0 ? 'rings' : 'nobody rings';
  if (rule.outcome === 'cancelled' || rule.outcome === 'completed') return to.endedReason ?? to.status;
  return memberOf(to, actor)?.state ?? 'none';
}

/** The user ids that a table names. */
function recipients(call: Call, to: string): string[] {
  const ringing = inState(call, 'ringing');
  if (to === 'all') return userIdsOf(call).toSorted();
  if (to === 'ringing') return ringing.toSorted();
  expect(to).toBe('ringing and the caller');
  return ringing.length === 0 ? [] : [...new Set(['alice', ...ringing])].toSorted();
}

const named = (situation: Situation): string =>
  `${situation.by} (${situation.state}) of ${situation.size}, ${situation.call}: ${situation.command} on the ${situation.handset} handset`;

/** A ring that reaches nobody changes nothing; whom it reaches is tested elsewhere. */
const isEmptyRing = (decision: Decision, rule: Rule): boolean =>
  rule.outcome === 'rings' && decision.kind === 'unchanged';

it.each(situations.map((situation) => [named(situation), situation] as const))('%s', (_, situation) => {
  const rule = ruleFor(situation);
  const call = theCall(situation);
  const decision = decide(call, theCommand(situation), NOON);
  if (isEmptyRing(decision, rule)) return;
  expect(outcomeOf(decision, ACTORS[situation.by], rule)).toBe(rule.outcome);
  if (decision.kind !== 'changed' || rule.outcome === 'rings') return;
  const told = decision.change.effects.events.map(({ type, to }) => ({ type, to: [...to].toSorted() }));
  const expected = rule.events
    .map(({ type, to }) => ({ type, to: recipients(call, to) }))
    .filter(({ to }) => to.length > 0);
  expect(told.slice(0, expected.length)).toEqual(expected);
  // What comes after is the end that the step brought about.
  for (const { type } of told.slice(expected.length)) expect(type).toBe('call.ended');
});

it('uses every rule of the table', () => {
  const used = new Set(situations.map(ruleFor));
  expect(RULES.filter((rule) => !used.has(rule))).toEqual([]);
});
