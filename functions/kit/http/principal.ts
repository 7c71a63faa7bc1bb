import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { invalid, ServiceError, unauthenticated } from '#domain/errors.ts';
import type { Principal, UserPrincipal } from '#domain/identity.ts';
import type { TokenVerifier } from '#ports/tokens.ts';
import { optionalParameter, userId as userIdSchema } from '#wire/fields.ts';
import type { Viewer } from '#wire/views.ts';
import { parsed } from '../entry/parsed.ts';
import { bearerToken } from './bearer.ts';

export type VerifyToken = TokenVerifier['verify'];

/** The principal that a request's token speaks for. */
export async function authenticated(event: APIGatewayProxyEventV2, verify: VerifyToken): Promise<Principal> {
  const token = bearerToken(event.headers['authorization']);
  if (token === undefined) throw unauthenticated('missing');
  const verified = await verify(token);
  if (verified.kind === 'refused') throw unauthenticated(verified.reason);
  return verified.principal;
}

/** `?user_id=`: in a query a `+` is a space, so that the `+` of an id has to be sent as `%2B`. */
const actingQuery = z.object({ user_id: optionalParameter(userIdSchema) });

/** A server token may act for any user, `named` in the request; everybody else acts for themselves. */
export function actingFor(principal: Principal, named: string | undefined): Principal {
  const { user_id: userId } = parsed(actingQuery, { user_id: named });
  if (userId === undefined || userId === principal.userId) return principal;
  if (principal.kind !== 'server')
    throw new ServiceError('not_allowed', 'only a server token may act for another user');
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
