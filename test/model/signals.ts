import { type Call, type Handset, isIn, memberOf } from '#domain/call/call.ts';
import { hearsOf, type Socket } from './socket.ts';

/** A signal as a client gets it. */
interface SignalFrame {
  readonly call_cid: string;
  readonly from_user_id: string;
  readonly sdp?: string;
  readonly candidate?: string;
}

export const isSignalFrame = (frame: object): frame is SignalFrame => 'from_user_id' in frame;

/** An event that tells of a live call. */
interface ActiveFrame {
  readonly call_cid: string;
  readonly resumable: boolean;
}

export const isActiveFrame = (frame: object): frame is ActiveFrame => 'resumable' in frame;

/** A call as it stood from a moment on, the handsets of its members among it. */
interface Snapshot {
  readonly at: number;
  readonly call: Call;
}

/**
 * Whether a socket is one of the handset by which its user takes part in a call. Said here once more, in the words of the
 * contract, so that the games judge what the product does.
 */
export function isSeat(seat: Handset | undefined, socket: Socket, sockets: readonly Socket[]): boolean {
  if (!seat) return true;
  const { hardwareId, sessionId } = socket.user;
  const isSameSession = seat.sessionId === undefined || sessionId === undefined || seat.sessionId === sessionId;
  if (seat.hardwareId !== undefined) return seat.hardwareId === hardwareId && isSameSession;
  if (seat.connectionId === undefined) return isSameSession;
  if (seat.connectionId === socket.id) return true;
  const isLost = sockets.some(({ id, state }) => id === seat.connectionId && state !== 'open');
  return isLost && hardwareId === undefined;
}

/** Follows all signals of a game, and notes what must not be. */
export function overhearing(sockets: readonly Socket[]) {
  const history = new Map<string, Snapshot[]>();
  const faults: string[] = [];
  /** When each signal had been sent, by its text. */
  const sent = new Map<string, number>();
  /** The call that each signal was kept for, by its text. */
  const cids = new Map<string, string>();
  /** The handsets that have gone on with a call of a user. */
  const resumed = new Set<string>();
  let ticks = 0;
  const tick = (): number => {
    ticks += 1;
    return ticks;
  };
  const wrote = (call: Call): void => {
    history.set(call.cid, [...(history.get(call.cid) ?? []), { at: tick(), call }]);
  };

  /** The call as it was at a moment, and in all versions since. */
  const since = (cid: string, moment: number): Call[] => {
    const all = history.get(cid) ?? [];
    const first = Math.max(
      all.findLastIndex(({ at }) => at <= moment),
      0,
    );
    return all.slice(first).map(({ call }) => call);
  };

  /** When the latest ring of a user began. */
  const ringBegan = (cid: string, userId: string): number => {
    const all = history.get(cid) ?? [];
    const latest = all.at(-1);
    const ringId = latest && memberOf(latest.call, userId)?.ringId;
    if (ringId === undefined) return 0;
    return all.find(({ call }) => memberOf(call, userId)?.ringId === ringId)?.at ?? 0;
  };

  return {
    faults,
    resumed,
    tick,
    wrote,
    /** A member goes on by another handset, or by another connection. */
    moved(cid: string, userId: string, handset: Handset): void {
      const call = history.get(cid)?.at(-1)?.call;
      const member = call && memberOf(call, userId);
      resumed.add(`${cid} ${userId} ${handset.hardwareId}`);
      if (member) wrote({ ...call, members: { ...call.members, [userId]: { ...member, handset } } });
    },
    /** A signal is kept for a member of a call. */
    kept(cid: string, signal: string): void {
      cids.set(signal, cid);
    },
    /** The call that a signal was for. */
    cidOf: (signal: string): string | undefined => cids.get(signal),
    /** Whoever sent a signal has been answered. */
    done(signal: string): void {
      sent.set(signal, tick());
    },
    /** A socket is told of a live call of its user, by somebody whose work began at `begun`. */
    told(socket: Socket, { call_cid: cid, resumable }: ActiveFrame, begun: number): void {
      const seats = since(cid, begun).flatMap((call) => memberOf(call, socket.handset.userId)?.handset ?? []);
      const isOwn = (seat: Handset): boolean => isSeat(seat, socket, sockets);
      const isAnew = (seat: Handset): boolean =>
        seat.hardwareId !== undefined && seat.hardwareId === socket.user.hardwareId && !isOwn(seat);
      const open = sockets.filter((other) => other !== socket && other.state === 'open' && other.openTick < begun);
      const isTaken = (seat: Handset): boolean =>
        open.some((other) => hearsOf(other, cid) && isSeat(seat, other, sockets));
      if (seats.length === 0) return;
      if (!resumable && seats.every(isAnew)) faults.push(`${socket.id} was started anew and may not resume ${cid}`);
      if (resumable && seats.every((seat) => isOwn(seat) || (isTaken(seat) && !isAnew(seat))))
        faults.push(`${socket.id} may resume ${cid}, though its handset is connected`);
    },
    /** A socket gets a signal from somebody whose work began at `begun`. */
    arrived(socket: Socket, { call_cid: cid, from_user_id: from, sdp, candidate }: SignalFrame, begun: number): void {
      const { userId } = socket.handset;
      const text = sdp ?? candidate ?? '';
      socket.signals.add(text);
      if (from === userId) faults.push(`${socket.id} is sent a signal of its own user: ${text}`);
      const members = since(cid, begun).flatMap((call) => memberOf(call, userId) ?? []);
      const isOutside =
        members.length > 0 && members.every((member) => isIn(member) && !isSeat(member.handset, socket, sockets));
      if (isOutside) faults.push(`${socket.id} is sent a signal, though another handset is in the call: ${text}`);
      const began = ringBegan(cid, userId);
      if ((sent.get(text) ?? Number.POSITIVE_INFINITY) < began && begun > began)
        faults.push(`${socket.id} is sent a signal of an earlier ring: ${text}`);
    },
  };
}
