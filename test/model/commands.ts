import type { Call } from '#domain/call/call.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { acceptCall } from '#usecases/calls/accept-call.ts';
import { actOnCall, type CallAct } from '#usecases/calls/act-on-call.ts';
import { placeCall } from '#usecases/calls/place-call.ts';
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

const RING = { video: false, custom: {}, ringMs: 10_000, offer: { sdp: 'v=0' } } as const;

const act =
  (what: CallAct) =>
  (deps: Deps, { cid, user }: Order): Promise<Call> =>
    actOnCall(deps)({ cid, user, act: what });

/** Every command that a client gives, as its handler runs it. */
export const COMMANDS = {
  ring: async (deps: Deps, { cid, user, others }: Order): Promise<Call> => {
    const members = others.map((userId) => ({ userId }));
    return (await placeCall(deps)({ cid, user, members, ...RING })).call;
  },
  'ring again': (deps: Deps, { cid, user, others, ringId }: Order): Promise<Call> => {
    const members = others.filter((userId) => userId !== user.userId);
    return ringCall(deps)({ cid, user, ringId, members, ringMs: 10_000 });
  },
  accept: async (deps: Deps, { cid, user }: Order): Promise<Call> => (await acceptCall(deps)({ cid, user })).call,
  reject: act({ type: 'reject', reason: 'decline' }),
  cancel: act({ type: 'cancel' }),
  leave: act({ type: 'leave' }),
  end: act({ type: 'end' }),
  ringing: (deps: Deps, { cid, user }: Order): Promise<Call> => reportRinging(deps)({ cid, user }),
} as const;

export type CommandName = keyof typeof COMMANDS;
