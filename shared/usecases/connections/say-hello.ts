import { type Call, isCaller, isSameHandset, isSuccessor, memberOf } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { handsetOf, type UserPrincipal } from '#domain/identity.ts';
import { later, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { Delivery } from '#ports/peer-link.ts';
import type { Connection, Pending, PresenceStore } from '#ports/presence-store.ts';
import type { HelloJob, Queue } from '#ports/queues.ts';
import type { TraceStore } from '#ports/trace.ts';
import { setEndOfCall, type TimerDeps } from '../timers/timers.ts';
import { type HelloEventsDeps, helloEvents, type Newcomer, type Waiting } from './hello-events.ts';
import { isOpening, type SendToConnectionDeps, sendToConnection } from './send-to-user.ts';

export interface SayHelloDeps extends SendToConnectionDeps, HelloEventsDeps, TimerDeps {
  readonly presence: PresenceStore;
  readonly calls: CallStore;
  readonly traces: TraceStore;
  readonly helloJobs: Queue<HelloJob>;
  /** Waits `ms`. */
  readonly wait: (ms: number) => Promise<void>;
}

/** Calls that were created earlier are not looked for: their rings are over, or they hold the user's busy lock. */
const RECENT_MS = 6 * MINUTE_MS;
/** A user who was rung more often than this in a few minutes is told of the latest rings. */
const MAX_RECENT = 20;
/** The socket opens after `$connect` has answered, so a hello may be too quick. It retries by itself after these waits. */
const WAITS_MS = [25, 75, 200];
/** After those, or if it could not be sent just now, the hello goes back into the queue for this long. */
const AGAIN_MS = SECOND_MS;
const MAX_ATTEMPTS = 5;

/** Tells a connection that has just opened who it is, then the rings and signals that wait for it. */
export const sayHello = (deps: SayHelloDeps) => {
  const events = helloEvents(deps);
  const send = sendToConnection(deps);

  /** Tells the connection all that waits for it now. */
  const tryHello = async (
    user: Newcomer,
    { dialect, connectedAt }: HelloJob,
    pending: Pending,
  ): Promise<{ delivery: Delivery; waiting: Waiting[] }> => {
    const waiting = await waitingFor(deps, user, pending);
    // Before the mailbox is read: what is relayed from now on comes here, and what was relayed before is found in it.
    await Promise.all(waiting.filter(({ answering }) => answering).map(({ call }) => moveHere(deps, user, call)));
    const peer = { id: user.connectionId, userId: user.userId, dialect, connectedAt };
    return { delivery: await send(peer, await events(user, waiting)), waiting };
  };

  return async (job: HelloJob, redelivered: boolean): Promise<void> => {
    const { connectionId, attempt } = job;
    const user = { ...job.user, connectionId };
    const [claim, pending] = await Promise.all([
      deps.presence.claimHello(user.userId, connectionId),
      pendingOf(deps, user),
    ]);
    if (claim === 'gone' || (claim === 'claimed' && attempt === 0 && !redelivered)) return;
    let { delivery, waiting } = await tryHello(user, job, pending);
    for (const ms of WAITS_MS) {
      if (delivery !== 'gone' || !isOpening(job, deps.clock())) break;
      await deps.wait(ms);
      ({ delivery, waiting } = await tryHello(user, job, await pendingOf(deps, user)));
    }
    if (delivery !== 'sent') {
      if (attempt < MAX_ATTEMPTS) await deps.helloJobs.send([{ ...job, attempt: attempt + 1 }], AGAIN_MS);
      return;
    }
    const own = waiting.filter(
      ({ call, answering }) => call.status === 'active' && (answering || isCaller(call, user.userId)),
    );
    await Promise.all([traceConnected(deps, user, waiting), ...own.map(({ call }) => setEndOfCall(deps, call))]);
  };
};

const pendingOf = ({ presence, clock }: SayHelloDeps, { userId }: UserPrincipal): Promise<Pending> =>
  presence.pending(userId, later(clock(), -RECENT_MS));

/** The calls that may concern this connection, and whether it is the one that takes part in them. */
async function waitingFor({ calls, clock }: SayHelloDeps, user: UserPrincipal, pending: Pending): Promise<Waiting[]> {
  const { busyLock, recentCids, connections } = pending;
  const cids = new Set(
    [user.cid, busyLock?.cid, ...recentCids.slice(0, MAX_RECENT)].filter((cid) => cid !== undefined),
  );
  const found = await calls.findAll([...cids].filter((cid) => user.cid === undefined || user.cid === cid));
  return found
    .map((call) => asOf(call, clock()))
    .filter((call) => memberOf(call, user.userId))
    .map((call) => ({ call, answering: isAnswering(call, user, connections) }));
}

/** Whether this connection is the handset that answered: the same one, or one that comes back after its connection was lost. */
function isAnswering(call: Call, user: UserPrincipal, connections: readonly Connection[]): boolean {
  const on = memberOf(call, user.userId)?.answeredOn;
  if (!on) return false;
  const isLost = !connections.some(({ id }) => id === on.connectionId);
  return isSameHandset(on, handsetOf(user)) || (isLost && isSuccessor(on, handsetOf(user)));
}

/** From now on signals for the handset that answered go to this connection. */
async function moveHere({ calls }: SayHelloDeps, { userId, connectionId }: Newcomer, call: Call): Promise<void> {
  const on = memberOf(call, userId)?.answeredOn;
  if (!on || call.status !== 'active') return;
  await calls.moveHandset(call.cid, userId, on, { ...on, connectionId });
}

async function traceConnected(
  { traces, clock }: SayHelloDeps,
  { userId, connectionId, hardwareId }: Newcomer,
  waiting: readonly Waiting[],
): Promise<void> {
  const details = { connection_id: connectionId, ...(hardwareId !== undefined && { hardware_id: hardwareId }) };
  const live = waiting.filter(({ call }) => call.status !== 'ended');
  await Promise.all(
    live.map(({ call }) => traces.write(call.cid, [{ at: clock(), event: 'device.connected', userId, details }])),
  );
}
