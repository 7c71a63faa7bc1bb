import { type EpochMs, epochMs } from '#domain/time.ts';
import type { Notice } from '#ports/notice.ts';
import { encodeCalls } from '#wire/socket/calls/encode.ts';
import type { SocketEvent } from '#wire/socket/packets.ts';
import { encodeVideo } from '#wire/socket/video/encode.ts';
import { type Handset, type Shows, silence, start } from './handset.ts';

/** The dialects whose clients show one call at a time. */
export type OneCallDialect = 'calls' | 'video';

export const isOneCall = (dialect: string): dialect is OneCallDialect => dialect === 'calls' || dialect === 'video';

/** What such a client is told, in its words. */
export const ENCODE: Readonly<Record<OneCallDialect, (notice: Notice) => SocketEvent>> = {
  calls: encodeCalls,
  video: encodeVideo,
};

/** What such a client asks for. */
export type Wish = 'ring' | 'answer' | 'reject' | 'end' | 'end any' | 'candidate';

/** An event that a client sends: its name and its argument. */
export type Sent = readonly [name: string, argument: object];

/** The words for a wish. */
export function wordsFor(dialect: OneCallDialect, wish: Wish, to: string, text: string): Sent {
  const candidate = { candidate: text, sdpMid: '0', sdpMLineIndex: 0 };
  const offer = { type: 'offer', sdp: text };
  const answer = { type: 'answer', sdp: text };
  const words: Readonly<Record<Wish, Readonly<Record<OneCallDialect, Sent>>>> = {
    ring: { calls: ['callUser', { to, signalData: offer }], video: ['call_user', { toUserId: to, offer }] },
    answer: { calls: ['answerCall', { to, signalData: answer }], video: ['answer_call', { toUserId: to, answer }] },
    reject: { calls: ['rejectCall', { to }], video: ['reject_call', { toUserId: to }] },
    end: { calls: ['endCall', { to }], video: ['end_call', { toUserId: to }] },
    'end any': { calls: ['endCall', {}], video: ['end_call', {}] },
    candidate: {
      calls: ['iceCandidate', { to, candidate }],
      video: ['ice_candidate', { toUserId: to, candidate }],
    },
  };
  return words[wish][dialect];
}

/** What the fields of the events are called. */
interface Said {
  readonly from?: string;
  readonly fromUserId?: string;
  readonly callId?: string;
  readonly expiresAt?: string;
  readonly code?: string;
}

const MEANS: Readonly<Record<string, 'rung' | 'accepted' | 'refused' | 'over' | 'candidate'>> = {
  incomingCall: 'rung',
  incoming_call: 'rung',
  callAccepted: 'accepted',
  call_answered: 'accepted',
  callRejected: 'refused',
  call_rejected: 'refused',
  callEnded: 'over',
  call_ended: 'over',
  error: 'refused',
  iceCandidate: 'candidate',
  ice_candidate: 'candidate',
};

/** It shows one ring: one that came by a push alone makes way, and so does a call whose end it may have missed. */
function rung(
  handset: Handset,
  { from, cid, until }: { readonly from: string; readonly cid: string; readonly until: EpochMs },
  { now, hasMissed }: Hearing,
): string | undefined {
  const { shows, ringing } = handset;
  const others = [...ringing].filter(([, ring]) => ring.cid !== cid);
  if (shows?.as === 'talking' && !handset.isTorn && !hasMissed(shows.cid))
    return `rings for ${cid} while it talks to ${shows.peer}`;
  if (others.some(([, ring]) => ring.isShown && now < ring.until && !hasMissed(ring.cid)))
    return `rings for ${cid} while it rings for ${JSON.stringify(others)}`;
  for (const [name] of others) ringing.delete(name);
  if (shows?.peer === from) handset.shows = undefined;
  // If what it asked for is not answered yet, that may become a call all the same.
  handset.isTorn ||= handset.shows !== undefined || (shows?.as === 'calling' && shows.cid === undefined);
  start(handset, cid, cid, until, now, true);
  return undefined;
}

