import { type Call, channelOf, isHosted, memberOf } from '#domain/call/call.ts';
import type { EpochMs } from '#domain/time.ts';
import { hostedCid } from '#usecases/calls/hosted-call.ts';
import { sessionView } from '#wire/rest/sessions.ts';
import type { SocketEvent } from '#wire/socket/packets.ts';
import { type Handset, learn, silence, start } from './handset.ts';
import type { overhearing } from './signals.ts';
import type { Socket } from './socket.ts';

// A client of sessions hears over Socket.IO what becomes of them.

/** How far a session is; whatever comes late, what is further counts. */
const PHASES = ['ringing', 'active', 'ended'] as const;
type Phase = (typeof PHASES)[number];

const reach = (handset: Handset, cid: string, phase: Phase): void =>
  learn(handset, cid, { version: PHASES.indexOf(phase) + 1, status: phase, members: [] });

/** The client has a session as it is, by what an answer over REST says. */
export function lookAtSession(handset: Handset, call: Call): void {
  const { status } = sessionView({ call, channelName: channelOf(call) });
  const isOn = status === 'INITIATED' || status === 'RINGING' || status === 'ACTIVE';
  reach(handset, call.cid, status === 'INITIATED' ? 'ringing' : isOn ? 'active' : 'ended');
  // Whoever is rung has answered elsewhere, or there is nothing to answer.
  if (status !== 'INITIATED') silence(handset, call.cid);
}

/** The fields of the events. */
interface Said {
  readonly sessionId: string;
  readonly channelName?: string;
  readonly initiatorId?: string;
  readonly userId?: string;
  readonly expiresAt?: string;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the golden file has the form of each event
const said = (argument: unknown): Said => argument as Said;

/** What a client makes of an event, by its words alone. What comes back is what it cannot make sense of. */
function hearSession(handset: Handset, [name, argument]: SocketEvent, now: EpochMs): string | undefined {
  const { sessionId, initiatorId, userId, expiresAt = '' } = said(argument);
  const cid = hostedCid(sessionId);
  switch (name) {
    case 'call_invitation':
      if (initiatorId === handset.userId) return `is invited to ${cid}, which its user began`;
      reach(handset, cid, 'ringing');
      start(handset, cid, cid, Date.parse(expiresAt), now);
      return undefined;
    case 'call_answered':
      reach(handset, cid, 'active');
      if (userId === handset.userId) silence(handset, cid);
      return undefined;
    case 'call_ended':
      reach(handset, cid, 'ended');
      silence(handset, cid);
      return undefined;
    default:
      return `does not know ${name}`;
  }
}

/** Somebody who tells a client of sessions something: since which tick, and what has certainly arrived. */
export interface SessionTeller {
  readonly since: number;
  readonly ended: string[];
}

/** Whoever answers knows, if the request says by which phone. */
function faultInAnswer({ handset }: Socket, versions: readonly Call[], userId: string): string | undefined {
  const answered = versions.find((call) => memberOf(call, userId)?.state === 'accepted');
  const seat = answered && memberOf(answered, userId)?.handset;
  if (!seat) return `hears of an answer of ${userId}, who has not answered`;
  const isIts = seat.hardwareId !== undefined && seat.hardwareId === handset.hardwareId;
  return userId === handset.userId && isIts ? `hears of its own answer to ${answered.cid}` : undefined;
}

/** Follows what clients of sessions are told. */
export function overhearingSessions(
  overheard: ReturnType<typeof overhearing>,
  versionsOf: (cid: string) => readonly Call[],
) {
  /** When whoever told a connection of an end was done, by connection and session. */
  const toldEnd = new Map<string, number>();

  const faultIn = (socket: Socket, [name, argument]: SocketEvent, since: number): string | undefined => {
    const { sessionId, userId = '' } = said(argument);
    const cid = hostedCid(sessionId);
    const versions = versionsOf(cid);
    if (!versions.some((call) => isHosted(call) && memberOf(call, socket.handset.userId)))
      return `hears ${name} of ${cid}, in which its user is not`;
    if (name === 'call_ended') return faultInEnd(socket, cid, versions.at(-1), since);
    return name === 'call_answered' ? faultInAnswer(socket, versions, userId) : undefined;
  };

  const faultInEnd = ({ id }: Socket, cid: string, call: Call | undefined, since: number): string | undefined => {
    if (call?.status !== 'ended') return `hears the end of ${cid}, which goes on`;
    const isAgain = since > (toldEnd.get(`${id} ${cid}`) ?? Number.POSITIVE_INFINITY);
    return isAgain ? `hears the end of ${cid} again` : undefined;
  };

  return {
    /** A client hears something. */
    arrived(socket: Socket, event: SocketEvent, now: EpochMs, teller: SessionTeller, isCertain: boolean): void {
      const { id, handset, offers } = socket;
      const [name, argument] = event;
      const cid = hostedCid(said(argument).sessionId);
      for (const wrong of [faultIn(socket, event, teller.since), hearSession(handset, event, now)])
        if (wrong !== undefined) overheard.faults.push(`${id} ${wrong}`);
      if (name === 'call_invitation') offers.add(cid);
      if (name === 'call_ended' && isCertain) teller.ended.push(`${id} ${cid}`);
    },
    /** Whoever has told a client something is done. */
    done({ ended }: SessionTeller): void {
      for (const one of ended) toldEnd.set(one, overheard.tick());
    },
  };
}
