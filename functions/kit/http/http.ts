import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { invalid, ServiceError } from '#domain/errors.ts';
import type { Principal, UserPrincipal } from '#domain/identity.ts';
import { userId as userIdSchema } from '#wire/fields.ts';
import type { Operation } from '#wire/rest/operations.ts';
import { callResource, type Viewer } from '#wire/views.ts';
import { parsed, refusalOf } from '../entry/refusal.ts';
import { bearerToken } from './bearer.ts';
import { RETRY_AFTER_S, STATUS } from './status.ts';

type Reply = APIGatewayProxyStructuredResultV2;

/** A request whose sender is known and whose body and path are parsed. */
export interface HttpRequest<Body> {
  readonly body: Body;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Who asks; a server token speaks for the user that it names, or for nobody in particular. */
  readonly caller: Principal;
  /** Who asks, as somebody: a server token that names nobody is refused. */
  readonly user: () => UserPrincipal;
}

/** An operation, served. */
export interface Route extends Operation {
  readonly handle: (event: APIGatewayProxyEventV2, path: Readonly<Record<string, string>>) => Promise<Reply>;
}

/** Who a request is from: the caller that its token speaks for. */
export type Authenticate = (token: string) => Promise<Principal | undefined>;

/** What API Gateway may hand on and we do not take: bytes of a body. */
const MAX_BODY_BYTES = 64 * 1024;

/** A JSON answer. */
export const json = (statusCode: number, body: object): Reply => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** An answer without a body. */
export const empty = (statusCode: number): Reply => ({ statusCode });

/** An `application/problem+json` answer (RFC 9457). */
export function problemReply(error: unknown, viewer: Viewer = { userId: '' }): Reply {
  const { code, message, errors, requestId, call } = refusalOf(error);
  const status = STATUS[code];
  const retryAfter = RETRY_AFTER_S[code];
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    body: JSON.stringify({
      type: 'about:blank',
      title: code.replaceAll('_', ' '),
      status,
      detail: message,
      code,
      error: message,
      ...defined({ errors }),
      ...(call && callResource(call, viewer)),
      ...defined({ request_id: requestId }),
    }),
  };
}

/** A route that serves an operation to anyone who has one of its kinds of token. */
export const route =
  (authenticate: Authenticate) =>
  <Body extends z.ZodType>(
    operation: Operation & { readonly body?: Body },
    run: (request: HttpRequest<z.output<Body>>) => Promise<Reply>,
  ): Route => ({
    ...operation,
    handle: async (event, params) => {
      const caller = actingFor(await authenticated(event, authenticate), event.queryStringParameters?.['user_id']);
      try {
        if (!operation.kinds.includes(caller.kind))
          throw new ServiceError('not_allowed', `a ${caller.kind} token is not taken here`);
        const sent = operation.body ? parsed(operation.body, bodyOf(event)) : undefined;
        const request = {
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without a schema `Body` is not inferred, and nobody reads it
          body: sent as z.output<Body>,
          path: params,
          query: event.queryStringParameters ?? {},
          caller,
          user: () => somebody(caller),
        };
        return await run(request);
      } catch (error) {
        return problemReply(error, viewerOf(caller));
      }
    },
  });

/** How `caller` sees calls. */
export const viewerOf = ({ kind, userId }: Principal): Viewer =>
  kind === 'server' || userId === undefined ? 'server' : { userId };

function somebody(caller: Principal): UserPrincipal {
  const { userId } = caller;
  if (userId === undefined) throw invalid('user_id', 'a server token must say which user it acts for (?user_id=)');
  return { ...caller, userId };
}

/** Who sent a request, by its token. */
export async function authenticated(event: APIGatewayProxyEventV2, authenticate: Authenticate): Promise<Principal> {
  const token = bearerToken(event.headers['authorization']);
  const caller = token === undefined ? undefined : await authenticate(token);
  if (!caller) throw new ServiceError('unauthenticated', 'a valid bearer token is required');
  return caller;
}

/** A server token may act for any user; everybody else is who their token says. */
function actingFor(caller: Principal, named: string | undefined): Principal {
  if (named === undefined || named === caller.userId) return caller;
  if (caller.kind !== 'server') throw new ServiceError('not_allowed', 'only a server token may act for another user');
  const userId = parsed(userIdSchema, named);
  return { kind: 'server', tokenFingerprint: `${caller.tokenFingerprint}:${userId}`, userId };
}

/** The JSON body of a request; none is an empty one. */
export function bodyOf(event: APIGatewayProxyEventV2): unknown {
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : (event.body ?? '');
  if (Buffer.byteLength(text) > MAX_BODY_BYTES)
    throw new ServiceError('payload_too_large', 'a request body is at most 64 KiB');
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceError('invalid_json', 'the request body is not JSON', { cause: error });
  }
}
