import { ServiceError } from '#domain/errors.ts';
import { parsed } from '#kit/entry/parsed.ts';
import { empty } from '#kit/http/reply.ts';
import { type Route, route } from '#kit/http/route.ts';
import { httpUseCases } from '#kit/wiring/wiring.ts';
import { operations } from '#wire/rest/operations.ts';
import { userPath } from '#wire/rest/requests.ts';

/** Routes for what may be done to a user. */
export function userRoutes(): Route[] {
  const { verifier, signOut, deleteUser } = httpUseCases();
  const authenticated = route(verifier.verify);
  return [
    authenticated(operations.signOutUser, async ({ path, principal }) => {
      const { user_id: userId } = parsed(userPath(), path);
      if (principal.kind !== 'server' && principal.userId !== userId)
        throw new ServiceError('not_allowed', 'only a server token may sign out another user');
      await signOut(userId);
      return empty(204);
    }),

    authenticated(operations.deleteUser, async ({ path }) => {
      await deleteUser(parsed(userPath(), path).user_id);
      return empty(202);
    }),
  ];
}
