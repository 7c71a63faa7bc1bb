import { type Call, memberOf } from '#domain/call.ts';
import type { EpochMs } from '#domain/time.ts';

/** An event that carries the call. */
interface StateFrame {
  readonly type: string;
  readonly call_cid: string;
  readonly version: number;
  readonly call: { readonly status: string };
  readonly members: readonly { readonly user_id: string; readonly state: string; readonly ring_id?: string }[];
  readonly ring_id?: string;
  readonly expires_at?: string;
}

/** What a handset knows of a call: the latest event about it. */
export interface View {
  readonly version: number;
  readonly status: string;
  readonly states: Readonly<Record<string, string>>;
}

/** A phone or a browser that keeps the client rules and nothing else. */
export interface Handset {
  readonly userId: string;
  readonly id: string;
  readonly kind: 'android' | 'iphone' | 'browser';
  /** Its push token, where it has one. */
  readonly token: string | undefined;
  readonly views: Map<string, View>;
  /** Until when it rings, by ring id. */
  readonly ringing: Map<string, { readonly cid: string; readonly until: number }>;
  /** Rings that are over: a push that comes after its stop must not ring. */
  readonly over: Set<string>;
  /** How its push service answers next. */
  fault: 'none' | 'dead' | 'unavailable' | 'lost answer' | 'no answer';
}

/** A handset that knows nothing yet. */
export const aHandset = (userId: string, id: string, kind: Handset['kind']): Handset => ({
  userId,
  id,
  kind,
  token: kind === 'browser' ? undefined : `token-${id}`,
  views: new Map(),
  ringing: new Map(),
  over: new Set(),
  fault: 'none',
});

const isState = (frame: object): frame is StateFrame => 'version' in frame && 'members' in frame;

/** A frame over the handset's WebSocket: it keeps the highest version, and rings only for `call.ring`. */
export function hear(handset: Handset, frame: object, now: EpochMs): void {
  if (!isState(frame)) return;
  const { call_cid: cid, version, call, members } = frame;
  const known = handset.views.get(cid);
  if (known && version < known.version) return;
  const states = Object.fromEntries(members.map(({ user_id, state }) => [user_id, state]));
  handset.views.set(cid, { version, status: call.status, states: { ...known?.states, ...states } });
  const mine = members.find(({ user_id }) => user_id === handset.userId);
  if (mine && mine.state !== 'ringing' && mine.ring_id !== undefined) silence(handset, mine.ring_id);
  if (call.status === 'ended') silenceCall(handset, cid);
  if (frame.type === 'call.ring' && mine?.state === 'ringing' && frame.ring_id !== undefined) {
    start(handset, frame.ring_id, cid, Date.parse(frame.expires_at ?? ''), now);
  }
}

/** A push: it rings until `expires_at`, or silences the ring that it names. */
export function wake(handset: Handset, data: Readonly<Record<string, string>>, now: EpochMs): void {
  const { type, ring_id: ringId = '', call_cid: cid = '', expires_at: until = '0' } = data;
  if (type === 'call.ring') {
    if (handset.views.get(cid)?.status !== 'ended') start(handset, ringId, cid, Number(until), now);
  } else silence(handset, ringId);
}

function start(handset: Handset, ringId: string, cid: string, until: number, now: EpochMs): void {
  if (now < until && !handset.over.has(ringId)) handset.ringing.set(ringId, { cid, until });
}

function silence(handset: Handset, ringId: string): void {
  handset.over.add(ringId);
  handset.ringing.delete(ringId);
}

/** Whoever answered, declined or was told that there is nothing to answer rings no more. */
export function silenceCall(handset: Handset, cid: string): void {
  for (const [ringId, ring] of handset.ringing) if (ring.cid === cid) silence(handset, ringId);
}

/** The handset asks for a call and has it as it is. */
export function look(handset: Handset, call: Call): void {
  const known = handset.views.get(call.cid);
  if (known && call.version < known.version) return;
  const states = Object.fromEntries(Object.values(call.members).map(({ userId, state }) => [userId, state]));
  handset.views.set(call.cid, { version: call.version, status: call.status, states });
}

/** What a command is answered with: the call, which may say that a ring is over whose push is still on its way. */
export function answered(handset: Handset, call: Call): void {
  look(handset, call);
  const mine = memberOf(call, handset.userId);
  if (mine && mine.state !== 'ringing' && mine.ringId !== undefined) silence(handset, mine.ringId);
}

/** The rings that the handset makes heard at `now`. */
export const audible = ({ ringing }: Handset, now: EpochMs) =>
  [...ringing].filter(([, { until }]) => now < until).map(([ringId, { cid }]) => ({ ringId, cid }));
