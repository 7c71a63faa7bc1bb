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
import * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { handsetOf, type Principal, type UserPrincipal } from '#domain/identity.ts';
import { epochMs } from '#domain/time.ts';
import { type EntryPoint, entryPoint } from '#kit/entry/entry-point.ts';
import { inTime } from '#kit/entry/in-time.ts';
import { logContext } from '#kit/entry/log-context.ts';
import { measureErrors } from '#kit/entry/measure-errors.ts';
import { seal } from '#kit/entry/seal.ts';
import { meter } from '#kit/observe/meter.ts';
import { queueHandler } from '#kit/queue/queue-handler.ts';
import { authorizerContextOf, connectionIds, talker } from '#kit/websocket/talker.ts';
import { subprotocolOf, upgradePolicy, upgrader } from '#kit/websocket/upgrade.ts';
import { connectionUseCases } from '#kit/wiring/wiring.ts';
import { helloJob, surplusJob } from '#wire/jobs/hello-jobs.ts';
import { connectQuery } from '#wire/socket/native/frames.ts';

interface ConnectEvent
  extends APIGatewayProxyWebsocketEventV2WithRequestContext<APIGatewayEventWebsocketRequestContextV2> {
  readonly headers?: Record<string, string | undefined>;
}

type Event = APIGatewayRequestAuthorizerEvent | ConnectEvent | SQSEvent;
type Result = APIGatewayAuthorizerResult | APIGatewayProxyStructuredResultV2 | SQSBatchResponse;

const doLater = queueHandler({
  job: z.union([surplusJob, helloJob]),
  work: (job, { redelivered }) =>
    'type' in job ? connectionUseCases().closeSurplusOf(job) : connectionUseCases().sayHello(job, redelivered),
  early: connectionUseCases,
});

const authorize: EntryPoint<APIGatewayRequestAuthorizerEvent, APIGatewayAuthorizerResult> = entryPoint(
  (event: APIGatewayRequestAuthorizerEvent, signal) => inTime(policyFor(event), signal),
  { use: [logContext({ ids: connectionIds }), seal(), measureErrors()] },
);

const openOrClose: EntryPoint<ConnectEvent, APIGatewayProxyStructuredResultV2> = entryPoint(
  (event: ConnectEvent, signal) => {
    const isOpening = event.requestContext.eventType === 'CONNECT';
    return inTime(isOpening ? connect(event) : disconnect(event), signal);
  },
  { use: [logContext({ ids: connectionIds }), seal(), measureErrors()] },
);

/** Everything in a connection's life, in one function, so that a phone that was just woken pays for one cold start: its authorizer, `$connect`, `$disconnect` and the hello. */
export const handler: EntryPoint<Event, Result> = (event, context) => {
  if ('Records' in event) return doLater(event, context);
  return 'methodArn' in event ? authorize(event, context) : openOrClose(event, context);
};

async function policyFor(event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const { verifier, cameThroughEdge } = connectionUseCases();
  if (!cameThroughEdge(event.headers ?? {})) return upgradePolicy(event, 'stranger');
  const principal = await upgrader(event, verifier);
  const named = connectQuery.safeParse(event.queryStringParameters ?? {});
  const user = named.success ? userOf(principal, named.data) : undefined;
  return upgradePolicy(event, principal, user && authorizerContextOf(user));
}

/** The user, on the handset that their token names, or that the query names if a login token names none. */
function userOf(
  principal: Principal,
  { hardware_id, session_id }: z.output<typeof connectQuery>,
): UserPrincipal | undefined {
  const { userId } = principal;
  if (userId === undefined) return undefined;
  return { ...principal, ...handsetOf(principal, hardware_id), ...defined({ sessionId: session_id }), userId };
}

async function connect(event: ConnectEvent): Promise<APIGatewayProxyStructuredResultV2> {
  const { connectionId, ...user } = talker(event);
  const connectedAt = epochMs(event.requestContext.connectedAt);
  meter.record({ type: 'connection_opened', dialect: 'native' });
  await connectionUseCases().openConnection({ connectionId, user, dialect: 'native', connectedAt });
  return { statusCode: 200, ...subprotocolOf(event.headers) };
}

async function disconnect(event: ConnectEvent): Promise<APIGatewayProxyStructuredResultV2> {
  await connectionUseCases().closeConnection(talker(event));
  return { statusCode: 200 };
}
