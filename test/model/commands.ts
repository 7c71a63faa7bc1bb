import type { Call } from '#domain/call/call.ts';
import { handsetOf, type UserPrincipal } from '#domain/identity.ts';
import { acceptCall } from '#usecases/calls/accept-call.ts';
import { changeCall } from '#usecases/calls/change-call.ts';
import { createCall } from '#usecases/calls/create-call.ts';
import { reportRinging } from '#usecases/calls/report-ringing.ts';
import { ringCall } from '#usecases/calls/ring-call.ts';
import type { World } from './world.ts';

/** A command on a call, by somebody. */
export interface Order {
  readonly cid: string;
  readonly user: UserPrincipal;
  /** User ids of those who are in the call besides who creates it. */
  readonly others: readonly string[];
  /** Names a second ring: it is asked for in the same words again and again. */
  readonly ringId: string;
}

type Deps = ReturnType<World['depsFor']>;

const RING = { ring: true, video: false, custom: {}, ringMs: 10_000, offer: { sdp: 'v=0' } } as const;

/** Every command that a client gives, as its handler runs it. */
export const COMMANDS = {
  ring: async (deps: Deps, { cid, user, others }: Order): Promise<Call> => {
    const members = others.map((userId) => ({ userId }));
    return (await createCall(deps)({ cid, user, members, ...RING })).call;
  },
  'ring again': (deps: Deps, { cid, user, others, ringId }: Order): Promise<Call> => {
    const members = others.filter((userId) => userId !== user.userId);
    return ringCall(deps)({ cid, user, ringId, members, ringMs: 10_000 });
  },
  accept: async (deps: Deps, { cid, user }: Order): Promise<Call> => (await acceptCall(deps)({ cid, user })).call,
  reject: (deps: Deps, { cid, user }: Order): Promise<Call> => {
    const command = { type: 'reject' as const, by: user.userId, on: handsetOf(user), reason: 'decline' as const };
    return changeCall(deps)({ cid, user, action: 'reject', command: () => command });
  },
  cancel: (deps: Deps, { cid, user }: Order): Promise<Call> =>
    changeCall(deps)({ cid, user, action: 'cancel', command: () => ({ type: 'cancel', by: user.userId }) }),
  leave: (deps: Deps, { cid, user }: Order): Promise<Call> => {
    const command = { type: 'leave' as const, by: user.userId, on: handsetOf(user) };
    return changeCall(deps)({ cid, user, action: 'leave', command: () => command });
  },
  end: (deps: Deps, { cid, user }: Order): Promise<Call> => {
    const command = { type: 'end' as const, by: user.userId, on: handsetOf(user) };
    return changeCall(deps)({ cid, user, action: 'end', command: () => command });
  },
  ringing: (deps: Deps, { cid, user }: Order): Promise<Call> => reportRinging(deps)(cid, user),
} as const;

export type CommandName = keyof typeof COMMANDS;
