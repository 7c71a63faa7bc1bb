import fc from 'fast-check';
import { type Call, memberOf, userIdsOf } from '#domain/call/call.ts';
import type { Change } from '#domain/call/change.ts';
import { type CallCommand, decide } from '#domain/call/decide.ts';
import { expire } from '#domain/call/expire.ts';
import { later } from '#domain/time.ts';
import type { CallEvent } from '#ports/call-event.ts';
import { encodeNative } from '#wire/socket/native/encode.ts';
import { aCreatedCall, NOON, onPhone } from './builders.ts';

/** One step of a call: who takes it, and what it is. */
export interface Step {
  readonly by: number;
  readonly type: 'ring' | 'accept' | 'reject' | 'leave' | 'end' | 'add' | 'ring out';
  readonly target: number;
}

/** Random steps of a call of this size. */
export const steps = (size: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      by: fc.nat(size - 1),
      type: fc.constantFrom('ring', 'accept', 'accept', 'reject', 'leave', 'end', 'add', 'ring out'),
      target: fc.nat(size - 1),
    }),
    { minLength: 1, maxLength: 12 },
  );

/** The user ids of its members. */
export const name = (i: number): string => (i === 0 ? 'alice' : `user-${i}`);

function commandOf({ type, by, target }: Step, i: number): CallCommand | undefined {
  const user = name(by);
  switch (type) {
    case 'ring':
      return { type, by: user, ringId: `r${i}`, busy: [], members: [name(target)] };
    case 'accept':
      return { type, by: user, on: onPhone('p') };
    case 'reject':
      return { type, by: user, on: onPhone('p'), reason: 'decline' };
    case 'leave':
      return { type, by: user };
    case 'end':
      return { type, by: user, on: onPhone('p') };
    case 'add':
      return { type, by: user, members: [`new-${i}`], asServer: false };
    case 'ring out':
      return undefined;
  }
}

/** All changes that steps make to a call that rings everybody, and the time of the last one. */
export function played(size: number, all: readonly Step[]) {
  const callees = Array.from({ length: size - 1 }, (_, i) => name(i + 1));
  const changes: (Change & { readonly by?: string })[] = [];
  let call = aCreatedCall(callees);
  let now = NOON;
  const add = (change: Change | undefined, by?: string): void => {
    if (!change) return;
    changes.push({ ...change, ...(by !== undefined && { by }) });
    call = change.to;
  };
  const run = (command: CallCommand): void => {
    const decision = decide(call, command, now);
    if (decision.kind === 'changed') add(decision.change, command.by);
  };
  run({ type: 'ring', by: 'alice', ringId: 'r', busy: [] });
  all.forEach((step, i) => {
    now = later(now, step.type === 'ring out' ? 45_000 : 10);
    add(expire(call, now));
    const command = commandOf(step, i);
    if (command) run(command);
  });
  return { changes, call, now };
}

/** Every event that a member is sent of a change. */
function eventsFor(userId: string, { from, to: call, effects }: Change): CallEvent[] {
  const changed = new Set(userIdsOf(call).filter((id) => memberOf(from, id) !== memberOf(call, id)));
  const events = effects.events
    .filter(({ to }) => to.includes(userId))
    .map(({ to: _, by: __, ...event }): CallEvent => ({ ...event, call, at: NOON, changed }));
  const ring: CallEvent = { type: 'call.ring', call, at: NOON, changed };
  return [...(effects.rings.includes(userId) ? [ring] : []), ...events];
}

/** The frames that a member is sent of all changes. */
export const frames = (userId: string, changes: readonly Change[]): object[] =>
  changes
    .flatMap((change) => eventsFor(userId, change))
    .flatMap((event) => encodeNative(event, { userId }))
    .map((text) => JSON.parse(text));

/** What a member's handset has to show: the state of the call and of the member, and whether it rings. */
export const picture = (call: Call, userId: string) => ({
  status: call.status,
  own: memberOf(call, userId)?.state,
  rings: memberOf(call, userId)?.state === 'ringing' && call.status !== 'ended',
});
