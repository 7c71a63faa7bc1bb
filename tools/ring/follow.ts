import { setTimeout as wait } from 'node:timers/promises';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Look, PlacedCall } from './placed-call.ts';
import type { TraceEvent } from './trace-line.ts';

/** How to follow a call. */
export interface Following {
  readonly to: string;
  /** How long to wait after the answer before hanging up. */
  readonly hangUpAfterMs: number;
  /** Whether the user of the tool wants to hang up now. */
  readonly isInterrupted: () => boolean;
  /** Is called once for each event. */
  readonly onEvent: (event: TraceEvent) => void;
}

const POLL_MS = 250;
/** The trace gets the pushes that stop phones from ringing only after the end. */
const QUIET_MS = 1000;
/** The event of an end comes up to two seconds after a reader can see the end itself. */
const LATE_MS = 4000;

/** Follows a call until it is over. Hangs up when it is time, or at once if nobody can be reached. */
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
    // If the callee is unreachable, keep the verdict from before we gave up.
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
  // The fields of an event come in any order.
  return (event) =>
    seen.size < seen.add(JSON.stringify(Object.entries(event).toSorted(([a], [b]) => a.localeCompare(b)))).size;
}
