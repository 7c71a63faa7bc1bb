import { type Call, callTokenExpiry, isCaller, isIn, keepsBusy, type Member, memberOf } from '#domain/call/call.ts';
import { endOfRing } from '#domain/call/end-of-ring.ts';
import { isHeardRinging } from '#domain/call/unheard.ts';
import { asPerson, type UserPrincipal } from '#domain/identity.ts';
import type { Clock, EpochMs } from '#domain/time.ts';
import type { CallEvent, Connected } from '#ports/call-event.ts';
import type { IceServers } from '#ports/ice-servers.ts';
import type { Mailbox } from '#ports/mailbox.ts';
import type { Connection } from '#ports/presence-store.ts';
import type { TokenMint } from '#ports/tokens.ts';
import { keptSignals } from './kept-signals.ts';

export interface HelloEventsDeps {
  readonly mailbox: Mailbox;
  readonly mint: TokenMint;
  readonly iceServers: IceServers;
  readonly clock: Clock;
}

/** The user of a connection that opens. */
export type Newcomer = UserPrincipal & { readonly connectionId: string };

/** A call that may concern a connection. */
export interface Waiting {
  readonly call: Call;
  /** Whether the connection belongs to the handset by which its user takes part in the call. */
  readonly isHandset: boolean;
  /** Whether the connection may go on with the call by `call.resume`, as another handset or as an app that was started anew. */
  readonly isResumable: boolean;
}

/** What a call is to a connection of a member, whose handset in it has the connections `onHandset`. */
export function waitingOf(
  call: Call,
  { handset }: Member,
  { id, hardwareId }: Pick<Connection, 'id' | 'hardwareId'>,
  onHandset: readonly Connection[],
): Waiting {
  const isHandset = onHandset.some((on) => on.id === id);
  // An app that was started anew may go on, even while its older socket seems open.
  const isAnew = hardwareId !== undefined && hardwareId === handset?.hardwareId;
  return { call, isHandset, isResumable: !isHandset && (isAnew || onHandset.length === 0) };
}

/** Everything that a connection is told when it opens, in order. */
export const helloEvents =
  (deps: HelloEventsDeps) =>
  async (user: Newcomer, waiting: readonly Waiting[]): Promise<CallEvent[]> => {
    // What is over comes before what goes on: an end that names no call must not seem to be that of the next one.
    const inOrder = waiting.toSorted((a, b) => Number(b.call.status === 'ended') - Number(a.call.status === 'ended'));
    const now = deps.clock();
    const isElsewhere = (one: Waiting): boolean =>
      waiting.some((other) => other !== one && isBusyIn(other.call, user.userId, now));
    const [connected, ...about] = await Promise.all([
      connectedEvent(deps, user, waiting),
      ...inOrder.map((one) => eventsOf(deps, user, one, isElsewhere(one))),
    ]);
    return [connected, ...about.flat()];
  };

async function connectedEvent(
  { mint, clock, iceServers }: HelloEventsDeps,
  user: Newcomer,
  waiting: readonly Waiting[],
): Promise<Connected> {
  const { userId, connectionId } = user;
  const own = waiting.find(
    ({ call, isHandset }) => call.cid === user.cid && call.status !== 'ended' && (isHandset || user.kind === 'call'),
  );
  const callToken = own && (await mint.call({ ...user, cid: own.call.cid }, callTokenExpiry(clock())));
  return {
    type: 'user.connected',
    at: clock(),
    connectionId,
    user: asPerson(user),
    iceServers: await iceServers(userId),
    ...(callToken !== undefined && { callToken }),
  };
}

/** What `eventsOf` needs. */
export type EventsOfDeps = Pick<HelloEventsDeps, 'mailbox' | 'clock'>;

/** What a connection has to hear of one call: its ring, or that it goes on, with the signals kept for it; or what ended its ring not long ago. */
export async function eventsOf(
  { mailbox, clock }: EventsOfDeps,
  { userId }: Pick<Newcomer, 'userId'>,
  { call, isHandset, isResumable }: Waiting,
  isElsewhere: boolean,
): Promise<CallEvent[]> {
  const at = clock();
  const member = memberOf(call, userId);
  const changed = new Set([userId]);
  const ended = (): CallEvent[] => {
    const end = endOfRing(call, userId, at);
    return end ? [{ ...end, at, call, changed, late: { isElsewhere } }] : [];
  };
  if (member && call.status !== 'ended') {
    if (isHeardRinging(member, at)) {
      return [{ type: 'call.ring', at, call, changed }, ...(await keptSignals({ mailbox })(call, userId))];
    }
    if (isInLiveCall(call, member)) {
      const active: CallEvent = { type: 'call.active', at, call, changed, resumable: isResumable, isHere: isHandset };
      // Another phone of theirs may be here because its push rang it: it hears that its ring is over.
      return isHandset ? [active, ...(await keptSignals({ mailbox })(call, userId))] : [...ended(), active];
    }
  }
  return ended();
}

/** Whether a member takes part in a call that is active, or that rings by them. */
export const isInLiveCall = (call: Call, member: Member): boolean =>
  isIn(member) && (call.status === 'active' || (call.status === 'ringing' && isCaller(call, member.userId)));

/** Whether a user takes part in a call that keeps them busy: a hosted one does not, once it is answered. */
const isBusyIn = (call: Call, userId: string, now: EpochMs): boolean => {
  const member = memberOf(call, userId);
  return member !== undefined && isIn(member) && keepsBusy(call, userId, now);
};
