import { ServiceError } from '#domain/errors.ts';
import { isSignedOutAt } from '#domain/identity.ts';
import {
  hearersOf,
  isOnlyDevice,
  type Occupant,
  occupantOf,
  type Participant,
  participants,
  type Room,
  turnover,
} from '#domain/room/room.ts';
import { SECOND_MS } from '#domain/time.ts';
import type { Delivery } from '#ports/peer-link.ts';
import { surplusOf } from '#ports/presence-store.ts';
import { evictions, type Queue, type RoomJob, type SurplusJob } from '#ports/queues.ts';
import type { Passed, Seat } from '#ports/room-store.ts';
import { AFTER_JOINING, leaveRoom, participantOf, type RoomDeps, tellOccupants } from './leave-room.ts';

export interface JoinRoomDeps extends RoomDeps {
  readonly roomJobs: Queue<RoomJob>;
  readonly surplusJobs: Queue<SurplusJob>;
  /** Waits `ms`. */
  readonly wait: (ms: number) => Promise<void>;
}

/** The socket opens after `$connect` has answered, so its first frame may be too quick. It is tried again after these waits. */
const OPENING_WAITS_MS = [25, 75, 200];
/** After those, the job goes back into the queue for this long. */
const AGAIN_MS = SECOND_MS;
const MAX_ATTEMPTS = 5;
/** How long a user who comes back is not announced because the others are still being told that they went. */
const RETURN_WAITS_MS = [20, 50, 100, 200, 400, 800];
/** Each lost race means that somebody else came or went: this many in a row is not contention but a fault. */
const MAX_RACES = 200;

/**
 * Brings a connection that has just opened into its room. It is told of the room first, and is part of it from then on;
 * then the others are told of it, and it is told of whoever came or went meanwhile, until nobody did. So two who come at
 * once each hear of the other once.
 */
export const joinRoom = (deps: JoinRoomDeps) => {
  const { rooms, presence, link, clock, roomJobs, surplusJobs, wait } = deps;
  const leave = leaveRoom(deps);
  const tell = tellOccupants(deps);

  const tellRoom = async ({ roomId, connectionId }: Seat, known: readonly Participant[]): Promise<Delivery> => {
    const state = { type: 'room_state', roomId, participants: known } as const;
    let delivery = await link.send(connectionId, { ...state, at: clock() });
    for (const ms of OPENING_WAITS_MS) {
      if (delivery !== 'gone') break;
      await wait(ms);
      delivery = await link.send(connectionId, { ...state, at: clock() });
    }
    return delivery;
  };

  /** Waits until the others have been told that this user's former connection went. */
  const formerGone = async (room: Room, { userId }: Occupant): Promise<void> => {
    let present: Room | undefined = room;
    for (const ms of RETURN_WAITS_MS) {
      if (!present?.occupants.some((other) => other.userId === userId && other.stage === 'leaving')) return;
      await wait(ms);
      present = await rooms.find(room.id);
    }
  };

  const announce = async (room: Room, self: Occupant): Promise<void> => {
    if (!isOnlyDevice(room, self)) return;
    await formerGone(room, self);
    await tell(room.id, hearersOf(room, self.userId), { type: 'user_joined', user: participantOf(self) });
  };

  const catchUp = async (seat: Seat, told: readonly Participant[], now: readonly Participant[]): Promise<void> => {
    const { joined, left } = turnover(told, now);
    for (const user of left) await tell(seat.roomId, [seat], { type: 'user_left', user });
    for (const user of joined) await tell(seat.roomId, [seat], { type: 'user_joined', user });
  };

  /** Tells the connection who came and went since it was told of the room, until nobody did. */
  const settle = async (seat: Seat, joined: Room, known: readonly Participant[]): Promise<void> => {
    let told = known;
    let room: Room | undefined = joined;
    for (let races = 0; races < MAX_RACES; races += 1) {
      const now = participants(room);
      await catchUp(seat, told, now);
      told = now;
      const passed: Passed = await rooms.pass({ ...seat, from: 'joining', to: 'joined', version: room.version });
      if (passed.kind === 'passed') return;
      room = passed.room;
      const stage = occupantOf(room, seat.connectionId)?.stage;
      if (stage === 'quitting') return leave(seat, AFTER_JOINING);
      if (room === undefined || stage !== 'joining') return;
    }
    throw new ServiceError('contended', `the room ${seat.roomId} changes too fast`);
  };

  /** Makes an arrival part of the room, unless its socket does not open. */
  const admit = async (job: JoinJob, known: readonly Participant[]): Promise<Room | undefined> => {
    const delivery = await tellRoom(job, known);
    if (delivery === 'sent') {
      const { roomId, connectionId } = job;
      const { kind, room } = await rooms.pass({ roomId, connectionId, from: 'arriving', to: 'joining' });
      return kind === 'passed' ? room : undefined;
    }
    if (job.attempt < MAX_ATTEMPTS) await roomJobs.send([{ ...job, attempt: job.attempt + 1 }], AGAIN_MS);
    else await leave(job);
    return undefined;
  };

  /** What an earlier delivery of the job did before it died is done again. */
  const resume = async (job: JoinJob, room: Room, known: readonly Participant[]): Promise<Room> => {
    if ((await tellRoom(job, known)) === 'gone') await leave(job);
    return room;
  };

  /** Whether its user is still signed in. If they have more connections than they may, the oldest are closed. */
  const mayStay = async ({ token, roomId, connectionId }: JoinJob, { userId }: Occupant): Promise<boolean> => {
    const open = await presence.pending(userId, clock());
    if (isSignedOutAt(token, open.signedOutAt)) {
      await roomJobs.send(evictions([{ userId, roomId, connectionId }], 'signed_out'));
      return false;
    }
    const { connections, seats } = surplusOf(open);
    if (connections.length + seats.length > 0) await surplusJobs.send([{ type: 'surplus', userId }]);
    return true;
  };

  return async (job: JoinJob, redelivered: boolean): Promise<void> => {
    const { roomId, connectionId } = job;
    const found = await rooms.find(roomId);
    const self = occupantOf(found, connectionId);
    if (!found || !self) return;
    const known = participants({ occupants: [...found.occupants, { ...self, stage: 'joined' }] });
    const isHalfDone = redelivered && (self.stage === 'joining' || self.stage === 'quitting');
    if (!isHalfDone && self.stage !== 'arriving') return;
    if (!(await mayStay(job, self))) return;
    const room = isHalfDone ? await resume(job, found, known) : await admit(job, known);
    const joiner = occupantOf(room, connectionId);
    if (!room || !joiner) return;
    await announce(room, joiner);
    await settle({ roomId, connectionId }, room, known);
  };
};

type JoinJob = Extract<RoomJob, { type: 'join' }>;
