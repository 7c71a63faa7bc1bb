import { membersOf, merge, type News, type Picture } from './picture.ts';
import type { AnsweredOn, Call, Member } from './wire.ts';

/**
 * How a call ended for this handset: as the server says (`completed`, `rejected`, `cancelled`, `missed`, `failed`), and
 *
 * - `busy`: everybody who was called is in another call
 * - `replaced`: one of the two rang the other again, by another call
 * - `answered_elsewhere`, `declined_elsewhere`: another phone of this user did it; the call may go on there
 * - `left`: this handset has left, or was without a connection for too long; the call may go on
 */
export type EndReason =
  | NonNullable<Call['ended_reason']>
  | 'busy'
  | 'replaced'
  | 'answered_elsewhere'
  | 'declined_elsewhere'
  | 'left';

/**
 * Where this handset stands in a call: it `places` it (the server has not answered yet), it is rung (`incoming`), it is
 * `answering`, it is `in`, it was in it before the app was started anew (`resumable`), or it is `over`.
 */
export type Phase = 'places' | 'incoming' | 'answering' | 'in' | 'resumable' | 'over';

/** One handset's part in one call, from a ring to its end. It never changes; the functions here make the next one. */
export interface Participation {
  readonly phase: Phase;
  readonly outgoing: boolean;
  readonly picture?: Picture;
  /** Which ring it is, if this handset is rung. */
  readonly ringId?: string;
  /** When that ring ends, in ms of the server's clock. */
  readonly deadline?: number;
  readonly reason?: EndReason;
}

/** Whose part it is, and when. */
export interface Viewer {
  readonly me: string;
  /** Whether an answer was given on this handset. */
  readonly isHere: (answeredOn: AnsweredOn) => boolean;
  /** In ms of the server's clock. */
  readonly now: number;
}

/** Where news come from, as far as it matters. */
export interface Source {
  /** The `reason` of an event. */
  readonly reason?: string | undefined;
  /** Whether it is `call.active` of a call that this handset may resume. */
  readonly resumable?: boolean;
}

/** The part of somebody who is about to place a call. */
export const placing: Participation = { phase: 'places', outgoing: true };

/** The part that begins in a call in which this handset has none, as the picture is now; usually none begins. */
export function begin(
  picture: Picture,
  viewer: Viewer,
  { resumable = false }: Source,
  hasRung: (ringId: string) => boolean,
): Participation | undefined {
  if (picture.call.status === 'ended') return undefined;
  const ring = ringOf(picture, viewer);
  if (ring && ring.deadline > viewer.now && !hasRung(ring.ringId)) {
    return { phase: 'incoming', outgoing: false, picture, ...ring };
  }
  const outgoing = picture.call.created_by.id === viewer.me;
  return resumable ? { phase: 'resumable', outgoing, picture } : undefined;
}

/** The part after news. What is over stays over. */
export function hear(part: Participation, news: News, viewer: Viewer, { reason }: Source = {}): Participation {
  if (part.phase === 'over') return part;
  const next = { ...part, picture: merge(part.picture, news) };
  const { call } = next.picture;
  const own = next.picture.members.get(viewer.me)?.member;
  if (call.status === 'ended') return over(next, reason === 'replaced' ? reason : endOf(next, own, viewer));
  return own ? OWN[next.phase](next, own, viewer) : next;
}

/** The part when it is later. */
export const tick = (part: Participation, { now }: Pick<Viewer, 'now'>): Participation =>
  part.phase === 'incoming' && part.deadline !== undefined && part.deadline <= now ? over(part, 'missed') : part;

/** The part of a handset that answers. */
export const answering = (part: Participation): Participation =>
  part.phase === 'incoming' ? { ...part, phase: 'answering' } : part;

/** The part when the server has said that this handset is in the call. */
export const joined = (part: Participation): Participation => (part.phase === 'over' ? part : { ...part, phase: 'in' });

/** The part when it is still unknown whether the answer has arrived. */
export const unanswered = (part: Participation): Participation =>
  part.phase === 'answering' ? { ...part, phase: 'incoming' } : part;

/** The part of a handset that is out of the call. */
export const over = (part: Participation, reason: EndReason): Participation =>
  part.phase === 'over' ? part : { ...part, phase: 'over', reason };

type Judge = (part: Participation, own: Member, viewer: Viewer) => Participation;

/** How a ring ends for a handset that did not end it, by the state of its user. */
const RING_ENDS: Partial<Record<Member['state'], EndReason>> = {
  accepted: 'answered_elsewhere',
  joined: 'answered_elsewhere',
  rejected: 'declined_elsewhere',
  missed: 'missed',
  busy: 'busy',
  left: 'answered_elsewhere',
};

const whileIncoming: Judge = (part, own, viewer) => {
  const ring = part.picture && ringOf(part.picture, viewer);
  if (ring) return { ...part, ...ring };
  const reason = RING_ENDS[own.state];
  return reason ? over(part, reason) : part;
};

/** An event may overtake the answer to the accept, which says what has become of it. */
const whileAnswering: Judge = (part, own, { isHere }) =>
  own.state === 'accepted' && own.answered_on && isHere(own.answered_on) ? joined(part) : part;

const whileIn: Judge = (part, own, { isHere }) => {
  if (own.state === 'accepted' && own.answered_on && !isHere(own.answered_on)) return over(part, 'answered_elsewhere');
  return own.state === 'joined' || own.state === 'accepted' ? part : over(part, 'left');
};

const whileResumable: Judge = (part, own) =>
  own.state === 'joined' || own.state === 'accepted' ? part : over(part, 'left');

const OWN: Readonly<Record<Phase, Judge>> = {
  places: (part) => part,
  incoming: whileIncoming,
  answering: whileAnswering,
  in: whileIn,
  resumable: whileResumable,
  over: (part) => part,
};

/** The ring of this user, if the picture shows one. */
function ringOf({ members }: Picture, { me }: Viewer): { ringId: string; deadline: number } | undefined {
  const own = members.get(me)?.member;
  if (own?.state !== 'ringing' || own.ring_id === undefined || own.ring_expires_at === undefined) return undefined;
  return { ringId: own.ring_id, deadline: Date.parse(own.ring_expires_at) };
}

/** How an ended call ended. A handset that still rang hears what its user did on another one, if they did. */
function endOf(
  { phase, picture }: Participation & { picture: Picture },
  own: Member | undefined,
  { me }: Viewer,
): EndReason {
  const elsewhere = phase === 'incoming' && own && RING_ENDS[own.state];
  if (elsewhere && elsewhere !== 'missed') return elsewhere;
  const others = membersOf(picture).filter(({ user_id }) => user_id !== me);
  const { ended_reason = 'completed' } = picture.call;
  const areBusy = others.length > 0 && others.every(({ state }) => state === 'busy');
  return ended_reason === 'rejected' && areBusy ? 'busy' : ended_reason;
}
