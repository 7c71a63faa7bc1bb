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
import { handsetOf, type Principal, type UserPrincipal } from '#domain/identity.ts';
import { epochMs } from '#domain/time.ts';
import { early } from '#kit/entry/early.ts';
import { queueHandler } from '#kit/entry/queue.ts';
import { sealed, Unauthorized } from '#kit/entry/sealed.ts';
import { bearerToken } from '#kit/http/bearer.ts';
import { meter } from '#kit/observe/meter.ts';
import { authorizerContextOf, talker } from '#kit/websocket/websocket.ts';
import { connectionUseCases } from '#kit/wiring/wiring.ts';
import { helloJob } from '#wire/jobs/jobs.ts';
import { connectQuery } from '#wire/socket/native/frames.ts';

interface ConnectEvent
  extends APIGatewayProxyWebsocketEventV2WithRequestContext<APIGatewayEventWebsocketRequestContextV2> {
  readonly headers?: Record<string, string | undefined>;
}

type Event = APIGatewayRequestAuthorizerEvent | ConnectEvent | SQSEvent;
type Result = APIGatewayAuthorizerResult | APIGatewayProxyStructuredResultV2 | SQSBatchResponse;

/** All of a connection's life in one function, so that a phone that was just woken pays for one cold start: its authorizer, `$connect`, `$disconnect` and the hello. */
export const handler = sealed(async (event: Event): Promise<Result> => {
  if ('Records' in event) return hello(event);
  if ('methodArn' in event) return authorize(event);
  return event.requestContext.eventType === 'CONNECT' ? connect(event) : disconnect(event);
});

early(connectionUseCases);

const hello = queueHandler(helloJob, () => connectionUseCases().sayHello);

/** The subprotocol that we speak; a token may come as a second one, `bearer.<jwt>`. */
const SUBPROTOCOL = 'carillon';
const BEARER = 'bearer.';

async function authorize(event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const query = event.queryStringParameters ?? {};
  const token = bearerOf(event.headers ?? {}) ?? query['token'];
  const caller = token ? await connectionUseCases().verifier.verify(token) : undefined;
  if (!caller) {
    // Lambda counts this as an error of the function: it has to be told apart.
    meter.record({ type: 'connection_refused' });
    throw new Unauthorized();
  }
  const named = connectQuery.safeParse(query);
  const user = userOf(caller, named.success ? named.data.hardware_id : undefined);
  const allowed = user !== undefined && named.success;
  return {
    principalId: caller.userId ?? 'server',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: allowed ? 'Allow' : 'Deny', Resource: event.methodArn }],
    },
    ...(user && allowed && { context: authorizerContextOf(user) }),
  };
}

/** Somebody, on the handset that their token names, or that they name where a login says nothing of it. */
function userOf(caller: Principal, named: string | undefined): UserPrincipal | undefined {
  const { userId } = caller;
  return userId === undefined ? undefined : { ...caller, ...handsetOf(caller, named), userId };
}

function bearerOf(headers: Record<string, string | undefined>): string | undefined {
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
  await connectionUseCases().openConnection({ connectionId, user, dialect: 'native', connectedAt });
  const speaks = protocolsOf(event.headers ?? {}).includes(SUBPROTOCOL);
  return { statusCode: 200, ...(speaks && { headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } }) };
}

async function disconnect(event: ConnectEvent): Promise<APIGatewayProxyStructuredResultV2> {
  await connectionUseCases().closeConnection(talker(event));
  return { statusCode: 200 };
}
