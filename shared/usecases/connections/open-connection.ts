import { keepsBusy } from '#domain/call/call.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { EpochMs } from '#domain/time.ts';
import { later } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { PresenceStore } from '#ports/presence-store.ts';
import type { HelloJob, Queue, TimerJob } from '#ports/queues.ts';

export interface OpenConnectionDeps {
  readonly presence: PresenceStore;
  readonly helloJobs: Queue<HelloJob>;
}

/** A socket is about to open: it is known from now on, and greeted as soon as it can be. */
export const openConnection =
  ({ presence, helloJobs }: OpenConnectionDeps) =>
  async (
    { connectionId, ...user }: UserPrincipal & { readonly connectionId: string },
    connectedAt: EpochMs,
  ): Promise<void> => {
    const { userId, name, kind, cid, hardwareId, tokenFingerprint } = user;
    const scope = { ...(cid !== undefined && { cid }), ...(hardwareId !== undefined && { hardwareId }) };
    await presence.addConnection({ id: connectionId, userId, kind, tokenFingerprint, connectedAt, ...scope });
    const greeted = { userId, kind, tokenFingerprint, ...scope, ...(name !== undefined && { name }) };
    await helloJobs.send([{ connectionId, attempt: 0, connectedAt, user: greeted }]);
  };

export interface CloseConnectionDeps {
  readonly presence: PresenceStore;
  readonly calls: CallStore;
  readonly timers: Queue<TimerJob>;
  readonly clock: () => EpochMs;
  /** How long a member of a call may be without a connection. */
  readonly vanishGraceMs: number;
  /** How long a call lasts at most: older ones are over. */
  readonly maxDurationMs: number;
}

/** Nobody is in more calls than that at a time. */
const MAX_CALLS = 20;

/** A socket has closed: whoever was in a call over it has a while to come back. */
export const closeConnection =
  ({ presence, calls, timers, clock, vanishGraceMs, maxDurationMs }: CloseConnectionDeps) =>
  async ({ userId, connectionId, cid: scope }: UserPrincipal & { readonly connectionId: string }): Promise<void> => {
    const now = clock();
    const [{ recentCids, busyLock }] = await Promise.all([
      presence.pending(userId, later(now, -maxDurationMs)),
      presence.removeConnection(userId, connectionId),
    ]);
    const cids =
      scope === undefined ? [...recentCids.slice(0, MAX_CALLS), ...(busyLock ? [busyLock.cid] : [])] : [scope];
    const live = (await calls.findAll([...new Set(cids)])).filter((call) => keepsBusy(call, userId, now));
    const at = later(now, vanishGraceMs);
    await timers.send(
      live.map(({ cid }): TimerJob => ({ type: 'vanish', cid, userId, at })),
      vanishGraceMs,
    );
  };
