import type { Participant } from '#domain/room/room.ts';
import type { EpochMs } from '#domain/time.ts';
import type { Delivery } from './peer-link.ts';

export const ROOM_SIGNAL_TYPES = ['offer', 'answer', 'ice_candidate'] as const;
export type RoomSignalType = (typeof ROOM_SIGNAL_TYPES)[number];

/** What somebody in a room sends to others. */
export interface RoomSignal {
  readonly type: RoomSignalType;
  /** As it was sent. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Why a connection has to leave its room: its user has signed out, or has more connections than they may. */
export const EVICTION_REASONS = ['signed_out', 'replaced'] as const;
export type EvictionReason = (typeof EVICTION_REASONS)[number];

/** What a connection in a room is told. */
export type RoomEvent = { readonly roomId: string; readonly at: EpochMs } & (
  | { readonly type: 'room_state'; readonly participants: readonly Participant[] }
  | { readonly type: 'user_joined' | 'user_left'; readonly user: Participant }
  | { readonly type: 'signal'; readonly from: string; readonly signal: RoomSignal }
  /** The connection is closed next, for this reason. */
  | { readonly type: 'evicted'; readonly why: EvictionReason }
  /** Says nothing: it keeps a quiet connection open. */
  | { readonly type: 'keep_alive' }
);

/** The sockets of everybody who is in a room. */
export interface RoomLink {
  send(connectionId: string, event: RoomEvent): Promise<Delivery>;
  close(connectionId: string): Promise<void>;
}
