import { type Call, calledMembers } from '#domain/call/call.ts';
import { MAX_RING_IDS } from '#domain/call/decide.ts';
import { isOfTheApp, type Principal } from '#domain/identity.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import type { LoadCallDeps } from '../calls/load-call.ts';
import { readCall } from '../calls/read-call.ts';
import { verdictForOthers, verdictOf } from './verdict.ts';

export interface ReadTraceDeps extends LoadCallDeps {
  readonly traces: TraceStore;
}

/** What happened to the rings of a call. */
export interface RingTrace {
  /** In time order. */
  readonly events: readonly TraceEvent[];
  /** One line a callee: whether a phone rang, or why none did. */
  readonly verdicts: readonly { readonly userId: string; readonly verdict: string }[];
}

/** The ring trace of a call, for one of its members or the app's own backend. A member reads of their own phones only. */
export const readTrace = (deps: ReadTraceDeps) => {
  const read = readCall(deps);
  return async (cid: string, principal: Principal): Promise<RingTrace> => {
    const [call, written] = await Promise.all([read(cid, principal), deps.traces.read(cid)]);
    return traceOf(call, written, (userId) => isOfTheApp(principal) || principal.userId === userId);
  };
};

/** What the rows of a call come to, for somebody who reads of the phones of those for whom `readsOf` says so. */
export function traceOf(
  call: Call,
  written: readonly TraceEvent[],
  readsOf: (userId: string | undefined) => boolean,
): RingTrace {
  const events = [...birthOf(call), ...written]
    .filter((row) => !isOfPhone(row) || readsOf(row.userId))
    .toSorted((a, b) => a.at - b.at);
  return {
    events,
    verdicts: calledMembers(call).map((member) => ({
      userId: member.userId,
      verdict: (readsOf(member.userId) ? verdictOf : verdictForOthers)(member, events),
    })),
  };
}

/** Rows about a phone, which are nobody's business but its user's. That a phone rings is an event of the call. */
const isOfPhone = ({ event }: TraceEvent): boolean =>
  event !== 'device.ringing' && OF_PHONES.some((prefix) => event.startsWith(prefix));
const OF_PHONES = ['push.', 'device.', 'event.'];

/** How the call began: the call itself says so, and no row repeats it. */
function birthOf({ createdAt: at, createdBy, ringStartedAt, ringIds }: Call): TraceEvent[] {
  const userId = createdBy.id;
  const created = { at, event: 'call.created', userId };
  const [ringId] = ringIds;
  // Of more rings than a call remembers the first is not known any more.
  if (ringStartedAt !== at || ringId === undefined || ringIds.length === MAX_RING_IDS) return [created];
  return [created, { at, event: 'ring.requested', userId, details: { ring_id: ringId } }];
}
