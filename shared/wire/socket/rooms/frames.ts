import * as z from 'zod';
import { invalid, ServiceError } from '#domain/errors.ts';
import type { RoomSignalType } from '#ports/room-link.ts';
import { candidate, isOversizedSignal, sdp, userId } from '../../fields.ts';

/** The name of a room. Whoever knows it may come in. */
export const roomId = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 . _ -');

/** `?room_id=`, which the edge makes of the path `/webrtc/ws/{room_id}`. */
export const roomQuery = z.object({ room_id: roomId });

const target = { target_user_id: userId.nullish() };

/** What the frames of a room carry, by `type`. Everything else in a payload is relayed, too. */
export const roomPayloads = {
  offer: z.looseObject({ type: z.literal('offer'), sdp, ...target }),
  answer: z.looseObject({ type: z.enum(['answer', 'pranswer']), sdp, ...target }),
  ice_candidate: z.looseObject({
    candidate: candidate().shape.candidate,
    sdp_mid: candidate().shape.sdpMid,
    sdp_m_line_index: candidate().shape.sdpMLineIndex,
    ...target,
  }),
} as const satisfies Record<RoomSignalType, z.ZodType>;

/** The frames that a client may send in the room `own`, by `type`. */
export const roomFrames = (own: string) => {
  const frame = <Payload extends z.ZodType>(payload: Payload) =>
    z.object({ payload, room_id: z.literal(own, 'must be the room of this connection') });
  return {
    offer: frame(roomPayloads.offer),
    answer: frame(roomPayloads.answer),
    ice_candidate: frame(roomPayloads.ice_candidate),
  } as const satisfies Record<RoomSignalType, z.ZodType>;
};

/** Refuses a payload that cannot be relayed because it is too large. */
export function requireFit(payload: Readonly<Record<string, unknown>>): void {
  if (isTooLarge(payload))
    throw new ServiceError(
      'payload_too_large',
      "a signal's text is at most 24 KiB, its payload at most 30 KiB of JSON",
    );
}

function isTooLarge(payload: Readonly<Record<string, unknown>>): boolean {
  try {
    return isOversizedSignal(payload['sdp'] ?? payload['candidate'] ?? '', payload);
  } catch (error) {
    // It was read by a parser that needs no stack, and is written by one that does.
    if (error instanceof RangeError) throw invalid('payload', 'is nested too deeply');
    throw error;
  }
}
