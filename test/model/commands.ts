import type { Call } from '#domain/call/call.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { EpochMs } from '#domain/time.ts';
import { acceptCall } from '#usecases/calls/accept-call.ts';
import { actOnCall, type CallAct } from '#usecases/calls/act-on-call.ts';
import { getOrCreateCall } from '#usecases/calls/get-or-create-call.ts';
import { placeCall } from '#usecases/calls/place-call.ts';
import { relaySignal } from '#usecases/calls/relay-signal.ts';
import { reportRinging } from '#usecases/calls/report-ringing.ts';
import { resumeCall } from '#usecases/calls/resume-call.ts';
import { ringCall } from '#usecases/calls/ring-call.ts';
import { answerPerson } from '#usecases/pairs/answer-person.ts';
import { endCall } from '#usecases/pairs/end-call.ts';
import type { ConnectedUser } from '#usecases/pairs/pair-calls.ts';
import { rejectPerson } from '#usecases/pairs/reject-person.ts';
import { ringPerson } from '#usecases/pairs/ring-person.ts';
import { signalPerson } from '#usecases/pairs/signal-person.ts';
import { commandOf, runCommand } from '../../functions/kit/socketio/commands.ts';
import type { OneCallDialect, Sent, Wish } from './one-call-client.ts';
import type { World } from './world.ts';

/** A command on a call, by somebody. */
export interface Order {
  readonly cid: string;
  readonly user: UserPrincipal;
  /** User ids of all who are in the call. */
  readonly everybody: readonly string[];
  /** Names a second ring: it is asked for in the same words again and again. */
  readonly ringId: string;
  /** The same for a ring that no other command asks for. */
  readonly newRingId: string;
  /** The ring that is answered, if the command says so. */
  readonly answeredRing: string | undefined;
  /** The text of the signal that is sent, or of the offer that a ring comes with. */
  readonly signal: string;
}

type Deps = ReturnType<World['depsFor']>;

const RING_MS = 10_000;

const act =
  (what: CallAct) =>
  (deps: Deps, { cid, user }: Order): Promise<Call> =>
    actOnCall(deps)({ cid, user, act: what });

const others = ({ user, everybody }: Order): string[] => everybody.filter((userId) => userId !== user.userId);

const wanted = (order: Order) => ({
  cid: order.cid,
  user: order.user,
  members: others(order).map((userId) => ({ userId })),
  video: false,
  custom: {},
  ringMs: RING_MS,
});

const ring = async (deps: Deps, order: Order): Promise<Call> =>
  (await placeCall(deps)({ ...wanted(order), offer: { sdp: order.signal } })).call;

const ringBy = (ringId: string, deps: Deps, order: Order): Promise<Call> =>
  ringCall(deps)({
    cid: order.cid,
    user: order.user,
    ringId,
    members: others(order),
    ringMs: RING_MS,
    offer: { sdp: order.signal },
  });

const accept = async (deps: Deps, { cid, user, answeredRing: ringId, signal: sdp }: Order): Promise<Call> =>
  (await acceptCall(deps)({ cid, user, ringId, answer: { sdp } })).call;

const signal =
  (type: 'sdp.offer' | 'ice.candidate') =>
  async (deps: Deps, { cid, user, signal: text }: Order): Promise<undefined> => {
    const body = type === 'sdp.offer' ? { sdp: text } : { candidate: text, sdpMid: '0' };
    await relaySignal(deps)({ cid, user, type, body });
  };

/** Every command that a client gives, as its handler runs it. */
export const COMMANDS = {
  ring,
  /** The same, by any member: both ends may use one id. */
  'ring too': ring,
  'ring again': (deps: Deps, order: Order): Promise<Call> => ringBy(order.ringId, deps, order),
  'ring anew': (deps: Deps, order: Order): Promise<Call> => ringBy(order.newRingId, deps, order),
  /** The app's backend makes the call ahead of time and rings nobody. */
  create: async (deps: Deps, order: Order): Promise<Call> =>
    (
      await getOrCreateCall(deps)({
        ...wanted(order),
        user: { userId: order.user.userId, kind: 'server', tokenFingerprint: 'backend' },
      })
    ).call,
  'create silently': async (deps: Deps, order: Order): Promise<Call> =>
    (await getOrCreateCall(deps)(wanted(order))).call,
  accept,
  /** An answer that says which ring it is for: maybe a late retry. */
  'accept that ring': accept,
  reject: act({ type: 'reject', reason: 'decline' }),
  'reject that ring': (deps: Deps, { cid, user, answeredRing: ringId }: Order): Promise<Call> =>
    actOnCall(deps)({ cid, user, act: { type: 'reject', reason: 'decline' }, ringId }),
  cancel: act({ type: 'cancel' }),
  leave: act({ type: 'leave' }),
  end: act({ type: 'end' }),
  ringing: (deps: Deps, { cid, user }: Order): Promise<Call> => reportRinging(deps)({ cid, user }),
  /** Only a connection can go on with a call. */
  resume: async (deps: Deps, { cid, user }: Order): Promise<Call | undefined> =>
    user.connectionId === undefined
      ? undefined
      : resumeCall(deps)({ cid, user: { ...user, connectionId: user.connectionId } }),
  offer: signal('sdp.offer'),
  candidate: signal('ice.candidate'),
} as const;

export type CommandName = keyof typeof COMMANDS;

/** What a client wishes that names calls by who is in them, where another one gives a command; nothing where it has no word for it. */
export const WISHES: Readonly<Record<CommandName, Wish | undefined>> = {
  ring: 'ring',
  'ring too': 'ring',
  'ring again': 'ring',
  'ring anew': 'ring',
  create: undefined,
  'create silently': undefined,
  accept: 'answer',
  'accept that ring': 'answer',
  reject: 'reject',
  'reject that ring': 'reject',
  cancel: 'end',
  leave: 'end any',
  end: 'end',
  ringing: undefined,
  resume: undefined,
  offer: undefined,
  candidate: 'candidate',
};

/** Does what a client sends in the words of its dialect, as the function for clients of Socket.IO does. What comes back is the call, if it is known. */
export async function speak(
  deps: Deps,
  dialect: OneCallDialect,
  [name, argument]: Sent,
  from: { readonly user: ConnectedUser; readonly at: EpochMs },
): Promise<string | undefined> {
  const does = {
    ringPerson: ringPerson(deps),
    answerPerson: answerPerson(deps),
    rejectPerson: rejectPerson(deps),
    endCall: endCall(deps),
    signalPerson: signalPerson(deps),
  };
  const id = await runCommand(does, commandOf(dialect, name, [argument]), from);
  return id === undefined ? undefined : `default:${id}`;
}

/** What the table of rules calls a command. */
export const ruleNameOf = (command: CommandName): string =>
  command === 'accept that ring' ? 'accept' : command === 'reject that ring' ? 'reject' : command;

/** Commands that send a signal, those that ring with an offer among them. */
export const SENDS_SIGNAL: ReadonlySet<CommandName> = new Set(['offer', 'candidate']);
