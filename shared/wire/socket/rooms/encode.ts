import type { ErrorCode } from '#domain/errors.ts';
import type { Participant } from '#domain/room/room.ts';
import { type EpochMs, iso } from '#domain/time.ts';
import type { EvictionReason, RoomEvent } from '#ports/room-link.ts';

/** The longest frame that every client takes in one piece. */
const MAX_FRAME_BYTES = 32 * 1024;

/** An event as the clients of a room get it: one frame of JSON. */
export function encodeRoomEvent(event: RoomEvent): string {
  switch (event.type) {
    case 'room_state':
      return roomState(event);
    case 'user_joined':
    case 'user_left':
      return frame(event, event.type, participant(event.user));
    case 'signal':
      return frame(event, event.signal.type, { ...event.signal.payload, sender_id: event.from });
    case 'evicted':
      return encodeRoomError(event, EVICTIONS[event.why]);
    case 'keep_alive':
      return frame(event, event.type, {});
  }
}

/** Why a connection is closed. */
const EVICTIONS: Readonly<Record<EvictionReason, { readonly code: ErrorCode; readonly message: string }>> = {
  signed_out: { code: 'unauthenticated', message: 'you have signed out' },
  replaced: { code: 'not_allowed', message: 'you have too many connections: a newer one has replaced this one' },
};

/** Tells the sender of a frame why it was refused. */
export const encodeRoomError = (
  where: Pick<RoomEvent, 'roomId' | 'at'>,
  { code, message }: { readonly code: ErrorCode; readonly message: string },
): string => frame(where, 'error', { message, code });

const frame = (
  { roomId, at }: { readonly roomId: string; readonly at: EpochMs },
  type: string,
  payload: object,
): string => JSON.stringify({ type, payload, room_id: roomId, timestamp: iso(at) });

const participant = ({ userId, username }: Participant) => ({ user_id: userId, username });

/** Names are cut, all to the same length, as far as the frame needs it. */
function roomState(event: Extract<RoomEvent, { type: 'room_state' }>): string {
  let longest = Math.max(...event.participants.map(({ username }) => username.length));
  for (;;) {
    const participants = event.participants.map((one) => participant({ ...one, username: cut(one.username, longest) }));
    const text = frame(event, event.type, { participants, room_id: event.roomId });
    if (Buffer.byteLength(text) <= MAX_FRAME_BYTES || longest <= 0) return text;
    longest -= 1;
  }
}

/** At most `length` UTF-16 units of `text`, without half a character at the end. */
const cut = (text: string, length: number): string => {
  const start = text.slice(0, length);
  return start.isWellFormed() ? start : start.slice(0, -1);
};
