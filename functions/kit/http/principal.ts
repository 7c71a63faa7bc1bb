import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { invalid, ServiceError } from '#domain/errors.ts';
import type { Principal, UserPrincipal } from '#domain/identity.ts';
import { userId as userIdSchema } from '#wire/fields.ts';
import type { Viewer } from '#wire/views.ts';
import { parsed } from '../entry/parsed.ts';
import { bearerToken } from './bearer.ts';

/** The principal that a token speaks for, if it is a valid one. */
export type VerifyToken = (token: string) => Promise<Principal | undefined>;

/** The principal that a request's token speaks for. */
export async function authenticated(event: APIGatewayProxyEventV2, verify: VerifyToken): Promise<Principal> {
  const token = bearerToken(event.headers['authorization']);
  const principal = token === undefined ? undefined : await verify(token);
  if (!principal) throw new ServiceError('unauthenticated', 'a valid bearer token is required');
  return principal;
}

/** A server token may act for any user, `named` in the request; everybody else acts for themselves. */
export function actingFor(principal: Principal, named: string | undefined): Principal {
  if (named === undefined || named === principal.userId) return principal;
  if (principal.kind !== 'server')
    throw new ServiceError('not_allowed', 'only a server token may act for another user');
  const userId = parsed(userIdSchema, named);
  return { kind: 'server', tokenFingerprint: `${principal.tokenFingerprint}:${userId}`, userId };
}

/** The principal as a user; a server token that names no user is refused. */
export function asUser(principal: Principal): UserPrincipal {
  const { userId } = principal;
  if (userId === undefined) throw invalid('user_id', 'a server token must say which user it acts for (?user_id=)');
  return { ...principal, userId };
}

/** How a principal sees calls. */
export const viewerOf = ({ kind, userId }: Principal): Viewer =>
  kind === 'server' || userId === undefined ? 'server' : { userId };
