import type { Call } from '#domain/call/call.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { actOnCall, type CallAct } from '#usecases/calls/act-on-call.ts';
import { joinHostedCall, readHostedCall, startHostedCall } from '#usecases/calls/hosted-call.ts';
import type { CommandName } from './commands.ts';
import type { World } from './world.ts';

// A client of sessions acts on them over REST.

type Deps = ReturnType<World['depsFor']>;

type SessionAct = 'ring' | 'accept' | 'reject' | 'end';

/** What a client of sessions asks for where another one gives a command; nothing where it has no word for it. */
export const SESSION_ACTS: Readonly<Partial<Record<CommandName, SessionAct>>> = {
  ring: 'ring',
  'ring too': 'ring',
  'ring again': 'ring',
  'ring anew': 'ring',
  accept: 'accept',
  'accept that ring': 'accept',
  reject: 'reject',
  'reject that ring': 'reject',
  cancel: 'end',
  leave: 'end',
  end: 'end',
};

/** A request about a session; one that starts it says with whom. */
interface SessionRequest {
  readonly user: UserPrincipal;
  readonly hardwareId: string | undefined;
  readonly cid: string;
  readonly peer: string;
}

const act =
  (what: CallAct) =>
  async (deps: Deps, { cid, user, hardwareId }: SessionRequest): Promise<Call> => {
    await readHostedCall(deps)(cid, user);
    return actOnCall(deps)({ cid, user, act: what, hardwareId });
  };

/** Every request of such a client, as its route serves it. */
export const SESSION_REQUESTS: Readonly<Record<SessionAct, (deps: Deps, asked: SessionRequest) => Promise<Call>>> = {
  ring: async (deps, { user, peer: calleeId, hardwareId }) =>
    (await startHostedCall(deps)({ user, calleeId, video: true, hardwareId })).call,
  accept: async (deps, { cid, user, hardwareId }) => (await joinHostedCall(deps)({ cid, user, hardwareId })).call,
  reject: act({ type: 'reject', reason: 'decline' }),
  end: act({ type: 'end' }),
};
