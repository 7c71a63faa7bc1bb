import type { TraceEvent } from '#client/wire.ts';
import { entryOf, inWords } from '../parts/in-words.ts';
import type { MarkKind } from './mark.ts';

const SERVICES: Readonly<Record<string, string>> = { apn: 'APNs', firebase: 'FCM', webpush: 'Web Push' };

/** The push service as people call it. */
export const serviceName = (provider?: string): string => inWords(SERVICES, provider);

const RING = 'call.ring';
/** A push of this type silences a phone that rang, and tells one that did not that it missed a call. */
const MISSED = 'call.missed';

/** The mark of each kind of row whose name alone says what it is. */
const KINDS: Readonly<Record<string, MarkKind>> = {
  'ring.requested': 'asked',
  'push.attempted': 'pending',
  'push.accepted': 'taken',
  'push.failed': 'failed',
  'push.skipped': 'skipped',
  'event.delivered': 'told',
  'event.gone': 'gone',
  'device.connected': 'connected',
  'device.ringing': 'rings',
  'device.removed': 'removed',
  'call.accepted': 'answered',
  'call.rejected': 'declined',
  'call.missed': 'missed',
  'call.unreachable': 'unreachable',
  'call.cancelled': 'ended',
  'call.ended': 'ended',
};

/** The phone that answered or declined needs no stop. */
const ACTED_HERE = 'acted_here';

/** What a row is, as a mark of the picture. */
export function kindOf({ event, type = RING, reason, retry_in_ms }: TraceEvent): MarkKind {
  if (event === 'push.failed' && retry_in_ms !== undefined) return 'retry';
  if (event === 'push.skipped' && reason === ACTED_HERE) return type === 'call.accepted' ? 'answered' : 'declined';
  if (event === 'push.accepted' && type === MISSED) return 'missed';
  if ((event === 'push.accepted' || event === 'event.delivered') && type !== RING) return 'stopped';
  return entryOf(KINDS, event) ?? 'other';
}

/** Why a device was not pushed; as in the runbook. */
const SKIPPED: Readonly<Record<string, string>> = {
  same_handset: 'another token of its handset is pushed',
  not_ringable: 'an ordinary APNs token cannot ring',
  provider_not_configured: 'no push provider of its name is configured',
  busy: 'the user is in another call',
  ring_is_over: 'the ring was over',
  no_longer_registered: 'the device was removed',
  provider_is_failing: 'the push service refuses everything',
  blocked: 'the callee has blocked the caller',
  do_not_disturb: 'the callee does not want to be disturbed',
  one_voip_push_a_ring: 'an iPhone hears of the end over its socket',
};

const UNREACHABLE: Readonly<Record<string, string>> = {
  no_devices: 'no phone is registered and no app is connected',
  all_tokens_dead: 'every push token is dead',
  push_rejected: 'every push was refused',
};

/** What happened, of whatever is no push; `because` says why where the row does. */
const HAPPENED: Readonly<Record<string, string>> = {
  'call.created': 'makes the call',
  'ring.requested': 'asks for the ring',
  'device.connected': 'the app connects',
  'device.ringing': 'the phone says that it rings',
  'device.removed': 'the device is removed',
  'call.accepted': 'answers',
  'call.rejected': 'declines',
  'call.missed': 'misses the call',
  'call.cancelled': 'cancels the call',
  'call.member_added': 'becomes a member',
  'call.member_left': 'leaves',
  'call.unreachable': 'cannot be reached',
  'call.ended': 'the call ends',
};

/** What a row says, in words. */
export function wordsOf(row: TraceEvent): string {
  const { event, reason, type = 'it' } = row;
  if (event === 'call.missed' && row.user_id === undefined) return 'the ring is over, unanswered';
  if (event.startsWith('push.')) return pushWords(row);
  if (event === 'event.delivered') return `is told of ${type} over a socket`;
  if (event === 'event.gone') return `cannot be told of ${type}: the socket is gone`;
  const because = reason === undefined ? '' : `: ${inWords(UNREACHABLE, reason)}`;
  return inWords(HAPPENED, event) + because;
}

function pushWords(row: TraceEvent): string {
  const { event, latency_ms, attempt = 1 } = row;
  const what = pushedWords(row.type);
  const service = serviceName(row.provider);
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  if (event === 'push.accepted')
    return `${service} takes ${what}${latency_ms === undefined ? '' : ` within ${latency_ms} ms`}${again}`;
  if (event === 'push.failed') return `${service} ${refusalWords(row)}${again}`;
  if (event === 'push.skipped' && row.reason === ACTED_HERE)
    return row.type === 'call.accepted' ? 'answered on this phone' : 'declined on this phone';
  if (event === 'push.skipped') return `${service} is not asked to push ${what}: ${skipWords(row)}`;
  return `${service} is asked to push ${what}${again}`;
}

function pushedWords(type = RING): string {
  if (type === RING) return 'the ring';
  return type === MISSED ? 'the missed call' : `the stop (${type})`;
}

function refusalWords({ status = 0, reason, retry_in_ms }: TraceEvent): string {
  const answer = status === 0 ? `does not answer (${reason})` : `refuses: ${status} ${reason}`;
  return retry_in_ms === undefined ? answer : `${answer}; next try in ${duration(retry_in_ms)}`;
}

const skipWords = ({ reason, cause }: TraceEvent): string =>
  inWords(SKIPPED, reason) + (cause === undefined ? '' : ` (${cause})`);

/** The same in the few words that there is room for beside a lane. */
export function shortWordsOf(row: TraceEvent): string {
  const { event, type = RING, status = 0, reason } = row;
  const kind = kindOf(row);
  if (kind === 'taken') return `${serviceName(row.provider)} takes it`;
  if (kind === 'stopped') return 'told to stop';
  if (kind === 'missed' && event === 'push.accepted') return 'told of the missed call';
  if (kind === 'rings') return 'rings';
  if (event === 'push.failed') return status === 0 ? `no answer (${reason})` : `${status} ${reason}`;
  if (event === 'push.skipped' && kind === 'skipped')
    return type === RING ? `not pushed: ${skipWords(row)}` : `no stop: ${skipWords(row)}`;
  if (event === 'event.delivered') return 'told over a socket';
  if (event === 'event.gone') return 'socket gone';
  return wordsOf(row);
}

const DAY_MIN = 24 * 60;

/** A length of time, in the unit that fits. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes >= 2 * DAY_MIN) return `${Math.floor(minutes / DAY_MIN)} days`;
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const seconds = Math.round((ms % 60_000) / 1000);
  return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
}
