import { type Call, connectionsOf, isIn, memberOf } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { knowsOf } from '#domain/call/unheard.ts';
import { defined } from '#domain/defined.ts';
import type { Dialect } from '#domain/dialect.ts';
import { isSignedOutAt } from '#domain/identity.ts';
import { later, SECOND_MS } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import { type ConnectionCloser, type Delivery, isLost, isUnsure, type PeerLink } from '#ports/peer-link.ts';
import {
  type Connection,
  cidsOf,
  hears,
  MAX_RECENT,
  type Pending,
  type PresenceStore,
  RECENT_MS,
} from '#ports/presence-store.ts';
import type { HelloJob, Queue } from '#ports/queues.ts';
import type { TraceStore } from '#ports/trace.ts';
import { setEndOfCall } from '../timers/timers.ts';
import { type CloseSurplusDeps, closeSurplus } from './close-surplus.ts';
import {
  type HelloEventsDeps,
  helloEvents,
  isInLiveCall,
  type Newcomer,
  type Waiting,
  waitingOf,
} from './hello-events.ts';
import { openOnHandset } from './open-on-handset.ts';
import { isOpening, postToConnection, type SendToUserDeps } from './send-to-user.ts';

export interface SayHelloDeps extends SendToUserDeps, HelloEventsDeps, CloseSurplusDeps {
  readonly peers: PeerLink & ConnectionCloser;
  readonly presence: PresenceStore;
  readonly calls: CallStore;
  readonly traces: TraceStore;
  readonly helloJobs: Queue<HelloJob>;
  /** Waits `ms`. */
  readonly wait: (ms: number) => Promise<void>;
}

/** The socket opens after `$connect` has answered, so a hello may be too quick. It retries by itself after these waits. */
const WAITS_MS = [25, 75, 200];
/** After those, or if it could not be sent just now, the hello goes back into the queue for this long. */
const AGAIN_MS = SECOND_MS;
const MAX_ATTEMPTS = 5;

/** Tells a connection that has just opened who it is, then the rings, live calls and signals that wait for it. */
export const sayHello = (deps: SayHelloDeps) => {
  const events = helloEvents(deps);
  const post = postToConnection(deps);
  const closeOthers = closeSurplus(deps);

  /** Tells the connection all that waits for it now. */
  const tryHello = async (
    user: Newcomer,
    job: HelloJob,
    pending: Pending,
  ): Promise<{ delivery: Delivery; waiting: Waiting[] }> => {
    const waiting = await waitingFor(deps, user, pending);
    // Before the mailbox is read: what is relayed from now on comes here, and what was relayed before is found in it.
    await Promise.all(waiting.map((one) => moveHere(deps, user, one)));
    const peer = {
      id: user.connectionId,
      userId: user.userId,
      dialect: job.dialect,
      connectedAt: job.connectedAt,
      tokenFingerprint: user.tokenFingerprint,
      ...defined({ cid: user.cid, hardwareId: user.hardwareId, sessionId: user.sessionId }),
    };
    return { delivery: await post(peer, await events(user, waiting)), waiting };
  };

  /** Says it, again and again while the socket may still be opening. */
  const welcome = async (user: Newcomer, job: HelloJob, pending: Pending): Promise<void> => {
    const { attempt } = job;
    let { delivery, waiting } = await tryHello(user, job, pending);
    for (const ms of WAITS_MS) {
      if (delivery !== 'gone' || !isOpening(job, deps.clock())) break;
      await deps.wait(ms);
      ({ delivery, waiting } = await tryHello(user, job, await pendingOf(deps, user)));
    }
    if (isLost(delivery) || isUnsure(delivery)) {
      if (attempt < MAX_ATTEMPTS) await deps.helloJobs.send([{ ...job, attempt: attempt + 1 }], AGAIN_MS);
      return;
    }
    const own = waiting.filter(({ call, isHandset }) => call.status === 'active' && isHandset);
    await Promise.all([
      traceConnected(deps, user, job.dialect, waiting),
      ...own.map(({ call }) => setEndOfCall(deps, call)),
    ]);
  };

  return async (job: HelloJob, redelivered: boolean): Promise<void> => {
    const user = { ...job.user, connectionId: job.connectionId };
    const [claim, pending] = await Promise.all([
      deps.presence.claimHello(user.userId, user.connectionId),
      pendingOf(deps, user),
    ]);
    if (claim === 'gone' || (claim === 'claimed' && job.attempt === 0 && !redelivered)) return;
    if (isSignedOutAt(user, pending.signedOutAt)) await turnAway(deps, job);
    else await Promise.all([closeOthers(pending), welcome(user, job, pending)]);
  };
};

