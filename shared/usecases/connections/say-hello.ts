import { type Call, isCaller, isSameHandset, isSuccessor, memberOf } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { handsetOf, type UserPrincipal } from '#domain/identity.ts';
import { type EpochMs, later, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { Connection, Pending } from '#ports/presence-store.ts';
import type { HelloJob, Queue, TimerJob } from '#ports/queues.ts';
import type { TraceStore } from '#ports/trace.ts';
import { setEndTimer } from './end-timer.ts';
import { type HelloFramesDeps, helloFrames, type Waiting } from './hello-frames.ts';
import { type Delivery, isOpening, type SendDeps, sendToConnection } from './send-to-user.ts';

export interface SayHelloDeps extends SendDeps, HelloFramesDeps {
  readonly calls: CallStore;
  readonly traces: TraceStore;
  readonly helloJobs: Queue<HelloJob>;
  readonly timers: Queue<TimerJob>;
  /** Waits `ms`. */
  readonly wait: (ms: number) => Promise<void>;
}

/** Calls created before that are not looked for: their rings are over, or the user is engaged by them. */
const RECENT_MS = 6 * MINUTE_MS;
/** Whoever is rung this often in a few minutes is told of the latest. */
const MAX_RECENT = 20;
/** The socket opens when `$connect` has answered, and a hello may be quicker: so long it waits itself, again and again. */
const WAITS_MS = [25, 75, 200];
/** Then, or where it could not be told just now, the hello is put back. */
const AGAIN_MS = SECOND_MS;
const MAX_ATTEMPTS = 5;

/** Greets a connection that has just opened: who it is, then the rings and signals that wait for it. */
export const sayHello =
  (deps: SayHelloDeps) =>
  async (job: HelloJob, redelivered: boolean): Promise<void> => {
    const { presence, helloJobs, wait } = deps;
    const { connectionId, attempt, connectedAt } = job;
    const user = { ...job.user, connectionId };
    const [marked, pending] = await Promise.all([
      presence.claimHello(user.userId, connectionId),
      pendingOf(deps, user),
    ]);
    if (marked === 'gone' || (marked === 'greeted' && attempt === 0 && !redelivered)) return;
    let { told, waiting } = await hello(deps, user, connectedAt, pending);
    for (const ms of WAITS_MS) {
      if (told !== 'gone' || !isOpening({ connectedAt }, deps.clock())) break;
      await wait(ms);
      ({ told, waiting } = await hello(deps, user, connectedAt, await pendingOf(deps, user)));
    }
    if (told !== 'sent') {
      if (attempt < MAX_ATTEMPTS) await helloJobs.send([{ ...job, attempt: attempt + 1 }], AGAIN_MS);
      return;
    }
    const own = waiting.filter(
      ({ call, answering }) => call.status === 'active' && (answering || isCaller(call, user.userId)),
    );
    await Promise.all([traceConnected(deps, user, waiting), ...own.map(({ call }) => setEndTimer(deps, call))]);
  };

const pendingOf = ({ presence, clock }: SayHelloDeps, { userId }: UserPrincipal): Promise<Pending> =>
  presence.pending(userId, later(clock(), -RECENT_MS));

/** Tells a connection of all that waits for it now. */
async function hello(
  deps: SayHelloDeps,
  user: UserPrincipal & { readonly connectionId: string },
  connectedAt: EpochMs,
  pending: Pending,
): Promise<{ told: Delivery; waiting: Waiting[] }> {
  const waiting = await waitingFor(deps, user, pending);
  // First of all, so that what is relayed from now on comes here, and what was before is found in the mailbox.
  await Promise.all(waiting.filter(({ answering }) => answering).map(({ call }) => moveHere(deps, user, call)));
  const frames = await helloFrames(deps, user, waiting);
  const told = await sendToConnection(deps)({ ...user, id: user.connectionId, connectedAt }, frames);
  return { told, waiting };
}

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

/** Whether this connection is the device that answered: the same one, or the one that comes back after its connection was lost. */
function isAnswering(call: Call, user: UserPrincipal, connections: readonly Connection[]): boolean {
  const on = memberOf(call, user.userId)?.answeredOn;
  if (!on) return false;
  const isLost = !connections.some(({ id }) => id === on.connectionId);
  return isSameHandset(on, handsetOf(user)) || (isLost && isSuccessor(on, handsetOf(user)));
}

/** From now on signals for the device that answered go to this connection. */
async function moveHere({ calls }: SayHelloDeps, { userId, connectionId }: UserPrincipal, call: Call): Promise<void> {
  const on = memberOf(call, userId)?.answeredOn;
  if (!on || connectionId === undefined || call.status !== 'active') return;
  await calls.moveHandset(call.cid, userId, on, { ...on, connectionId });
}

async function traceConnected(
  { traces, clock }: SayHelloDeps,
  user: UserPrincipal,
  waiting: readonly Waiting[],
): Promise<void> {
  const { userId, connectionId = '', hardwareId } = user;
  const details = { connection_id: connectionId, ...(hardwareId !== undefined && { hardware_id: hardwareId }) };
  const live = waiting.filter(({ call }) => call.status !== 'ended');
  await Promise.all(
    live.map(({ call }) => traces.write(call.cid, [{ at: clock(), event: 'device.connected', userId, details }])),
  );
}
