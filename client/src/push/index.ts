import { check, NUMBER, OBJECT, originOf, REASON, STRING, TEXT, TOKEN } from '../check.ts';
import { CarillonError, handled } from '../errors.ts';
import type { Pushed, PushedCall, RingPushed, StalePushed, StopPushed } from '../pushed.ts';
import { isSpent, OVER } from '../refusal.ts';
import { Rest } from '../rest.ts';

export type {
  ForeignPushed,
  MissedPushed,
  Pushed,
  PushedCall,
  RingPushed,
  StalePushed,
  StopPushed,
} from '../pushed.ts';

/** Which pushes this phone has had: plain JSON, so that the app can keep it over a restart. */
export type SeenPushes = Record<string, { readonly kind: 'ring' | 'stop' | 'missed'; readonly at: number }>;

/** Whose push it is, and what is known. */
export interface ReadPushOptions {
  /** The user who is logged in now. A push for anybody else is `foreign`. */
  readonly userId: string;
  /** What has come before; by default since the process was started. `readPush` adds to it and forgets what is old. */
  readonly seen?: SeenPushes;
  /** The time, in ms since 1970: `carillon.now()`, if the clock of the phone may be wrong. */
  readonly now?: number;
}

/** How long a push is remembered: longer than a ring lasts. */
const REMEMBERED_MS = 10 * 60_000;

const seenHere: SeenPushes = {};

/**
 * Says what a push means: the `data` of an FCM message, a PushKit payload, or the JSON of a Web Push message, in
 * Carillon's format or in Stream's. It looks up nothing, and throws only if the options are wrong.
 */
export function readPush(data: unknown, options: ReadPushOptions): Pushed {
  check('options', options, { userId: STRING, 'seen?': OBJECT, 'now?': NUMBER });
  const { userId, seen = seenHere, now = Date.now() } = options;
  const keys = keysOf(data);
  const call = keys && callOf(keys);
  if (!call) return { kind: 'foreign' };
  if (call.receiverId !== userId) return { kind: 'foreign', call };
  const kind = keys['type'] === 'call.ring' ? 'ring' : keys['reason'] === undefined ? 'missed' : 'stop';
  const why = staleness(kind, call, seen, now);
  if (why) return { kind: 'stale', call, why };
  if (kind === 'missed') return { kind, call };
  if (kind === 'stop') return { kind, call, reason: reasonOf(keys), notify: keys['notify'] === 'true' };
  const wakeToken = keys['wake_token'];
  return wakeToken === undefined ? { kind: 'foreign', call } : { kind, call, wakeToken };
}

/** Why there is nothing to do for a push, if so. From now on it is known. */
function staleness(
  kind: SeenPushes[string]['kind'],
  { ringId, expiresAt }: PushedCall,
  seen: SeenPushes,
  now: number,
): StalePushed['why'] | undefined {
  for (const [name, { at }] of Object.entries(seen)) if (now - at > REMEMBERED_MS) delete seen[name];
  const name = `${kind} ${ringId}`;
  const isKnown = seen[name] !== undefined;
  seen[name] = { kind, at: now };
  if (kind === 'ring' && seen[`stop ${ringId}`]) return 'stopped';
  if (isKnown) return 'duplicate';
  return kind === 'ring' && now >= expiresAt ? 'expired' : undefined;
}

const REASONS = ['answered_elsewhere', 'declined_elsewhere', 'cancelled', 'missed', 'ended'] as const;

const reasonOf = (keys: Keys): StopPushed['reason'] => REASONS.find((one) => one === keys['reason']) ?? 'ended';

/**
 * Declines a call that a push rings: one HTTPS request, with no connection and no login. It is done, too, if the ring is
 * over; rejects if the server refuses the request for anything else.
 */
export function declinePush(
  pushed: RingPushed,
  options: { readonly url: string; readonly reason?: string },
): Promise<void> {
  return handled(post('reject', pushed, options));
}

/**
 * Says that this phone really rings for a push, which the caller hears: for a worker that shows a notification. It is
 * done, too, if the ring is over; rejects if the server refuses the request for anything else.
 */
export function reportRinging(pushed: RingPushed, options: { readonly url: string }): Promise<void> {
  return handled(post('ringing', pushed, options));
}

async function post(
  what: 'reject' | 'ringing',
  pushed: RingPushed,
  options: { readonly url: string; readonly reason?: string },
): Promise<void> {
  check('pushed', pushed, { call: { type: TEXT, id: TEXT, ringId: TEXT }, wakeToken: TOKEN });
  check('options', options, { 'reason?': REASON });
  const { call, wakeToken } = pushed;
  const rest = new Rest(originOf('options.url', options.url), { get: async () => wakeToken, refuse: () => {} });
  const path = `/api/v2/video/call/${call.type}/${call.id}`;
  const body = what === 'reject' ? { reason: options.reason ?? 'decline', ring_id: call.ringId } : {};
  try {
    await rest.request('POST', `${path}/${what}`, body);
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    // Once another phone has answered, this token may only read: whether it may tells that from any other refusal.
    if (error.code === 'not_allowed') await rest.request('GET', path);
    else if (!(error.code in OVER || isSpent(error))) throw error;
  }
}

type Keys = Readonly<Record<string, string | undefined>>;

/** The keys of a push of ours, in Carillon's names; undefined for any other. */
function keysOf(data: unknown): Keys | undefined {
  const flat = parsed(data);
  const keys = texts(flat['sender'] === undefined ? parsed(flat['data'] ?? parsed(flat['message'])['data']) : flat);
  if (keys['sender'] === 'carillon') return keys;
  if (keys['sender'] !== 'stream_video' || keys['ring_id'] === undefined) return undefined;
  return {
    ...keys,
    type: keys['call_type'],
    call_cid: keys['stream_call_cid'],
    call_type: keys['stream_call_type'],
    call_id: keys['stream_call_id'],
  };
}

/** What is text in it, as every key of ours is. */
const texts = (keys: Readonly<Record<string, unknown>>): Keys =>
  Object.fromEntries(
    Object.entries(keys).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );

function callOf(keys: Keys): PushedCall | undefined {
  const { call_cid: cid, call_type: type, call_id: id, ring_id: ringId, receiver_id: receiverId } = keys;
  if (cid === undefined || type === undefined || id === undefined || ringId === undefined || receiverId === undefined) {
    return undefined;
  }
  const { created_by_id: callerId = '', created_by_image: callerImage } = keys;
  return {
    cid,
    type,
    id,
    ringId,
    receiverId,
    uuid: keys['call_uuid'] ?? '',
    callerId,
    callerName: keys['created_by_name'] ?? callerId,
    ...(callerImage !== undefined && { callerImage }),
    video: keys['video'] === 'true',
    sentAt: Number(keys['sent_at']),
    expiresAt: Number(keys['expires_at']),
  };
}

function parsed(value: unknown): Record<string, unknown> {
  try {
    const read: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    return typeof read === 'object' && read !== null ? { ...read } : {};
  } catch {
    return {};
  }
}
