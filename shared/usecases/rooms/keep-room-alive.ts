import { isStale } from '#domain/room/room.ts';
import { later } from '#domain/time.ts';
import type { Queue, RoomJob } from '#ports/queues.ts';
import { leaveRoom, type RoomDeps, tellOccupants } from './leave-room.ts';

export interface KeepRoomAliveDeps extends RoomDeps {
  readonly roomJobs: Queue<RoomJob>;
  readonly keepAliveMs: number;
}

/** Writes to every connection of a room, so that no gateway on the way takes a quiet one for dead, and comes back for as long as the room exists. */
export const keepRoomAlive = (deps: KeepRoomAliveDeps) => {
  const { rooms, roomJobs, clock, keepAliveMs } = deps;
  const leave = leaveRoom(deps);
  const tell = tellOccupants(deps);

  return async ({ roomId, due }: Extract<RoomJob, { type: 'keep_alive' }>, redelivered: boolean): Promise<void> => {
    const next = later(due, keepAliveMs);
    const { kind, room } = await rooms.claimKeepAlive(roomId, due, next);
    // An earlier delivery of this job may have died between its claim and its next job.
    const isOurs = kind === 'passed' || (redelivered && room?.keepAliveAt === next);
    if (!room || !isOurs) return;
    await roomJobs.send([{ type: 'keep_alive', roomId, due: next }], Math.max(next - clock(), 0));
    const stale = room.occupants.filter((occupant) => isStale(occupant, clock()));
    await Promise.all(stale.map(({ connectionId }) => leave({ roomId, connectionId })));
    const quiet = room.occupants.filter((occupant) => occupant.stage === 'joined' && !stale.includes(occupant));
    await tell(roomId, quiet, { type: 'keep_alive' });
  };
};
