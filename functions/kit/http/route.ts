import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';
import { ServiceError } from '#domain/errors.ts';
import type { Principal, UserPrincipal } from '#domain/identity.ts';
import type { Operation } from '#wire/rest/operations.ts';
import type { Viewer } from '#wire/views.ts';
import { parsed } from '../entry/parsed.ts';
import { log } from '../observe/log.ts';
import { askerOf, rememberAsker } from './asker.ts';
import { bodyOf } from './body.ts';
import { actingFor, asUser, authenticated, type VerifyToken, viewerOf } from './principal.ts';
import type { Reply } from './reply.ts';

/** A request whose sender is known and whose body and path are parsed. */
export interface HttpRequest<Body> {
  readonly body: Body;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Who asks. A server token speaks for the user that it names, or for no user in particular. */
  readonly principal: Principal;
  /** Who asks, as a user; a server token that names no user is refused. */
  readonly user: () => UserPrincipal;
  /** Aborted shortly before Lambda ends the invocation. */
  readonly signal: AbortSignal;
}

/** An event whose route was found. */
export interface Matched {
  readonly event: APIGatewayProxyEventV2;
  /** The parameters in the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** An operation, served. */
export interface Route extends Operation {
  readonly handle: (matched: Matched) => Promise<Reply>;
}

/** Who sees the answer to `event`, if its token is valid. A refusal may show a call, too. */
export function viewerOfEvent(event: APIGatewayProxyEventV2): Viewer | undefined {
  const { principal } = askerOf(event);
  return principal && viewerOf(principal);
}

/** A route that serves an operation to anyone whose token is of one of its kinds. */
export const route =
  (verify: VerifyToken) =>
  <Body extends z.ZodType>(
    operation: Operation & { readonly body?: () => Body },
    run: (request: HttpRequest<z.output<Body>>) => Promise<Reply>,
  ): Route => ({
    ...operation,
    handle: async ({ event, path, signal }) => {
      const query = event.queryStringParameters ?? {};
      const principal = actingFor(await authenticated(event, verify), query['user_id']);
      rememberAsker(event, { userId: principal.userId, principal });
      if (!operation.kinds.includes(principal.kind))
        throw new ServiceError('not_allowed', `this route does not accept ${principal.kind} tokens`);
      if (principal.kind === 'operator') noteOperator(principal, operation, path);
      const sent = operation.body ? parsed(operation.body(), bodyOf(event)) : undefined;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without a schema `Body` is not inferred, and nobody reads it
      const body = sent as z.output<Body>;
      return run({ body, path, query, headers: event.headers, principal, user: () => asUser(principal), signal });
    },
  });

/** Writes down what an operator asks for, by their name. */
const noteOperator = ({ name, userId }: Principal, { method, path: pattern }: Operation, path: Matched['path']): void =>
  log.info('an operator asks', { operator: name, operation: `${method} ${pattern}`, user_id: userId, ...path });
