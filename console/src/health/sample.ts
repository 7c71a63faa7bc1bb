import type { Call, TraceEvent } from '#client/wire.ts';
import { api } from '../api/api.ts';

/** The answer of a push service. */
export interface PushSeen {
  readonly at: number;
  readonly provider: string;
  readonly isTaken: boolean;
  /** Why it was not taken. */
  readonly reason: string;
}

/** A ring of one callee: how long until the first push service took it. */
export interface RingSeen {
  readonly at: number;
  readonly ms: number;
}

/** What the traces of the latest calls say. */
export interface Sample {
  readonly calls: number;
  readonly from: number;
  readonly to: number;
  readonly pushes: readonly PushSeen[];
  readonly rings: readonly RingSeen[];
  /** Callees who could not be reached at all, by reason. */
  readonly unreachable: readonly string[];
}

/** How many calls are read: each takes a request. */
export const MOST_CALLS = 40;
const AT_ONCE = 6;
export const HOURS = 24;

/** How long after the end of a call its trace is taken for complete: nearly all that is tried again has its answer by then. */
const QUIET_MS = 300_000;

/** The traces that are complete, by cid: each is read once. */
const kept = new Map<string, readonly TraceEvent[]>();

async function traceOf({ cid, ended_at }: Call, now: number): Promise<readonly TraceEvent[]> {
  const known = kept.get(cid);
  if (known) return known;
  const { trace } = await api.trace(cid);
  if (ended_at !== undefined && Date.parse(ended_at) < now - QUIET_MS) kept.set(cid, trace);
  return trace;
}

/** Reads the traces of the latest calls of the last hours. */
export async function readSample(now: number): Promise<Sample> {
  const from = now - HOURS * 3_600_000;
  const { calls } = await api.calls({ from: new Date(from).toISOString(), limit: MOST_CALLS });
  const listed = new Set(calls.map(({ call }) => call.cid));
  for (const cid of kept.keys()) if (!listed.has(cid)) kept.delete(cid);
  const waiting = calls.map(({ call }) => call);
  const traces: (readonly TraceEvent[])[] = [];
  const work = async (): Promise<void> => {
    for (let call = waiting.shift(); call; call = waiting.shift()) traces.push(await traceOf(call, now));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const oldest = calls.at(-1)?.call.created_at;
  return {
    calls: calls.length,
    from: oldest === undefined ? from : Date.parse(oldest),
    to: now,
    pushes: traces.flat().flatMap(pushOf),
    rings: traces.flatMap(ringsOf),
    unreachable: traces.flat().flatMap(({ event, reason }) => (event === 'call.unreachable' ? [reason ?? ''] : [])),
  };
}

function pushOf({ event, at, provider = '', status, reason = '' }: TraceEvent): PushSeen[] {
  if (event !== 'push.accepted' && event !== 'push.failed') return [];
  const why = status === undefined || status === 0 ? reason : `${status} ${reason}`;
  return [{ at: Date.parse(at), provider, isTaken: event === 'push.accepted', reason: why }];
}

/** Of each ring and callee, the first push that was taken. */
function ringsOf(trace: readonly TraceEvent[]): RingSeen[] {
  const asked = new Map<string, number>();
  const seen = new Map<string, RingSeen>();
  for (const { event, at, ring_id = '', user_id = '', type } of trace) {
    if (event === 'ring.requested') asked.set(ring_id, Date.parse(at));
    const since = asked.get(ring_id);
    const who = `${ring_id} ${user_id}`;
    if (event !== 'push.accepted' || type !== 'call.ring' || since === undefined || seen.has(who)) continue;
    seen.set(who, { at: since, ms: Math.max(0, Date.parse(at) - since) });
  }
  return [...seen.values()];
}
