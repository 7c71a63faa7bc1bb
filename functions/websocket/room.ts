import '#kit/entry/uncompiled-parsers.ts';
import type {
  APIGatewayAuthorizerResult,
  APIGatewayEventWebsocketRequestContextV2,
  APIGatewayProxyStructuredResultV2,
  APIGatewayProxyWebsocketEventV2WithRequestContext,
  APIGatewayRequestAuthorizerEvent,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import { defined } from '#domain/defined.ts';
import { ServiceError } from '#domain/errors.ts';
import type { Principal } from '#domain/identity.ts';
import { epochMs } from '#domain/time.ts';
import { type EntryPoint, entryPoint } from '#kit/entry/entry-point.ts';
import { inTime } from '#kit/entry/in-time.ts';
import { logContext } from '#kit/entry/log-context.ts';
import { measureErrors } from '#kit/entry/measure-errors.ts';
import { parsed } from '#kit/entry/parsed.ts';
import { refusalOf } from '#kit/entry/refusal.ts';
import { seal } from '#kit/entry/seal.ts';
import { meter } from '#kit/observe/meter.ts';
import { asName, noteRefusal } from '#kit/observe/note-refusal.ts';
import { queueHandler } from '#kit/queue/queue-handler.ts';
import { frameOf, labelsOf } from '#kit/websocket/frame.ts';
import { authorizerContextOf, connectionIds, type Talker, talker } from '#kit/websocket/talker.ts';
import { subprotocolOf, upgradePolicy, upgrader } from '#kit/websocket/upgrade.ts';
import { roomUseCases } from '#kit/wiring/room-wiring.ts';
import { ROOM_SIGNAL_TYPES } from '#ports/room-link.ts';
import { roomJob } from '#wire/jobs/room-job.ts';
import { encodeRoomError } from '#wire/socket/rooms/encode.ts';
import { requireFit, roomFrames, roomQuery } from '#wire/socket/rooms/frames.ts';

interface SocketEvent
  extends APIGatewayProxyWebsocketEventV2WithRequestContext<APIGatewayEventWebsocketRequestContextV2> {
  readonly headers?: Record<string, string | undefined>;
  readonly queryStringParameters?: Record<string, string | undefined>;
}

type Event = APIGatewayRequestAuthorizerEvent | SocketEvent | SQSEvent;
type Result = APIGatewayAuthorizerResult | APIGatewayProxyStructuredResultV2 | SQSBatchResponse;

/** Whose token opens a room: somebody's who has signed in. One that is good for a single call is not. */
const SIGNED_IN: readonly Principal['kind'][] = ['login', 'server'];

const doLater = queueHandler({
  job: roomJob,
  work: async (job, { redelivered }) => {
    const { joinRoom, evict, keepRoomAlive } = roomUseCases();
    switch (job.type) {
      case 'join':
        return joinRoom(job, redelivered);
      case 'evict':
        return evict(job);
      case 'keep_alive':
        return keepRoomAlive(job, redelivered);
    }
  },
  early: roomUseCases,
});

const authorize: EntryPoint<APIGatewayRequestAuthorizerEvent, APIGatewayAuthorizerResult> = entryPoint(
  (event: APIGatewayRequestAuthorizerEvent, signal) => inTime(policyFor(event), signal),
  { use: [logContext({ ids: connectionIds }), seal(), measureErrors({ dialect: 'rooms' })] },
);

const openOrClose: EntryPoint<SocketEvent, APIGatewayProxyStructuredResultV2> = entryPoint(
  (event: SocketEvent, signal) =>
    inTime(event.requestContext.eventType === 'CONNECT' ? connect(event) : disconnect(event), signal),
  { use: [logContext({ ids: connectionIds }), seal(), measureErrors()] },
);

const takeFrame: EntryPoint<SocketEvent, APIGatewayProxyStructuredResultV2> = entryPoint(
  (event: SocketEvent, signal) => inTime(relay(event), signal),
  { use: [logContext({ ids: connectionIds }), seal({ answer: refuse }), measureErrors()] },
);

/** Everything in a room, in one function: its authorizer, `$connect`, `$disconnect`, frames, and what it does later. */
export const handler: EntryPoint<Event, Result> = (event, context) => {
  if ('Records' in event) return doLater(event, context);
  if ('methodArn' in event) return authorize(event, context);
  return event.requestContext.eventType === 'MESSAGE' ? takeFrame(event, context) : openOrClose(event, context);
};

async function policyFor(event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const { verifier, cameThroughEdge } = roomUseCases();
  if (!cameThroughEdge(event.headers ?? {})) return upgradePolicy(event, 'stranger');
  const principal = await upgrader(event, verifier);
  const { userId, kind } = principal;
  if (userId === undefined || !SIGNED_IN.includes(kind)) return upgradePolicy(event, principal);
  // A room that cannot be is refused by `$connect`: an authorizer cannot answer 400.
  const room = roomQuery.safeParse(event.queryStringParameters ?? {});
  return upgradePolicy(event, principal, { ...authorizerContextOf({ ...principal, userId }), ...room.data });
}

async function connect(event: SocketEvent): Promise<APIGatewayProxyStructuredResultV2> {
  const room = roomQuery.safeParse(event.queryStringParameters ?? {});
  if (!room.success) return { statusCode: 400 };
  const { connectionId, userId, name, kind, issuedAt } = talker(event);
  const arrival = {
    connectionId,
    userId,
    username: name || userId,
    enteredAt: epochMs(event.requestContext.connectedAt),
  };
  const entered = await roomUseCases().enterRoom(room.data.room_id, arrival, { kind, ...defined({ issuedAt }) });
  if (entered !== 'full') meter.record({ type: 'connection_opened', dialect: 'rooms' });
  return entered === 'full' ? { statusCode: 403 } : { statusCode: 200, ...subprotocolOf(event.headers) };
}

async function disconnect(event: SocketEvent): Promise<APIGatewayProxyStructuredResultV2> {
  await roomUseCases().leaveRoom(seatOf(event));
  return { statusCode: 200 };
}

async function relay(event: SocketEvent): Promise<APIGatewayProxyStructuredResultV2> {
  meter.record({ type: 'frame_received', dialect: 'rooms' });
  const { roomId, connectionId, userId } = seatOf(event);
  const frame = frameOf(event.body);
  const type = ROOM_SIGNAL_TYPES.find((known) => 'type' in frame && known === frame.type);
  if (type === undefined)
    throw new ServiceError('unknown_type', `a frame must have a type: ${ROOM_SIGNAL_TYPES.join(', ')}`);
  const { payload } = parsed(roomFrames(roomId)[type], frame);
  requireFit(payload);
  const target = payload.target_user_id ?? undefined;
  await roomUseCases().relayInRoom({ roomId, connectionId, userId, target, signal: { type, payload } });
  return { statusCode: 200 };
}

async function refuse(error: unknown, event: SocketEvent): Promise<APIGatewayProxyStructuredResultV2> {
  const { roomId, connectionId, userId } = seatOf(event);
  const { clock, sockets } = roomUseCases();
  noteRefusal(error, { userId, operation: asName(labelsOf(event.body).type) });
  const refusal = refusalOf(error);
  meter.record({ type: 'frame_refused', dialect: 'rooms', code: refusal.code });
  await sockets.post(connectionId, encodeRoomError({ roomId, at: clock() }, refusal));
  return { statusCode: 200 };
}

/** Who is talking, over which connection, in which room: as the authorizer said. */
const seatOf = (event: SocketEvent): Talker & { readonly roomId: string } => ({
  ...talker(event),
  roomId: roomQuery.parse(Object(event.requestContext)['authorizer']).room_id,
});
