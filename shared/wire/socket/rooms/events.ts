import * as z from 'zod';
import { ERROR_CODES } from '#domain/errors.ts';
import { moment } from '../../basics.ts';
import { roomPayloads } from './frames.ts';

const event = <Type extends string, Payload extends z.ZodType>(type: Type, payload: Payload) =>
  z.strictObject({ type: z.literal(type), payload, room_id: z.string(), timestamp: moment });

/** A user in a room. */
export const participant = z.strictObject({ user_id: z.string(), username: z.string() });

const from = { sender_id: z.string() };

/** What a client in a room gets, by `type`. */
export const roomEvents = {
  room_state: event('room_state', z.strictObject({ participants: z.array(participant), room_id: z.string() })),
  user_joined: event('user_joined', participant),
  user_left: event('user_left', participant),
  offer: event('offer', roomPayloads.offer.extend(from)),
  answer: event('answer', roomPayloads.answer.extend(from)),
  ice_candidate: event('ice_candidate', roomPayloads.ice_candidate.extend(from)),
  keep_alive: event('keep_alive', z.strictObject({})),
  error: event('error', z.strictObject({ message: z.string(), code: z.enum(ERROR_CODES) })),
} as const;
