import type { TraceEvent } from './trace-line.ts';

/** The result of a ring. */
export interface Outcome {
  /** Whether a push service or an app accepted it. */
  readonly reached: boolean;
  /** The stack's own summary, if it gives one. */
  readonly verdict?: string;
  /** Why nobody was rung: the reason of `call.unreachable`, or `busy`. */
  readonly unreachable?: string;
}

const REACHED: ReadonlySet<string> = new Set(['push.accepted', 'event.delivered', 'device.ringing', 'call.accepted']);

/** Reads the result of ringing `to` from a trace. */
export function outcomeOf(trace: readonly TraceEvent[], to: string, verdict: string | undefined): Outcome {
  const ofCallee = trace.filter((event) => event['user_id'] === to);
  const isOfRing = ({ type = 'call.ring' }: TraceEvent): boolean => type === 'call.ring';
  const unreachable = ofCallee.find(
    ({ event, reason }) => event === 'call.unreachable' || (event === 'call.rejected' && reason === 'busy'),
  );
  return {
    reached: ofCallee.some((event) => REACHED.has(event.event) && isOfRing(event)),
    ...(verdict !== undefined && { verdict }),
    ...(unreachable && { unreachable: String(unreachable['reason']) }),
  };
}
