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

/** A keep-alive that is this late was lost. */
const LOST_AFTER_MS = MINUTE_MS;

/** Takes a place in a room for a connection that is about to open, and has it told as soon as it can be. */
export const enterRoom = (deps: EnterRoomDeps) => {
  const { rooms, roomJobs, clock, keepAliveMs } = deps;
  const leave = leaveRoom(deps);

  const tryToEnter = (roomId: string, arrival: Arrival): Promise<Entry> =>
    rooms.enter(roomId, arrival, later(clock(), keepAliveMs));

  return async (roomId: string, arrival: Arrival): Promise<Entry['kind']> => {
    let entry = await tryToEnter(roomId, arrival);
    if (entry.kind === 'full') {
      const stale = entry.room.occupants.filter((occupant) => isStale(occupant, clock()));
      if (stale.length === 0) return 'full';
      await Promise.all(stale.map(({ connectionId }) => leave({ roomId, connectionId })));
      entry = await tryToEnter(roomId, arrival);
      if (entry.kind === 'full') return 'full';
    }
    await roomJobs.send([{ type: 'join', roomId, connectionId: arrival.connectionId, attempt: 0 }]);
    const due = entry.room.keepAliveAt;
    if (entry.isNew || isLost(due, clock()))
      await roomJobs.send([{ type: 'keep_alive', roomId, due }], Math.max(due - clock(), 0));
    return 'entered';
  };
};

const isLost = (due: EpochMs, now: EpochMs): boolean => now - due > LOST_AFTER_MS;
