import { roomLink } from '#adapters/apigateway/room-link.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoPushTokenStore } from '#adapters/dynamodb/push-token-store.ts';
import { dynamoRoomStore } from '#adapters/dynamodb/room-store.ts';
import { dynamoSignOutStore } from '#adapters/dynamodb/sign-out-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { sqsClient, sqsQueue } from '#adapters/sqs/queue.ts';
import { once } from '#domain/once.ts';
import { SECOND_MS } from '#domain/time.ts';
import type { RoomJob, SurplusJob } from '#ports/queues.ts';
import { enterRoom } from '#usecases/rooms/enter-room.ts';
import { evict } from '#usecases/rooms/evict.ts';
import { joinRoom } from '#usecases/rooms/join-room.ts';
import { keepRoomAlive } from '#usecases/rooms/keep-room-alive.ts';
import { leaveRoom } from '#usecases/rooms/leave-room.ts';
import { relayInRoom } from '#usecases/rooms/relay-in-room.ts';
import { encodeRoomEvent } from '#wire/socket/rooms/encode.ts';
import { edgeGate } from '../entry/edge-gate.ts';
import { readEnv } from '../entry/env.ts';
import { reportUnreadable } from '../observe/unreadable-row.ts';
import { roomEnv } from './config.ts';
import { socketsAt } from './sockets.ts';
import { clock, pause, verifierOf } from './wiring.ts';

/** What is refused is posted again after these waits: nobody in a room is told later what they have missed. */
const REPOST_MS = [200, 1000];

/** What the room function does. Rooms share no socket with calls, and no row that a call reads. */
export const roomUseCases = /* @__PURE__ */ once(() => {
  const env = readEnv(roomEnv);
  const table = dynamoTable(env.TABLE_NAME, clock, reportUnreadable);
  const sockets = socketsAt(env.CONNECTIONS_URL, REPOST_MS);
  const sqs = sqsClient();
  const deps = {
    clock,
    rooms: dynamoRoomStore(table),
    presence: dynamoPresenceStore(table),
    link: roomLink(sockets, encodeRoomEvent),
    roomJobs: sqsQueue<RoomJob>(sqs, env.ROOM_QUEUE_URL),
    surplusJobs: sqsQueue<SurplusJob>(sqs, env.HELLO_QUEUE_URL),
    keepAliveMs: env.KEEP_ALIVE_S * SECOND_MS,
    wait: pause,
  };
  return {
    clock,
    sockets,
    verifier: verifierOf(env, { pushTokens: dynamoPushTokenStore(table), signOuts: dynamoSignOutStore(table) }),
    cameThroughEdge: edgeGate(env.EDGE_SECRETS),
    enterRoom: enterRoom(deps),
    joinRoom: joinRoom(deps),
    evict: evict(deps),
    leaveRoom: leaveRoom(deps),
    relayInRoom: relayInRoom(deps),
    keepRoomAlive: keepRoomAlive(deps),
  };
});
