import type { Principal } from '#domain/identity.ts';
import { isStale } from '#domain/room/room.ts';
import { type EpochMs, later, MINUTE_MS } from '#domain/time.ts';
import type { Queue, RoomJob } from '#ports/queues.ts';
import type { Arrival, Entry } from '#ports/room-store.ts';
import { leaveRoom, type RoomDeps } from './leave-room.ts';

export interface EnterRoomDeps extends RoomDeps {
  readonly roomJobs: Queue<RoomJob>;
  /** How long connections may be quiet before they are written to. */
  readonly keepAliveMs: number;
}

/** What the token of a connection says that is about to open. */
type Token = Pick<Principal, 'kind' | 'issuedAt'>;

/** A keep-alive that is this late was lost. */
const LOST_AFTER_MS = MINUTE_MS;

/** Takes a place in a room for a connection that is about to open, and has it told as soon as it can be. */
export const enterRoom = (deps: EnterRoomDeps) => {
  const { rooms, presence, roomJobs, clock, keepAliveMs } = deps;
  const leave = leaveRoom(deps);

  const tryToEnter = (roomId: string, arrival: Arrival): Promise<Entry> =>
    rooms.enter(roomId, arrival, later(clock(), keepAliveMs));

  return async (roomId: string, arrival: Arrival, token: Token): Promise<Entry['kind']> => {
    let entry = await tryToEnter(roomId, arrival);
    if (entry.kind === 'full') {
      const stale = entry.room.occupants.filter((occupant) => isStale(occupant, clock()));
      if (stale.length === 0) return 'full';
      await Promise.all(stale.map(({ connectionId }) => leave({ roomId, connectionId })));
      entry = await tryToEnter(roomId, arrival);
      if (entry.kind === 'full') return 'full';
    }
    const { connectionId, userId, enteredAt: connectedAt } = arrival;
    await presence.addSeat({ userId, connectionId, roomId, connectedAt });
    await roomJobs.send([{ type: 'join', roomId, connectionId, attempt: 0, token }]);
    const due = entry.room.keepAliveAt;
    if (entry.isNew || isLost(due, clock()))
      await roomJobs.send([{ type: 'keep_alive', roomId, due }], Math.max(due - clock(), 0));
    return 'entered';
  };
};

const isLost = (due: EpochMs, now: EpochMs): boolean => now - due > LOST_AFTER_MS;
