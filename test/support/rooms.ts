import { inject } from 'vitest';
import { watchedRoomSocket } from './documented.ts';
import type { Person } from './people.ts';
import { type Frame, openSocket, type Socket } from './raw-client.ts';
import { rememberingSocket } from './secrets-sent.ts';

/** Opens the WebSocket of the room at the end of `path`, with a token; rejects with the HTTP status if it is refused. */
export const openRoom = async (path: string, token?: string): Promise<Socket> => {
  const query = token === undefined ? '' : `?token=${encodeURIComponent(token)}`;
  return rememberingSocket(watchedRoomSocket(await openSocket(`${inject('stackUrl')}/webrtc/ws/${path}${query}`)));
};

/** A device that has joined a room: a frame of its own waits for that, and is refused because nobody has such an id. */
export async function enter(roomId: string, { token }: Person): Promise<Socket> {
  const socket = await openRoom(roomId, token);
  await socket.next('room_state');
  say(socket, roomId, 'ice_candidate', { candidate: '', target_user_id: 'nobody' });
  await socket.next('error');
  return socket;
}

/** Whom a frame of a room is about. */
export const userOf = ({ payload }: Frame): unknown => Object(payload).user_id;

/** The ids of the participants in a `room_state`. */
export const participantsOf = ({ payload }: Frame): string[] =>
  Object(payload).participants.map(({ user_id }: { user_id: string }) => user_id);

/** Sends what a client of a room sends. */
export const say = (socket: Socket, room_id: string, type: string, payload: object): void =>
  socket.send({ type, payload, room_id, timestamp: new Date().toISOString() });
