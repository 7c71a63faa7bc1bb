import {
  exitOf,
  hearersOf,
  isOnlyDevice,
  type Occupant,
  occupantOf,
  type Participant,
  type Room,
  type Stage,
} from '#domain/room/room.ts';
import type { Clock } from '#domain/time.ts';
import type { Delivery } from '#ports/peer-link.ts';
import type { PresenceStore } from '#ports/presence-store.ts';
import type { RoomEvent, RoomLink } from '#ports/room-link.ts';
import type { RoomStore, Seat } from '#ports/room-store.ts';

export interface RoomDeps {
  readonly rooms: RoomStore;
  readonly presence: PresenceStore;
  readonly link: RoomLink;
  readonly clock: Clock;
}

/** A stage, and the one after it. */
interface Step {
  readonly from: Stage;
  readonly to: Stage | 'out';
}

const FROM_INSIDE: Step = { from: 'joined', to: 'leaving' };

/** The step that the invocation takes which told the others that somebody came who has closed meanwhile. */
export const AFTER_JOINING: Step = { from: 'quitting', to: 'leaving' };

/** A connection passes through fewer stages than this. */
const MAX_TRIES = 5;

/** Forgets a connection that has closed. The others are told if it was its user's last in the room. */
export const leaveRoom = (deps: RoomDeps) => {
  const { rooms, presence, clock } = deps;

  const leave = async ({ roomId, connectionId }: Seat, first = FROM_INSIDE): Promise<void> => {
    let step = first;
    let before: Occupant | undefined;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const passed = await rooms.pass({ roomId, connectionId, ...step });
      const occupant = occupantOf(passed.room, connectionId);
      if (passed.kind === 'passed') return depart(passed.room, occupant ?? before, step);
      const to = occupant && exitOf(occupant, clock());
      if (!to) return;
      step = { from: occupant.stage, to };
      before = occupant;
    }
  };

  const depart = async (room: Room, occupant: Occupant | undefined, { to }: Step): Promise<void> => {
    if (!occupant) return;
    await presence.removeSeat(occupant.userId, occupant.connectionId);
    if (to === 'leaving') await farewell(room, occupant);
  };

  const farewell = async (room: Room, occupant: Occupant): Promise<void> => {
    if (isOnlyDevice(room, occupant))
      await tell(room.id, hearersOf(room, occupant.userId), { type: 'user_left', user: participantOf(occupant) });
    // Whoever is next of this user waits for this, so that no coming is heard before this going.
    await rooms.pass({ roomId: room.id, connectionId: occupant.connectionId, from: 'leaving', to: 'out' });
  };

  const tell = tellThat(deps, leave);
  return leave;
};

/** An event without where and when. */
type News = RoomEvent extends infer Event ? (Event extends RoomEvent ? Omit<Event, 'roomId' | 'at'> : never) : never;

/** Posts news to some connections of a room at once. One that turns out to be gone has left. */
export const tellOccupants = (deps: RoomDeps) => tellThat(deps, leaveRoom(deps));

const tellThat =
  ({ link, clock }: RoomDeps, leave: (seat: Seat) => Promise<void>) =>
  (roomId: string, to: readonly Pick<Occupant, 'connectionId'>[], news: News): Promise<Delivery[]> =>
    Promise.all(
      to.map(async ({ connectionId }) => {
        const delivery = await link.send(connectionId, { ...news, roomId, at: clock() });
        if (delivery === 'gone') await leave({ roomId, connectionId });
        return delivery;
      }),
    );

export const participantOf = ({ userId, username }: Participant): Participant => ({ userId, username });
