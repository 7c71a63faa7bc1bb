import { type Call, handsetAnswered, isCaller, isRinging, isSameHandset } from '#domain/call.ts';
import type { User } from '#domain/caller.ts';
import { asOf } from '#domain/clockwork.ts';
import { type EpochMs, iso, later, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { IceServers } from '#ports/ice-servers.ts';
import type { Mailbox } from '#ports/mailbox.ts';
import type { GreetJob, Queue } from '#ports/queues.ts';
import type { TokenMint } from '#ports/tokens.ts';
import type { TraceStore } from '#ports/trace.ts';
import { actor, ringFrame, signalFrame, stateEventFrame } from '#wire/events.ts';
import { CALL_TOKEN_MS } from './accept-call.ts';
import { endOfRing } from './end-of-ring.ts';
import { type TellDeps, tellConnection } from './tell.ts';

export interface GreetConnectionDeps extends TellDeps {
  readonly calls: CallStore;
  readonly mailbox: Mailbox;
  readonly mint: TokenMint;
  readonly traces: TraceStore;
  readonly greetings: Queue<GreetJob>;
  readonly iceServers: IceServers;
}

/** Calls created before that are not looked for: their rings are over, or the user is engaged by them. */
const RECENT_MS = 6 * MINUTE_MS;
const AGAIN_MS = SECOND_MS;
const MAX_ATTEMPTS = 5;

/** Greets a connection that has just opened: who it is, then the rings and signals that wait for it. */
export const greetConnection =
  (deps: GreetConnectionDeps) =>
  async (job: GreetJob, redelivered: boolean): Promise<void> => {
    const { presence, calls, clock, greetings } = deps;
    const { connectionId, attempt, connectedAt } = job;
    const user: User = { ...job.user, connectionId };
    const marked = await presence.markGreeted(user.userId, connectionId);
    if (marked === 'gone' || (marked === 'greeted' && attempt === 0 && !redelivered)) return;
    const { engagement, recentCids } = await presence.pending(user.userId, later(clock(), -RECENT_MS));
    const cids = new Set([user.cid, engagement?.cid, ...recentCids].filter((cid) => cid !== undefined));
    const waiting = (await calls.findAll([...cids].filter((cid) => user.cid === undefined || user.cid === cid)))
      .map((call) => asOf(call, clock()))
      .filter((call) => call.members[user.userId]);
    const frames = [
      await connectedFrame(deps, user, waiting),
      ...(await Promise.all(waiting.map((call) => framesOf(deps, user, call)))).flat(),
    ];
    const connection = { ...user, id: connectionId, connectedAt };
    const told = await tellConnection(deps)(connection, frames);
    // The socket opens when `$connect` has answered, and this greeting may be quicker.
    if (told === 'gone' && attempt < MAX_ATTEMPTS) await greetings.send([{ ...job, attempt: attempt + 1 }], AGAIN_MS);
    if (told === 'sent') await settleIn(deps, user, waiting);
  };

async function connectedFrame(
  { mint, clock, iceServers }: GreetConnectionDeps,
  user: User,
  calls: readonly Call[],
): Promise<object> {
  const call = user.cid === undefined ? undefined : calls.find(({ cid }) => cid === user.cid);
  const callToken =
    call &&
    call.status !== 'ended' &&
    (user.kind === 'call' || handsetAnswered(call, user.userId, handset(user)) === 'here')
      ? await mint.call({ ...user, cid: call.cid }, later(clock(), CALL_TOKEN_MS))
      : undefined;
  return {
    type: 'user.connected',
    created_at: iso(clock()),
    connection_id: user.connectionId,
    user: { ...actor(user.userId, user.name), online: true },
    ice_servers: await iceServers(user.userId),
    server_time: iso(clock()),
    ...(callToken !== undefined && { call_token: callToken }),
  };
}

const handset = (user: User) => ({ ...user, bearer: user.bearer });

/** What a connection has to hear of one call. */
async function framesOf({ mailbox, clock }: GreetConnectionDeps, user: User, call: Call): Promise<object[]> {
  const now = clock();
  const member = call.members[user.userId];
  if (!member) return [];
  const kept = async () => (await mailbox.read(call.cid, user.userId)).map((signal) => signalFrame(call.cid, signal));
  if (call.status !== 'ended' && isRinging(member, now)) return [ringFrame(call, user.userId, now), ...(await kept())];
  const takesSignals = isCaller(call, user.userId) || (member.answeredOn !== undefined && mayBeAnswering(call, user));
  if (call.status !== 'ended' && takesSignals) return kept();
  return tombstone(user, call, now);
}

/** The event that ended the user's ring, where that was not long ago. */
function tombstone(user: User, call: Call, now: EpochMs): object[] {
  const event = endOfRing(call, user.userId, now);
  if (!event) return [];
  return [stateEventFrame(event, call, user, { at: now, changed: new Set([user.userId]) })];
}

/** Whether this connection is the handset that answered, or may be since it answered without saying which it is. */
const mayBeAnswering = (call: Call, user: User): boolean => {
  const on = call.members[user.userId]?.answeredOn;
  return (
    on !== undefined &&
    ((on.hardwareId === undefined && on.connectionId === undefined) || isSameHandset(on, handset(user)))
  );
};

/** From now on signals for the handset that answered go to this connection. */
async function settleIn(
  { calls, traces, clock }: GreetConnectionDeps,
  user: User,
  waiting: readonly Call[],
): Promise<void> {
  await Promise.all(
    waiting.map(async (call) => {
      const on = call.members[user.userId]?.answeredOn;
      if (
        call.status === 'active' &&
        on?.hardwareId !== undefined &&
        isSameHandset(on, handset(user)) &&
        user.connectionId
      ) {
        await calls.moveHandset(call.cid, user.userId, on, { ...on, connectionId: user.connectionId });
      }
      if (call.status === 'ended') return;
      const details = {
        connection_id: user.connectionId ?? '',
        ...(user.hardwareId !== undefined && { hardware_id: user.hardwareId }),
      };
      await traces.write(call.cid, [{ at: clock(), event: 'device.connected', userId: user.userId, details }]);
    }),
  );
}
