import { invalid, ServiceError } from '#domain/errors.ts';
import { isOnTheWay, type Occupant, occupantOf, type Room, recipientsOf } from '#domain/room/room.ts';
import type { Delivery } from '#ports/peer-link.ts';
import type { RoomSignal } from '#ports/room-link.ts';
import type { Seat } from '#ports/room-store.ts';
import { type RoomDeps, tellOccupants } from './leave-room.ts';

export interface RelayInRoomDeps extends RoomDeps {
  /** Waits `ms`. */
  readonly wait: (ms: number) => Promise<void>;
}

/** What somebody in a room sends, and to whom. */
export interface SignalInRoom extends Seat {
  readonly userId: string;
  /** Absent: everybody else. */
  readonly target?: string | undefined;
  readonly signal: RoomSignal;
}

/** A frame waits for its sender, and for those whom it is for, until each has been told of the other. */
const JOINING_WAITS_MS = [10, 20, 40, 80, 160, 320, 640, 1000];

/**
 * Relays an offer, an answer or a candidate to one user in the room, or to everybody else: one read, and one post for each
 * device. While somebody whom it concerns is still on the way, the room is read again for them.
 */
export const relayInRoom = (deps: RelayInRoomDeps) => {
  const { rooms, wait } = deps;
  const tell = tellOccupants(deps);

  /** Reads the room until `look` has seen enough. */
  const watch = async (roomId: string, look: (room: Room | undefined) => Promise<boolean>): Promise<void> => {
    for (const ms of JOINING_WAITS_MS) {
      if (await look(await rooms.find(roomId))) return;
      await wait(ms);
    }
    await look(await rooms.find(roomId));
  };

  return async ({ roomId, connectionId, userId, target, signal }: SignalInRoom): Promise<void> => {
    if (target === userId) throw invalid('payload.target_user_id', 'is the sender');
    const deliveries: Delivery[] = [];
    /** Who has not got it yet; undefined before its sender has joined. */
    let pending: readonly Occupant[] | undefined;

    await watch(roomId, async (room) => {
      const sender = occupantOf(room, connectionId);
      if (!room || !sender) throw new ServiceError('not_found', 'this connection is no longer in the room');
      if (isOnTheWay(sender)) return false;
      const awaited = pending ? stillIn(room, pending) : recipientsOf(room, userId, target);
      const joined = awaited.filter(({ stage }) => stage === 'joined');
      deliveries.push(...(await tell(roomId, joined, { type: 'signal', from: userId, signal })));
      pending = awaited.filter(isOnTheWay);
      return pending.length === 0;
    });

    if (!pending) throw new ServiceError('contended', 'the room is not ready: try again');
    if (target !== undefined && deliveries.every((delivery) => delivery === 'gone'))
      throw new ServiceError('not_found', `${target} is not in this room`);
  };
};

/** These occupants as they are by now. */
const stillIn = (room: Room, occupants: readonly Occupant[]): Occupant[] =>
  occupants.flatMap(({ connectionId }) => occupantOf(room, connectionId) ?? []);
