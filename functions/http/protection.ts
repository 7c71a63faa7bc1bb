import type * as z from 'zod';
import type { Preferences } from '#domain/protection/guard.ts';
import { parsed } from '#kit/entry/parsed.ts';
import { empty, json } from '#kit/http/reply.ts';
import { type HttpRequest, type Route, route } from '#kit/http/route.ts';
import { httpUseCases } from '#kit/wiring/wiring.ts';
import { operations } from '#wire/rest/operations.ts';
import { type preferencesRequest, userPath } from '#wire/rest/requests.ts';
import { blocksView, preferencesView } from '#wire/views.ts';

/** Routes for what a user lets through: whom they have blocked, and when they want to be left alone. */
export function protectionRoutes(): Route[] {
  const { verifier, blockUser, unblockUser, listBlocks, readPreferences, setPreferences } = httpUseCases();
  const authenticated = route(verifier.verify);
  return [
    authenticated(operations.listBlocks, async ({ user }) => json(200, blocksView(await listBlocks(user().userId)))),

    authenticated(operations.blockUser, async (request) => {
      await blockUser(request.user().userId, otherIn(request));
      return empty(204);
    }),

    authenticated(operations.unblockUser, async (request) => {
      await unblockUser(request.user().userId, otherIn(request));
      return empty(204);
    }),

    authenticated(operations.getPreferences, async ({ user }) =>
      json(200, preferencesView(await readPreferences(user().userId))),
    ),

    authenticated(operations.setPreferences, async ({ user, body }) => {
      const { userId } = user();
      await setPreferences(userId, chosen(body));
      return json(200, preferencesView(await readPreferences(userId)));
    }),
  ];
}

const otherIn = ({ path }: Pick<HttpRequest<unknown>, 'path'>): string => parsed(userPath(), path).user_id;

const chosen = ({ do_not_disturb: doNotDisturb }: z.output<ReturnType<typeof preferencesRequest>>): Preferences =>
  doNotDisturb === false ? {} : { doNotDisturb };
