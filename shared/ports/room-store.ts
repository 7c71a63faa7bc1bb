import type { Occupant, Room, Stage } from '#domain/room/room.ts';
import type { EpochMs } from '#domain/time.ts';

/** A connection in a room. */
export interface Seat {
  readonly roomId: string;
  readonly connectionId: string;
}

/** What came of entering a room. */
export type Entry =
  | { readonly kind: 'entered'; readonly room: Room; readonly isNew: boolean }
  | { readonly kind: 'full'; readonly room: Room };

/** One occupant's step from a stage to the next, or out of the room. */
export interface Passage extends Seat {
  readonly from: Stage;
  readonly to: Stage | 'out';
  /** The version that the room must still have. */
  readonly version?: number;
}

/** The room after a step, or as it is if the step was not possible. */
export type Passed =
  | { readonly kind: 'passed'; readonly room: Room }
  | { readonly kind: 'refused'; readonly room: Room | undefined };

/** Rooms. Every write is one conditional step, so that any number of occupants may take theirs at once. */
export interface RoomStore {
  find(roomId: string): Promise<Room | undefined>;
  /** Takes a place for a connection that arrives. `keepAliveAt` is for a room that begins with it. */
  enter(roomId: string, arrival: Arrival, keepAliveAt: EpochMs): Promise<Entry>;
  /** Whoever goes out last takes the room with them. */
  pass(passage: Passage): Promise<Passed>;
  /** Claims the keep-alive that was due at `due`, and sets the next one. */
  claimKeepAlive(roomId: string, due: EpochMs, next: EpochMs): Promise<Passed>;
}

/** A connection that is about to open. */
export type Arrival = Omit<Occupant, 'stage' | 'since'>;