/** When a client hears something, and whether it was posted something of a call that never arrived. */
interface Hearing {
  readonly now: EpochMs;
  readonly hasMissed: (cid: string | undefined) => boolean;
}

/** What a client makes of an event, by its words alone. What comes back is what it cannot make sense of. */
export function hearEvent(handset: Handset, [name, argument]: SocketEvent, hearing: Hearing): string | undefined {
  const { from: one, fromUserId, callId, expiresAt = '' } = (argument ?? {}) as Said;
  const from = one ?? fromUserId ?? '';
  const { shows } = handset;
  const means = Object.hasOwn(MEANS, name) ? MEANS[name] : undefined;
  switch (means) {
    case 'rung':
      return rung(handset, { from, cid: `default:${callId}`, until: epochMs(Date.parse(expiresAt)) }, hearing);
    case 'accepted':
      // It may have hung up before that arrived.
      if (shows) handset.shows = { ...shows, as: 'talking' };
      return undefined;
    case 'refused':
      if (shows?.as === 'talking') return `hears ${name} while it talks to ${shows.peer}`;
      handset.shows = undefined;
      return undefined;
    case 'over':
      handset.hasLetGo ||= handset.isTorn;
      handset.isTorn = false;
      handset.shows = undefined;
      handset.ringing.clear();
      return undefined;
    case 'candidate':
      return undefined;
    case undefined:
      return `does not know ${name}`;
  }
}

/** The client shows what it asks for at once. What comes back is what it shows until the server answers. */
export function wished(
  handset: Handset,
  {
    wish,
    to,
    ring,
    by,
    before,
  }: {
    readonly wish: Wish;
    readonly to: string;
    readonly ring: string | undefined;
    readonly by: string;
    /** The try before it, whose handler died. */
    readonly before: string | undefined;
  },
): Shows | undefined {
  if (ring !== undefined && (wish === 'answer' || wish === 'reject')) silence(handset, ring);
  switch (wish) {
    case 'ring':
      // Asked again, it is the same call: whoever is rung meanwhile is torn still.
      if (before === undefined) {
        handset.isTorn = false;
        handset.hasLetGo = false;
      }
      handset.shows = { peer: to, as: 'calling', by };
      return handset.shows;
    case 'answer':
      if (handset.shows !== undefined && handset.shows.by !== before) return undefined;
      // It may find that there is nothing to answer any more.
      handset.shows = ring === undefined ? { peer: to, as: 'calling', by } : { peer: to, as: 'talking', by, cid: ring };
      return handset.shows;
    case 'end':
    case 'end any':
      if (wish === 'end any' || handset.shows?.peer === to) handset.shows = undefined;
      return undefined;
    case 'reject':
    case 'candidate':
      return undefined;
  }
}

/** The server says which call it is, or that there is none. */
export function acknowledged(
  handset: Handset,
  wish: Wish,
  shown: Shows | undefined,
  { isOk, cid, isTheirs }: { readonly isOk: boolean; readonly cid: string | undefined; readonly isTheirs: boolean },
): void {
  const { shows } = handset;
  if (wish === 'ring' && cid !== undefined && shows?.by !== shown?.by) {
    handset.met.add(cid);
    if (isTheirs) handset.isTorn = false;
  }
  // Its push may be on its way.
  if (cid !== undefined && (wish === 'answer' || wish === 'reject')) silence(handset, cid);
  // Whoever rang may have got the call that they decline.
  if (wish === 'reject' && cid !== undefined && shows?.cid === cid) handset.shows = undefined;
  if (!shows || shows.by !== shown?.by) return;
  handset.shows = isOk
    ? {
        ...shows,
        ...(wish === 'answer' && { as: 'talking' }),
        ...(cid !== undefined && { cid, isTheirs: isTheirs && wish === 'ring' }),
      }
    : undefined;
}
