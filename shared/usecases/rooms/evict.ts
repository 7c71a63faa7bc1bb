import { occupantOf } from '#domain/room/room.ts';
import { SECOND_MS } from '#domain/time.ts';
import type { Queue, RoomJob } from '#ports/queues.ts';
import { leaveRoom, type RoomDeps } from './leave-room.ts';

export interface EvictDeps extends RoomDeps {
  readonly roomJobs: Queue<RoomJob>;
}

/** A socket that is about to open cannot be closed: it is tried again after this. */
const AGAIN_MS = SECOND_MS;
const MAX_ATTEMPTS = 5;

type EvictJob = Extract<RoomJob, { type: 'evict' }>;

/** Closes a connection in a room, and tells it why. */
export const evict = (deps: EvictDeps) => {
  const { rooms, presence, link, roomJobs, clock } = deps;
  const leave = leaveRoom(deps);
  return async (job: EvictJob): Promise<void> => {
    const { userId, roomId, connectionId, why, attempt } = job;
    const occupant = occupantOf(await rooms.find(roomId), connectionId);
    const delivery = await link.send(connectionId, { type: 'evicted', why, roomId, at: clock() });
    if (delivery === 'gone' && occupant?.stage === 'arriving' && attempt < MAX_ATTEMPTS) {
      await roomJobs.send([{ ...job, attempt: attempt + 1 }], AGAIN_MS);
      return;
    }
    await link.close(connectionId);
    // `$disconnect` may never come.
    await leave({ roomId, connectionId });
    await presence.removeSeat(userId, connectionId);
  };
};
