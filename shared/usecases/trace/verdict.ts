import type { Member } from '#domain/call/call.ts';
import { type EpochMs, epochMs } from '#domain/time.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { failureText, SERVICE_NAMES } from './failure-text.ts';

/** What a person wants to know of a callee's latest ring: whether a phone rang and how soon, or why none did. One line. */
export function verdictOf(member: Member, trace: readonly TraceEvent[]): string {
  const ring = ringOf(member, trace);
  if ('verdict' in ring) return ring.verdict;
  const { mine, after, end } = ring;
  const taken = mine.find(isTaken);
  if (!taken) {
    const why = whyNot(mine);
    const isLate = why === undefined || why === SKIPPED.ring_is_over;
    if (isLate && end !== '' && end !== NOT_ANSWERED) return end;
    return `not rung: ${why ?? 'its pushes have not left yet'}`;
  }
  const reached = `${takenBy(taken)} ${after(taken.at)}`;
  return [reached, end === '' || end === NOT_ANSWERED ? 'but no phone said that it rings' : end].join(', ');
}

/**
 * The same for other members of the call. It says what the call's own events said: why a push was refused, and whether a
 * user has a phone at all, is that user's business.
 */
export function verdictForOthers(member: Member, trace: readonly TraceEvent[]): string {
  const ring = ringOf(member, trace);
  if ('verdict' in ring) return ring.verdict;
  const { mine, end } = ring;
  if (end !== '' && end !== NOT_ANSWERED) return end;
  if (mine.some(({ event }) => event === 'call.unreachable')) return 'no phone can be reached';
  return end === '' ? 'no phone has said yet that it rings' : end;
}

const NOBODY_ASKED = 'not rung: nobody has asked for it';
const BUSY = 'not rung: busy in another call';
const NOT_ANSWERED = 'not answered';

const isReceipt = ({ event }: TraceEvent): boolean => event === 'device.ringing';

const rangAndEnded = (rangAfter: string, end: string): string => [`rang ${rangAfter}`, end].filter(Boolean).join(', ');

/** The part of a verdict that everybody in the call may read; without one, what there is to judge by. */
type Ring =
  | { readonly verdict: string }
  | {
      /** The member's rows of the ring. */
      readonly mine: readonly TraceEvent[];
      /** How long after the request something happened. */
      readonly after: (at: EpochMs) => string;
      readonly end: string;
    };

/** The member's latest ring. */
function ringOf(member: Member, trace: readonly TraceEvent[]): Ring {
  const { userId, ringId, state } = member;
  if (ringId === undefined) return { verdict: NOBODY_ASKED };
  const rows = trace.filter(({ details }) => details?.['ring_id'] === ringId);
  const requested = rows.find(({ event }) => event === 'ring.requested');
  const after = (at: EpochMs): string => `after ${Math.max(0, at - (requested?.at ?? at))} ms`;
  const mine = rows.filter((event) => event.userId === userId);
  const end = ending(member, after, answeredAt(trace, userId, requested?.at));
  const receipt = mine.find(isReceipt);
  if (receipt) return { verdict: rangAndEnded(after(receipt.at), end) };
  return state === 'busy' ? { verdict: BUSY } : { mine, after, end };
}

const answeredAt = (trace: readonly TraceEvent[], userId: string, from = epochMs(0)): EpochMs | undefined =>
  trace.find(({ event, userId: who, at }) => event === 'call.accepted' && who === userId && at >= from)?.at;

/** How the ring ended for this member, where it has. */
function ending(
  { state, reason, since }: Member,
  after: (at: EpochMs) => string,
  answeredAt: EpochMs | undefined,
): string {
  switch (state) {
    case 'accepted':
      return `answered ${after(answeredAt ?? since)}`;
    case 'left':
      return answeredAt === undefined ? '' : `answered ${after(answeredAt)}`;
    case 'rejected':
      return `declined ${after(since)}`;
    case 'missed':
      return reason === 'cancelled' ? `cancelled ${after(since)}` : NOT_ANSWERED;
    case 'joined':
    case 'invited':
    case 'ringing':
    case 'busy':
      return '';
  }
}

const isOfRing = ({ details }: TraceEvent): boolean => details?.['type'] === 'call.ring';

const isTaken = (event: TraceEvent): boolean =>
  isOfRing(event) && (event.event === 'push.accepted' || event.event === 'event.delivered');

const takenBy = ({ event, details }: TraceEvent): string =>
  event === 'event.delivered' ? 'told over a socket' : `${serviceOf(details)} took the push`;

const serviceOf = (details: TraceEvent['details']): string => {
  const provider = String(details?.['provider'] ?? '');
  return SERVICE_NAMES[provider] ?? provider;
};

/** Why nothing has taken the ring: the last word on each device, each reason once. */
function whyNot(mine: readonly TraceEvent[]): string | undefined {
  const pushes = mine.filter((event) => isOfRing(event) && event.event.startsWith('push.'));
  // That it was too late for another attempt says nothing of why the others failed.
  const late = pushes.filter(isLate);
  const last = new Map([...late, ...pushes.filter((event) => !isLate(event))].map((event) => [deviceOf(event), event]));
  const reasons = new Set([...last.values()].map(reasonOf));
  if (reasons.size > 0) return [...reasons].join('; ');
  return mine.some(({ event }) => event === 'call.unreachable')
    ? 'no phone is registered and no app is connected'
    : undefined;
}

const isLate = ({ event, details }: TraceEvent): boolean =>
  event === 'push.skipped' && details?.['reason'] === 'ring_is_over';

const deviceOf = ({ details }: TraceEvent): string => `${details?.['provider']} ${details?.['device']}`;

function reasonOf({ event, details }: TraceEvent): string {
  const reason = String(details?.['reason'] ?? '');
  if (event === 'push.skipped' && reason === 'provider_is_failing')
    return `its push provider refuses everything (${serviceOf(details)}: ${String(details?.['cause'])})`;
  if (event === 'push.skipped' && reason === 'provider_not_configured') return String(details?.['cause']);
  if (event === 'push.skipped') return new Map<string, string>(Object.entries(SKIPPED)).get(reason) ?? reason;
  if (event === 'push.attempted') return `${serviceOf(details)} has not answered yet`;
  const text = failureText(String(details?.['provider'] ?? ''), Number(details?.['status'] ?? 0), reason);
  return details?.['retry_in_ms'] === undefined ? text : `${text}, to be tried again`;
}

const SKIPPED = {
  ring_is_over: 'the ring was over before a push could leave',
  not_ringable: 'this APNs token is not a PushKit token and cannot ring',
  no_longer_registered: 'the device was removed',
  blocked: 'the callee has blocked the caller',
  do_not_disturb: 'the callee does not want to be disturbed',
  same_handset: 'another token of its handset was to ring',
} as const;
