import { type Call, memberOf } from '#domain/call/call.ts';
import { asSeenByThemselves, knowsOf } from '#domain/call/unheard.ts';
import type { Dialect } from '#domain/dialect.ts';
import type { EpochMs } from '#domain/time.ts';

/** An event that carries the call. */
interface StateFrame {
  readonly call_cid: string;
  readonly version: number;
  readonly call: { readonly status: string };
  readonly members: readonly {
    readonly user_id: string;
    readonly state: string;
    readonly ring_id?: string;
    readonly ring_expires_at?: string;
  }[];
}

/** What a handset knows of a call, and of each of its members: what the highest version said that told of it. */
export interface View {
  readonly version: number;
  readonly status: string;
  readonly members: Readonly<Record<string, { readonly state: string; readonly version: number }>>;
}

/** The call that a client shows which knows one at a time, once it rings no more. */
export interface Shows {
  readonly peer: string;
  readonly as: 'calling' | 'talking';
  /** What it asked for. */
  readonly by: string;
  /** As far as the client was told. */
  readonly cid?: string;
  /** Whether that is the call of whoever was asked for, who rings the client: it is about to be told so. */
  readonly isTheirs?: boolean;
}

/** A phone or a browser that keeps the client rules and nothing else. */
export interface Handset {
  readonly userId: string;
  readonly id: string;
  /** A `subscriber` is a browser that is rung by Web Push. */
  readonly kind: 'android' | 'iphone' | 'browser' | 'subscriber';
  /** Its push token, where it has one. */
  readonly token: string | undefined;
  /** What it says of itself when it connects, if anything: the same as `id`. */
  readonly hardwareId: string | undefined;
  /** How often its app was started, if it says so. */
  session: number | undefined;
  /** The rings that it has heard of, in order. */
  readonly heard: { readonly cid: string; readonly ringId: string }[];
  readonly views: Map<string, View>;
  /** Until when it rings, by ring id. */
  readonly ringing: Map<string, { readonly cid: string; readonly until: number; readonly isShown?: boolean }>;
  /** Rings and calls that are over: a push that comes after its stop must not ring. */
  readonly over: Set<string>;
  /** The ring of each call whose push woke it: with the token in that push it may answer or decline. */
  readonly woken: Map<string, string>;
  /** What it speaks when it connects. */
  readonly dialect: Dialect;
  /** The call that it shows, if it speaks a dialect that names none. */
  shows: Shows | undefined;
  /** The calls by which it was being rung when it rang whoever rings it: it is told of them, even if it does not hear them otherwise. */
  readonly met: Set<string>;
  /**
   * Whether it cannot tell which of two calls an event is about, until it hears of an end or begins another one. It was rung at the moment at
   * which it rang somebody else, since “the caller's own engagement never refuses a ring”; or it rang, and what became of a
   * call before was on the way to it.
   */
  isTorn: boolean;
  /** Whether it has heard of an end since, and so shows nothing, though the call that it began may go on. */
  hasLetGo: boolean;
  /** How its push service answers next. */
  fault: 'none' | 'dead' | 'unavailable' | 'lost answer' | 'no answer';
}

/** A handset that knows nothing yet. */
export const aHandset = (
  userId: string,
  id: string,
  kind: Handset['kind'],
  says: { readonly hardwareId?: false; readonly session?: true; readonly dialect?: Dialect | undefined } = {},
): Handset => ({
  userId,
  id,
  kind,
  hardwareId: says.hardwareId === false ? undefined : id,
  session: says.session ? 1 : undefined,
  heard: [],
  token: kind === 'browser' ? undefined : `token-${id}`,
  views: new Map(),
  ringing: new Map(),
  over: new Set(),
  woken: new Map(),
  dialect: says.dialect ?? 'native',
  shows: undefined,
  isTorn: false,
  hasLetGo: false,
  met: new Set(),
  fault: 'none',
});

/** Its app is started anew: it remembers nothing but the rings that are over. */
export function startAnew(handset: Handset): void {
  handset.views.clear();
  handset.ringing.clear();
  handset.shows = undefined;
  handset.isTorn = false;
  handset.hasLetGo = false;
  if (handset.session !== undefined) handset.session += 1;
}

/** What it says its session is when it connects. */
export const sessionOf = ({ id, session }: Handset): string | undefined =>
  session === undefined ? undefined : `${id} ${session}`;

const isState = (frame: object): frame is StateFrame => 'version' in frame && 'members' in frame;

