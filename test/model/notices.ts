import type { Shown } from '#domain/shown.ts';
import { type EpochMs, epochMs, SECOND_MS } from '#domain/time.ts';
import type { Notice } from '#ports/notice.ts';
import type { Handset } from './handset.ts';
import type { overhearing } from './signals.ts';
import { isMissing, type Socket } from './socket.ts';

/** Something that a phone was told of a call, over one of its connections. */
interface Heard {
  readonly socket: Socket;
  readonly tick: number;
  /** When the record of the phone said that it is about to be told. */
  readonly claimedAt: EpochMs;
  /** When the record said that it was told; never if whoever told it died before. */
  notedAt?: EpochMs;
}

/** Somebody who tells phones something, and notes it in their records. */
export interface Teller {
  claimedAt: EpochMs;
  readonly unnoted: Heard[];
}

/** Whoever takes longer to tell a phone something, or to note that they did, may have died: somebody else tells it, too. */
const PATIENCE_MS = 4 * SECOND_MS;

/** How something arrives: whether its sender knows so, and since when it has worked. */
interface Arrival {
  readonly teller: Teller;
  readonly begun: number;
  readonly now: EpochMs;
  readonly isCertain: boolean;
}

/** What a phone is told once. */
const ONCE: ReadonlySet<Notice['type']> = new Set(['ring', 'answer', 'over', 'rejected']);

/** What announces a call. */
const ANNOUNCES: readonly Notice['type'][] = ['ring', 'answer'];

const nameOf = ({ id, session }: Handset, cid: string, type: Notice['type']): string =>
  `${id} ${session} ${type === 'rejected' ? 'over' : type} ${cid}`;

/** Whether a phone has heard what it is told once, over this connection or before it opened. */
const isAgain = (socket: Socket, type: Notice['type'], before: readonly Heard[]): boolean =>
  ONCE.has(type) && !isMissing(socket) && before.some((one) => one.socket === socket || one.tick < socket.connectTick);

/**
 * Follows what phones are told that show one call at a time. Most of their events name no call: here it is known which one
 * each of them is about.
 */
export function overhearingNotices(overheard: ReturnType<typeof overhearing>, isEnded: (cid: string) => boolean) {
  const heard = new Map<string, Heard[]>();
  /** The calls of which a phone was posted something at a connection that had died unheard: it counts as told. */
  const lost = new Set<string>();

  const announcedIn = (handset: Handset, cid: string): Heard[] =>
    ANNOUNCES.flatMap((one) => heard.get(nameOf(handset, cid, one)) ?? []);

  /** What is wrong with telling a phone once what it is told, unless somebody was slow. */
  const repetitionIn = (
    socket: Socket,
    { type, call: { cid } }: Notice,
    { teller, now }: Pick<Arrival, 'teller' | 'now'>,
  ): string | undefined => {
    const { handset } = socket;
    const isAnnouncement = ANNOUNCES.includes(type);
    const wasQuick = (one: Heard): boolean => (one.notedAt ?? now) - one.claimedAt < PATIENCE_MS;
    // After an announcement that was slow, its end is told again.
    const after = isAnnouncement ? [] : announcedIn(handset, cid);
    if (now - teller.claimedAt >= PATIENCE_MS || !after.every(wasQuick)) return undefined;
    const before = (heard.get(nameOf(handset, cid, type)) ?? []).filter(wasQuick);
    if (isAgain(socket, type, before)) return `hears ${type} of ${cid} again`;
    const isOver = heard.has(nameOf(handset, cid, 'over'));
    return isAnnouncement && isOver ? `hears ${type} of ${cid} after its end` : undefined;
  };

  const faultIn = (socket: Socket, notice: Notice, by: Pick<Arrival, 'teller' | 'now'>): string | undefined => {
    const { handset } = socket;
    const {
      type,
      call: { cid },
    } = notice;
    const repetition = repetitionIn(socket, notice, by);
    if (repetition !== undefined) return repetition;
    // What announced it may have gone to a connection that had died unheard.
    const isAnnounced = announcedIn(handset, cid).length > 0 || lost.has(`${handset.id} ${cid}`);
    if (type === 'candidate' && !isAnnounced) return `hears a candidate of ${cid} before it is announced`;
    const other = shownInstead(handset, cid, (rung) => heard.has(nameOf(handset, rung, 'ring')));
    // If the call that it shows is over as well, it is right for whichever it takes it.
    const isRight = other === undefined || (type === 'over' && isEnded(other));
    if (type !== 'ring' && !isRight) return `hears ${type} of ${cid} while it shows ${other}`;
    return undefined;
  };

  return {
    /** Somebody writes the record of a phone. */
    noted(teller: Teller, { told }: Shown, now: EpochMs): void {
      teller.claimedAt = epochMs(Math.max(0, ...Object.values(told).map(({ at }) => at)));
      for (const one of teller.unnoted.splice(0)) one.notedAt = now;
    },
    /** Whether a phone has been told that of a call since its app was started. */
    wasTold: (handset: Handset, cid: string, type: Notice['type']): boolean => heard.has(nameOf(handset, cid, type)),
    /** Something is posted to a connection that has died unheard. */
    lost({ id }: Handset, { call }: Notice): void {
      lost.add(`${id} ${call.cid}`);
    },
    /** Whether a phone may have a wrong picture of a call: “a handset that has had a ring or an answer is never sent it again”. */
    hasLost: ({ id }: Handset, cid: string): boolean => lost.has(`${id} ${cid}`),
    /** A phone hears something; it will hear it again if its sender could not know that it arrived. */
    arrived(socket: Socket, notice: Notice, { teller, begun, now, isCertain }: Arrival): void {
      const fault = faultIn(socket, notice, { teller, now });
      if (fault !== undefined) overheard.faults.push(`${socket.id} ${fault}`);
      const { cid } = notice.call;
      const name = nameOf(socket.handset, cid, notice.type);
      const one: Heard = { socket, tick: overheard.tick(), claimedAt: teller.claimedAt };
      if (isCertain) heard.set(name, [...(heard.get(name) ?? []), one]);
      teller.unnoted.push(one);
      if (notice.type !== 'candidate') return;
      const candidate = String(notice.candidate?.['candidate']);
      overheard.arrived(socket, { call_cid: cid, from_user_id: notice.other.id, candidate }, begun);
    },
  };
}

/** Another call that the phone shows, if it shows no ring of this one. A ring by push alone is not shown yet: it is told after what is over. */
function shownInstead(handset: Handset, cid: string, wasRung: (cid: string) => boolean): string | undefined {
  const { shows, isTorn } = handset;
  if (isTorn) return undefined;
  if (shows?.cid !== undefined && shows.cid !== cid && !shows.isTheirs) return shows.cid;
  const rings = [...handset.ringing.values()].map((ring) => ring.cid);
  return shows === undefined && !rings.includes(cid) ? rings.find(wasRung) : undefined;
}
