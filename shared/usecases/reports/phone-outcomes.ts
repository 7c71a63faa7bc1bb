import { type Call, calledMembers, type Member, membersOf } from '#domain/call/call.ts';
import { type Clock, later } from '#domain/time.ts';
import type { PhoneOutcome, PhoneOutcomes } from '#ports/report.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';

export interface PhoneOutcomesDeps {
  readonly traces: Pick<TraceStore, 'read'>;
  readonly clock: Clock;
  /** Waits `ms`. */
  readonly wait: (ms: number) => Promise<void>;
}

/** How long after the end of a call its phones are waited for: whoever hangs up at once is faster than the push services. */
const PATIENCE_MS = 3000;
const STEP_MS = 250;

/** What became of the phones that a call which is over was to ring, as its trace says. What the trace says later is not in it. */
export const phoneOutcomes =
  ({ traces, clock, wait }: PhoneOutcomesDeps) =>
  async (call: Call): Promise<PhoneOutcomes> => {
    if (call.ringIds.length === 0) return new Map();
    const until = later(call.endedAt ?? clock(), PATIENCE_MS);
    let trace = await traces.read(call.cid);
    while (!membersOf(call).every((member) => isAccountedFor(member, trace)) && clock() < until) {
      await wait(STEP_MS);
      trace = await traces.read(call.cid);
    }
    return new Map(calledMembers(call).map(({ userId }) => [userId, phonesOf(userId, trace)]));
  };

/** Whether the trace says what came of the member's latest ring. Whoever was busy was not rung. */
const isAccountedFor = ({ userId, ringId, state }: Member, trace: readonly TraceEvent[]): boolean =>
  ringId === undefined ||
  state === 'busy' ||
  trace.some(
    (row) =>
      row.userId === userId && row.details?.['ring_id'] === ringId && /^(?:push|event)\.|unreachable/.test(row.event),
  );

/** The last word on each device of a user. */
function phonesOf(userId: string, trace: readonly TraceEvent[]): PhoneOutcome[] {
  const phones = new Map<string, PhoneOutcome>();
  for (const { userId: whose, event, details = {} } of trace) {
    const { provider, device, device_key: key = '', type } = details;
    const outcome = OUTCOMES.get(event);
    if (whose !== userId || type !== 'call.ring' || provider === undefined || device === undefined || !outcome)
      continue;
    phones.set(`${provider} ${device} ${key}`, { provider: String(provider), device: String(device), outcome });
  }
  return [...phones.values()];
}

/** What each row of the trace says of its phone. */
const OUTCOMES: ReadonlyMap<string, PhoneOutcome['outcome']> = new Map([
  ['push.attempted', 'unknown'],
  ['push.accepted', 'accepted'],
  ['push.failed', 'failed'],
  ['push.skipped', 'skipped'],
  ['device.removed', 'dead'],
]);