/** Closes a connection whose user signed out while it opened. */
async function turnAway({ peers, presence, helloJobs, clock }: SayHelloDeps, job: HelloJob): Promise<void> {
  const { connectionId, user, dialect, attempt } = job;
  await peers.close({ id: connectionId, dialect });
  // It may not have been open yet.
  if (isOpening(job, clock()) && attempt < MAX_ATTEMPTS) {
    await helloJobs.send([{ ...job, attempt: attempt + 1 }], AGAIN_MS);
    return;
  }
  await presence.removeConnection(user.userId, connectionId);
}

const pendingOf = ({ presence, clock }: SayHelloDeps, { userId }: Newcomer): Promise<Pending> =>
  presence.pending(userId, later(clock(), -RECENT_MS));

/** The calls that may concern this connection. */
async function waitingFor(deps: SayHelloDeps, user: Newcomer, pending: Pending): Promise<Waiting[]> {
  const concerning = cidsOf(pending, MAX_RECENT);
  // A connection that was opened for a single call hears of no other.
  const found = await deps.calls.findAll(user.cid === undefined ? concerning : [user.cid]);
  const about = await Promise.all(
    found.map((stored) => waitingIn(deps, user, asOf(stored, deps.clock()), pending.connections)),
  );
  return about.flat();
}

/** What a call is to a connection that opens; nothing if its user may not know of it. */
async function waitingIn(
  deps: SayHelloDeps,
  { userId, connectionId, hardwareId }: Newcomer,
  call: Call,
  connections: readonly Connection[],
): Promise<Waiting[]> {
  const member = memberOf(call, userId);
  if (!member || !knowsOf(call, userId)) return [];
  const hearing = connections.filter((on) => hears(on, call.cid));
  const known = isIn(member) ? connectionsOf(member, hearing) : [];
  const here = { id: connectionId, ...defined({ hardwareId }) };
  const waiting = waitingOf(call, member, here, known);
  if (waiting.isHandset || !isInLiveCall(call, member)) return [waiting];
  return [waitingOf(call, member, here, await openOnHandset(deps)(call, member, connections))];
}

/** From now on this connection is the latest of the handset that takes part in the call. */
async function moveHere({ calls }: SayHelloDeps, user: Newcomer, { call, isHandset }: Waiting): Promise<void> {
  const { userId, connectionId, sessionId } = user;
  const handset = memberOf(call, userId)?.handset;
  // Without an id, it is told by the connection that it had, even when that has gone.
  if (!isHandset || handset?.hardwareId === undefined || handset.connectionId === connectionId) return;
  if (call.status === 'ended') return;
  const to = { ...defined({ sessionId }), ...handset, connectionId };
  await calls.moveHandset({ cid: call.cid, userId, from: handset, to });
}

async function traceConnected(
  { traces, clock }: SayHelloDeps,
  { userId, connectionId, hardwareId }: Newcomer,
  dialect: Dialect,
  waiting: readonly Waiting[],
): Promise<void> {
  const details = { connection_id: connectionId, dialect, ...defined({ hardware_id: hardwareId }) };
  const live = waiting.filter(({ call }) => call.status !== 'ended');
  await Promise.all(
    live.map(({ call }) => traces.write(call.cid, [{ at: clock(), event: 'device.connected', userId, details }])),
  );
}
