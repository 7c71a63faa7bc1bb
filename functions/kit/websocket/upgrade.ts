import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { ServiceError, unauthenticated } from '#domain/errors.ts';
import type { Principal } from '#domain/identity.ts';
import type { TokenVerifier } from '#ports/tokens.ts';
import { Unauthorized } from '../entry/seal.ts';
import { bearerToken } from '../http/bearer.ts';
import { noteRefusal } from '../observe/note-refusal.ts';

/** The subprotocol that we speak; a token may come as a second one, `bearer.<jwt>`. */
const SUBPROTOCOL = 'carillon';
const BEARER = 'bearer.';

type Headers = Readonly<Record<string, string | undefined>>;

/** Who asks for a WebSocket. Without a good token nobody does, and the upgrade is refused with 401. */
export async function upgrader(
  { headers, queryStringParameters }: APIGatewayRequestAuthorizerEvent,
  { verify }: TokenVerifier,
): Promise<Principal> {
  const token = tokenIn(headers ?? {}) ?? queryStringParameters?.['token'];
  if (!token) throw new Unauthorized('missing');
  const verified = await verify(token);
  if (verified.kind === 'refused') {
    const { reason, userId } = verified;
    noteRefusal(unauthenticated(reason), { userId, operation: CONNECT });
    throw new Unauthorized(reason);
  }
  return verified.principal;
}

/**
 * Lets a user in, whom every later event of the connection names by `context`. Without one nobody is let in: the upgrade is
 * refused with 403. A stranger came around the edge, and nobody looked at their token.
 */
export const upgradePolicy = (
  { methodArn }: APIGatewayRequestAuthorizerEvent,
  principal: Principal | 'stranger',
  context?: Readonly<Record<string, string>>,
): APIGatewayAuthorizerResult => {
  const userId = principal === 'stranger' ? undefined : principal.userId;
  if (!context) noteRefusal(new ServiceError('not_allowed', 'may not connect'), { userId, operation: CONNECT });
  return policyOf(methodArn, principal === 'stranger' ? principal : (userId ?? 'server'), context);
};

const CONNECT = 'connect';

const policyOf = (
  methodArn: string,
  principalId: string,
  context: Readonly<Record<string, string>> | undefined,
): APIGatewayAuthorizerResult => ({
  principalId,
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: context ? 'Allow' : 'Deny', Resource: methodArn }],
  },
  ...(context && { context: { ...context } }),
});

/** The headers of the answer to an upgrade: the subprotocol, if the client offers it. */
export const subprotocolOf = (headers: Headers = {}): { readonly headers?: Record<string, string> } =>
  protocolsOf(headers).includes(SUBPROTOCOL) ? { headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } } : {};

function tokenIn(headers: Headers): string | undefined {
  const header = bearerToken(headerOf(headers, 'authorization'));
  if (header !== undefined) return header;
  return protocolsOf(headers)
    .find((protocol) => protocol.startsWith(BEARER))
    ?.slice(BEARER.length);
}

const headerOf = (headers: Headers, name: string): string | undefined =>
  Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];

const protocolsOf = (headers: Headers): string[] =>
  (headerOf(headers, 'sec-websocket-protocol') ?? '').split(',').map((protocol) => protocol.trim());
