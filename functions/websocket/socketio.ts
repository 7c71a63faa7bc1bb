import '#kit/entry/uncompiled-parsers.ts';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  APIGatewayProxyWebsocketEventV2,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import { epochMs } from '#domain/time.ts';
import { type EntryPoint, entryPoint } from '#kit/entry/entry-point.ts';
import { inTime } from '#kit/entry/in-time.ts';
import { logContext } from '#kit/entry/log-context.ts';
import { measureErrors } from '#kit/entry/measure-errors.ts';
import { seal } from '#kit/entry/seal.ts';
import { bearerToken } from '#kit/http/bearer.ts';
import { json, type Reply } from '#kit/http/reply.ts';
import { queueHandler } from '#kit/queue/queue-handler.ts';
import { ENGINE_ERRORS, handshakeOf, socketPath } from '#kit/socketio/handshake.ts';
import { workOnSocket } from '#kit/socketio/jobs.ts';
import { engineRefusal, servePolling } from '#kit/socketio/polling.ts';
import { closeSocket, openSocket, takeFrame } from '#kit/socketio/socket.ts';
import { connectionIds } from '#kit/websocket/talker.ts';
import { socketIoUseCases } from '#kit/wiring/socketio-wiring.ts';
import { socketJob } from '#wire/jobs/socket-job.ts';

interface SocketEvent extends APIGatewayProxyWebsocketEventV2 {
  readonly headers?: Record<string, string | undefined>;
  readonly queryStringParameters?: Record<string, string | undefined>;
}

type Event = SocketEvent | APIGatewayProxyEventV2 | SQSEvent;
type Result = APIGatewayProxyStructuredResultV2 | SQSBatchResponse;

const work = queueHandler({ job: socketJob, work: workOnSocket(socketIoUseCases), early: socketIoUseCases });

const socket: EntryPoint<SocketEvent, APIGatewayProxyStructuredResultV2> = entryPoint(
  (event: SocketEvent, signal) => inTime(serveSocket(event), signal),
  { use: [logContext({ ids: connectionIds }), seal(), measureErrors()] },
);

const polling: EntryPoint<APIGatewayProxyEventV2, Reply> = entryPoint(
  (event: APIGatewayProxyEventV2, signal) => inTime(poll(event), signal),
  {
    use: [
      logContext({ ids: ({ requestContext: { requestId } }) => ({ api_request_id: requestId }) }),
      seal(),
      measureErrors(),
    ],
  },
);

/** Clients of Socket.IO, whatever carries their packets: a WebSocket, or polling until they have one. */
export const handler: EntryPoint<Event, Result> = (event, context) => {
  if ('Records' in event) return work(event, context);
  return 'version' in event ? polling(event, context) : socket(event, context);
};

const NOT_FROM_EDGE = json(403, { code: 'not_allowed', message: 'this host takes requests only from the edge' });

async function serveSocket(event: SocketEvent): Promise<APIGatewayProxyStructuredResultV2> {
  const { connectionId, eventType, requestTimeEpoch } = event.requestContext;
  const does = socketIoUseCases();
  switch (eventType) {
    case 'CONNECT':
      return connect(event);
    case 'DISCONNECT':
      await closeSocket(does, connectionId);
      return { statusCode: 200 };
    case 'MESSAGE':
      await takeFrame(does, connectionId, event.body ?? '', epochMs(requestTimeEpoch));
      return { statusCode: 200 };
  }
}

async function connect(event: SocketEvent): Promise<APIGatewayProxyStructuredResultV2> {
  if (!socketIoUseCases().cameThroughEdge(event.headers ?? {})) return NOT_FROM_EDGE;
  const query = event.queryStringParameters ?? {};
  const path = socketPath.safeParse(query['path']);
  const handshake = path.success ? handshakeOf(query, 'websocket') : ENGINE_ERRORS.badRequest;
  if (!path.success || 'code' in handshake) return engineRefusal(ENGINE_ERRORS.badRequest);
  const token = tokenIn(event.headers ?? {}, handshake.token);
  const opening = { path: path.data, handshake, token };
  const refused = await openSocket(socketIoUseCases(), opening, event.requestContext.connectionId);
  return refused ? engineRefusal(refused) : { statusCode: 200 };
}

async function poll(event: APIGatewayProxyEventV2): Promise<Reply> {
  if (!socketIoUseCases().cameThroughEdge(event.headers)) return NOT_FROM_EDGE;
  const path = socketPath.safeParse(event.rawPath.split('/')[1]);
  const handshake = handshakeOf(event.queryStringParameters ?? {}, 'polling');
  if (!path.success) return engineRefusal(ENGINE_ERRORS.badRequest);
  if ('code' in handshake) return engineRefusal(handshake);
  const { method } = event.requestContext.http;
  const { body = '', isBase64Encoded } = event;
  return servePolling(socketIoUseCases(), {
    path: path.data,
    handshake,
    token: tokenIn(event.headers, handshake.token),
    method,
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString() : body,
    at: epochMs(event.requestContext.timeEpoch),
  });
}

/** The token of a handshake: in a header, or in the query. */
function tokenIn(headers: Record<string, string | undefined>, inQuery: string | undefined): string | undefined {
  const [, header] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization') ?? [];
  return bearerToken(header) ?? inQuery;
}
