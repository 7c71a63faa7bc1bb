import type { Call } from '#domain/call/call.ts';
import { type Clock, type EpochMs, HOUR_MS, later, SECOND_MS } from '#domain/time.ts';
import type { CatchUpJob, Queue, TimerJob } from '#ports/queues.ts';

/** What the timers of a call are set with. */
export interface TimerDeps {
  readonly timers: Queue<TimerJob>;
  readonly clock: Clock;
}

/** Sets the timer that ends rings which run out at `at`. */
export const setRingDeadline = async ({ timers, clock }: TimerDeps, cid: string, at: EpochMs): Promise<void> =>
  timers.send([{ type: 'deadline', cid, at }], at - clock());

/**
 * A WebSocket lives two hours, so whoever talks for longer opens another one. A timer that is set at the last of them
 * alone is a chain of at most eight delayed messages: far fewer than Lambda takes for an endless loop.
 */
const SOCKET_LIFE_MS = 2 * HOUR_MS;

/** Sets the timer that ends a call at its longest duration, if that is due within the life of a socket. */
export const setEndOfCall = async (deps: TimerDeps, { cid, endsAt }: Call): Promise<void> => {
  if (endsAt - deps.clock() <= SOCKET_LIFE_MS) await setRingDeadline(deps, cid, endsAt);
};

/** How long a connection that could not be posted to is left alone. */
const CATCH_UP_MS = SECOND_MS;
/** How often a connection is told again what it has missed. */
const CATCH_UPS = 5;

/** Has a connection that could not be posted to told again where a call stands, unless that was tried often enough. */
export const setCatchUp = async (
  { timers, clock }: TimerDeps,
  missed: Pick<CatchUpJob, 'cid' | 'userId' | 'connectionId' | 'attempt'>,
): Promise<void> => {
  if (missed.attempt >= CATCH_UPS) return;
  await timers.send([{ type: 'catch-up', ...missed, at: later(clock(), CATCH_UP_MS) }], CATCH_UP_MS);
};

/** Has a call cancelled for which nothing of a callee can ring. */
export const cancelUnreachable = async (
  { timers, clock }: TimerDeps,
  ring: Omit<Extract<TimerJob, { type: 'unreachable' }>, 'type' | 'at'>,
): Promise<void> => timers.send([{ type: 'unreachable', ...ring, at: clock() }]);

export interface VanishTimerDeps extends TimerDeps {
  /** How long a member of a call may be without a connection before they have left. */
  readonly vanishGraceMs: number;
}

/** Gives a member whose connection is gone a while to come back to these calls: `$disconnect` may never tell. */
export const watchForReturn = async (
  { timers, clock, vanishGraceMs }: VanishTimerDeps,
  cids: readonly string[],
  userId: string,
): Promise<void> => {
  if (cids.length === 0) return;
  const at = later(clock(), vanishGraceMs);
  await timers.send(
    cids.map((cid): TimerJob => ({ type: 'vanish', cid, userId, at })),
    vanishGraceMs,
  );
};

export interface AnswerTimerDeps extends TimerDeps {
  /** How long a member who accepted may take to open a connection; 0: they need none. */
  readonly answerGraceMs: number;
}

/** Gives a member who accepted without a connection a while to open one. */
export const watchForConnection = (
  { answerGraceMs, ...deps }: AnswerTimerDeps,
  cid: string,
  userId: string,
): Promise<void> => watchForReturn({ ...deps, vanishGraceMs: answerGraceMs }, [cid], userId);
