import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { invalid, ServiceError, unauthenticated } from '#domain/errors.ts';
import { isOfTheApp, OPERATOR_ID, type Principal, type UserPrincipal } from '#domain/identity.ts';
import type { TokenVerifier } from '#ports/tokens.ts';
import { optionalParameter, userId as userIdSchema } from '#wire/fields.ts';
import type { Viewer } from '#wire/views.ts';
import { parsed } from '../entry/parsed.ts';
import { rememberAsker } from './asker.ts';
import { bearerToken } from './bearer.ts';

export type VerifyToken = TokenVerifier['verify'];

/** The principal that a request's token speaks for. */
export async function authenticated(event: APIGatewayProxyEventV2, verify: VerifyToken): Promise<Principal> {
  const token = bearerToken(event.headers['authorization']);
  if (token === undefined) throw unauthenticated('missing');
  const verified = await verify(token);
  if (verified.kind === 'refused') {
    rememberAsker(event, { userId: verified.userId });
    throw unauthenticated(verified.reason);
  }
  rememberAsker(event, { userId: verified.principal.userId });
  return verified.principal;
}

/** `?user_id=`: in a query a `+` is a space, so that the `+` of an id has to be sent as `%2B`. */
const actingQuery = z.object({ user_id: optionalParameter(userIdSchema) });

/** A server token may act for any user, `named` in the request, and an operator may look at any; everybody else is themselves. */
export function actingFor(principal: Principal, named: string | undefined): Principal {
  const { user_id: userId } = parsed(actingQuery, { user_id: named });
  if (userId === undefined || userId === principal.userId) return principal;
  if (!isOfTheApp(principal)) throw new ServiceError('not_allowed', 'only a server token may act for another user');
  const { kind, tokenFingerprint, name } = principal;
  if (kind === 'operator') return { kind, tokenFingerprint, userId, ...defined({ name }) };
  return { kind, tokenFingerprint: `${tokenFingerprint}:${userId}`, userId };
}

/** The principal as a user; a token of the app that names no user is refused. */
export function asUser(principal: Principal): UserPrincipal {
  const { userId } = principal;
  if (userId === undefined)
    throw invalid(
      'user_id',
      `${principal.kind === 'operator' ? 'an operator' : 'a server'} token must say which user it is about (?user_id=)`,
    );
  return { ...principal, userId };
}

/** An operator who acts: for no user, and without their name, which is nobody's business in the app. */
export function asOperator({ kind, tokenFingerprint, userId }: Principal): UserPrincipal {
  if (userId !== undefined) throw new ServiceError('not_allowed', 'an operator acts for no user: leave user_id out');
  return { kind, tokenFingerprint, userId: OPERATOR_ID };
}

/** How a principal sees calls. */
export const viewerOf = (principal: Principal): Viewer => {
  const { userId } = principal;
  return isOfTheApp(principal) || userId === undefined ? 'server' : { userId };
};