/** A frame over the handset's WebSocket: whatever event it is, the member entry in it says whether the handset is to ring. */
export function hear(handset: Handset, frame: object, now: EpochMs): void {
  if (!isState(frame)) return;
  const { call_cid: cid, version, call, members } = frame;
  learn(handset, cid, { version, status: call.status, members: members.map(({ user_id, state }) => [user_id, state]) });
  const mine = members.find(({ user_id }) => user_id === handset.userId);
  const isNews = handset.views.get(cid)?.members[handset.userId]?.version === version;
  if (mine?.ring_id !== undefined && isNews) {
    // Whatever rang for this call before is over: a call rings for somebody by one ring at a time.
    silenceCall(handset, cid, mine.state === 'ringing' ? mine.ring_id : undefined);
    if (mine.state !== 'ringing') silence(handset, mine.ring_id);
    else start(handset, mine.ring_id, cid, Date.parse(mine.ring_expires_at ?? ''), now);
  }
  if (call.status === 'ended') silenceCall(handset, cid);
}

/** What is lower than what is known is ignored; of a member whom no higher version told of, it is news all the same. */
export function learn(
  { views }: Handset,
  cid: string,
  told: { readonly version: number; readonly status: string; readonly members: readonly (readonly [string, string])[] },
): void {
  const known = views.get(cid);
  const { version } = told;
  const news = told.members.filter(([userId]) => version >= (known?.members[userId]?.version ?? 0));
  views.set(cid, {
    ...(known && known.version > version ? known : { version, status: told.status }),
    members: { ...known?.members, ...Object.fromEntries(news.map(([userId, state]) => [userId, { state, version }])) },
  });
}

/** A push: it rings until `expires_at`, or silences the ring that it names. */
export function wake(handset: Handset, data: Readonly<Record<string, string>>, now: EpochMs): void {
  const { type, ring_id = '', call_cid: cid = '', expires_at: until = '0' } = data;
  const ringId = nameOfRing(handset, cid, ring_id);
  if (type === 'call.ring') {
    // A late tap on the first push is the harder one.
    if (!handset.woken.has(cid)) handset.woken.set(cid, ring_id);
    start(handset, ringId, cid, Number(until), now);
  } else silence(handset, ringId);
}

/** What a handset calls a ring: one that speaks a dialect is told which call it is, and no more. */
export const nameOfRing = ({ dialect }: Handset, cid: string, ringId: string): string =>
  dialect === 'native' ? ringId : cid;

export function start(
  handset: Handset,
  ringId: string,
  cid: string,
  until: number,
  now: EpochMs,
  isShown = false,
): void {
  if (!handset.heard.some((ring) => ring.ringId === ringId)) handset.heard.push({ cid, ringId });
  const isEnded = handset.over.has(cid) || handset.views.get(cid)?.status === 'ended';
  // Whoever is told of a ring rings, also after an answer to it that was refused: it had another one's offer.
  if (now < until && (isShown || (!handset.over.has(ringId) && !isEnded)))
    handset.ringing.set(ringId, { cid, until, isShown: isShown || handset.ringing.get(ringId)?.isShown === true });
}

/** One ring is over. */
export function silence(handset: Handset, ringId: string): void {
  handset.over.add(ringId);
  handset.ringing.delete(ringId);
}

/** Whoever answered, declined or was told that there is nothing to answer rings no more, but for the ring `but`. */
export function silenceCall(handset: Handset, cid: string, but?: string): void {
  for (const [ringId, ring] of handset.ringing) if (ring.cid === cid && ringId !== but) silence(handset, ringId);
}

/** The handset asks for a call and has it as it is. */
export function look(handset: Handset, call: Call): void {
  const { cid, version, status } = call;
  if (!knowsOf(call, handset.userId)) return;
  const shown = Object.values(call.members).map((member) =>
    member.userId === handset.userId ? asSeenByThemselves(member) : member,
  );
  const members = shown.map(({ userId, state }) => [userId, state] as const);
  learn(handset, cid, { version, status, members });
}

/** What a command is answered with: the call, which may say that a ring is over whose push is still on its way. */
export function answered(handset: Handset, call: Call): void {
  look(handset, call);
  const mine = memberOf(call, handset.userId);
  if (!mine || mine.state === 'ringing') return;
  if (mine.ringId !== undefined) silence(handset, mine.ringId);
  const isNews = handset.views.get(call.cid)?.members[handset.userId]?.version === call.version;
  if (isNews) silenceCall(handset, call.cid);
}

/** A command is refused because the call is over: it rings no more, even by a push that is still on its way. */
export function ended(handset: Handset, cid: string): void {
  handset.over.add(cid);
  silenceCall(handset, cid);
}

/** The rings that the handset makes heard at `now`. */
export const audible = ({ ringing }: Handset, now: EpochMs) =>
  [...ringing].filter(([, { until }]) => now < until).map(([ringId, { cid }]) => ({ ringId, cid }));
