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
import type * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { handsetOf, type Principal, type UserPrincipal } from '#domain/identity.ts';
import { epochMs } from '#domain/time.ts';
import { type EntryPoint, entryPoint } from '#kit/entry/entry-point.ts';
import { inTime } from '#kit/entry/in-time.ts';
import { logContext } from '#kit/entry/log-context.ts';
import { measureErrors } from '#kit/entry/measure-errors.ts';
import { seal, Unauthorized } from '#kit/entry/seal.ts';
import { bearerToken } from '#kit/http/bearer.ts';
import { meter } from '#kit/observe/meter.ts';
import { queueHandler } from '#kit/queue/queue-handler.ts';
import { authorizerContextOf, connectionIds, talker } from '#kit/websocket/talker.ts';
import { connectionUseCases } from '#kit/wiring/wiring.ts';
import { helloJob } from '#wire/jobs/jobs.ts';
import { connectQuery } from '#wire/socket/native/frames.ts';

interface ConnectEvent
  extends APIGatewayProxyWebsocketEventV2WithRequestContext<APIGatewayEventWebsocketRequestContextV2> {
  readonly headers?: Record<string, string | undefined>;
}

type Event = APIGatewayRequestAuthorizerEvent | ConnectEvent | SQSEvent;
type Result = APIGatewayAuthorizerResult | APIGatewayProxyStructuredResultV2 | SQSBatchResponse;

/** The subprotocol that we speak; a token may come as a second one, `bearer.<jwt>`. */
const SUBPROTOCOL = 'carillon';
const BEARER = 'bearer.';

const sayHello = queueHandler({
  job: helloJob,
  work: (job, { redelivered }) => connectionUseCases().sayHello(job, redelivered),
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
  if ('Records' in event) return sayHello(event, context);
  return 'methodArn' in event ? authorize(event, context) : openOrClose(event, context);
};

async function policyFor(event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  if (!connectionUseCases().cameThroughEdge(event.headers ?? {})) return policy(event, 'Deny', 'stranger');
  const query = event.queryStringParameters ?? {};
  const token = tokenIn(event.headers ?? {}) ?? query['token'];
  if (!token) throw new Unauthorized('missing');
  const verified = await connectionUseCases().verifier.verify(token);
  if (verified.kind === 'refused') throw new Unauthorized(verified.reason);
  const { principal } = verified;
  const named = connectQuery.safeParse(query);
  const user = userOf(principal, named.success ? named.data : {});
  const principalId = principal.userId ?? 'server';
  if (user === undefined || !named.success) return policy(event, 'Deny', principalId);
  return { ...policy(event, 'Allow', principalId), context: authorizerContextOf(user) };
}

const policy = (
  { methodArn }: APIGatewayRequestAuthorizerEvent,
  effect: 'Allow' | 'Deny',
  principalId: string,
): APIGatewayAuthorizerResult => ({
  principalId,
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: methodArn }],
  },
});

/** The user, on the handset that their token names, or that the query names if a login token names none. */
function userOf(
  principal: Principal,
  { hardware_id, session_id }: Partial<z.output<typeof connectQuery>>,
): UserPrincipal | undefined {
  const { userId } = principal;
  if (userId === undefined) return undefined;
  return { ...principal, ...handsetOf(principal, hardware_id), ...defined({ sessionId: session_id }), userId };
}

function tokenIn(headers: Record<string, string | undefined>): string | undefined {
  const header = bearerToken(headerOf(headers, 'authorization'));
  if (header !== undefined) return header;
  return protocolsOf(headers)
    .find((protocol) => protocol.startsWith(BEARER))
    ?.slice(BEARER.length);
}

const headerOf = (headers: Record<string, string | undefined>, name: string): string | undefined =>
  Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];

const protocolsOf = (headers: Record<string, string | undefined>): string[] =>
  (headerOf(headers, 'sec-websocket-protocol') ?? '').split(',').map((protocol) => protocol.trim());

async function connect(event: ConnectEvent): Promise<APIGatewayProxyStructuredResultV2> {
  const { connectionId, ...user } = talker(event);
  const connectedAt = epochMs(event.requestContext.connectedAt);
  meter.record({ type: 'connection_opened', dialect: 'native' });
  await connectionUseCases().openConnection({ connectionId, user, dialect: 'native', connectedAt });
  const speaks = protocolsOf(event.headers ?? {}).includes(SUBPROTOCOL);
  return { statusCode: 200, ...(speaks && { headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } }) };
}

async function disconnect(event: ConnectEvent): Promise<APIGatewayProxyStructuredResultV2> {
  await connectionUseCases().closeConnection(talker(event));
  return { statusCode: 200 };
}
