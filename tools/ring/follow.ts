import { setTimeout as wait } from 'node:timers/promises';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Look, PlacedCall } from './placed-call.ts';
import type { TraceEvent } from './trace-line.ts';

/** How to follow a call. */
export interface Following {
  readonly to: string;
  /** How long a call that was answered lasts. */
  readonly hangUpAfterMs: number;
  /** Whether somebody wants to hang up now. */
  readonly isInterrupted: () => boolean;
  /** Hears of each event once. */
  readonly onEvent: (event: TraceEvent) => void;
}

const POLL_MS = 250;
/** The pushes that silence phones are traced after the end. */
const QUIET_MS = 1000;
/** The event of an end comes up to two seconds after a reader sees the end itself. */
const LATE_MS = 4000;

/** Follows a call until it is over; hangs up when it is time to, at once where nobody can be reached. */
export async function follow(call: PlacedCall, following: Following): Promise<Outcome> {
  const { to, onEvent } = following;
  const isNew = firstSight();
  const isToHangUp = hangUpTime(following);
  let outcome: Outcome = { reached: false };
  let newsAt = Date.now();
  let status = '';
  for (;;) {
    const look = await call.look();
    const news = look.trace.filter(isNew);
    for (const event of news) onEvent(event);
    if (news.length > 0 || look.status !== status) newsAt = Date.now();
    ({ status } = look);
    // What is said of a callee out of reach is from before we gave up.
    if (outcome.unreachable === undefined) outcome = outcomeOf(look.trace, to, look.verdict);

    if (status === 'ended') {
      if (Date.now() - newsAt >= patienceMs(look)) return outcome;
    } else if (isToHangUp(look, outcome)) await call.hangUp();
    await wait(POLL_MS);
  }
}

const patienceMs = ({ trace }: Look): number =>
  trace.some(({ event }) => event === 'call.ended') ? QUIET_MS : LATE_MS;

function hangUpTime({ hangUpAfterMs, isInterrupted }: Following): (look: Look, outcome: Outcome) => boolean {
  let answeredAt = Number.POSITIVE_INFINITY;
  return ({ status }, { unreachable }) => {
    if (status === 'active') answeredAt = Math.min(answeredAt, Date.now());
    return isInterrupted() || unreachable !== undefined || Date.now() - answeredAt >= hangUpAfterMs;
  };
}

function firstSight(): (event: TraceEvent) => boolean {
  const seen = new Set<string>();
  // The fields of one event come in any order.
  return (event) =>
    seen.size < seen.add(JSON.stringify(Object.entries(event).toSorted(([a], [b]) => a.localeCompare(b)))).size;
}
