import { parsed } from '#kit/entry/parsed.ts';
import { json } from '#kit/http/reply.ts';
import { type Route, route } from '#kit/http/route.ts';
import { httpUseCases } from '#kit/wiring/wiring.ts';
import { operations } from '#wire/rest/operations.ts';
import { stageCallsView, userView } from '#wire/rest/operator-views.ts';
import { nextToken, userPath } from '#wire/rest/requests.ts';

/** Routes for whoever operates the stage: its calls, and what is known of a user. */
export function operatorRoutes(): Route[] {
  const { verifier, listStageCalls, lookAtUser } = httpUseCases();
  const authenticated = route(verifier.verify);
  return [
    authenticated(operations.listStageCalls, async ({ query }) => {
      const { user_id: userId, next: after, ...wanted } = parsed(operations.listStageCalls.query(), query);
      const { calls, next } = await listStageCalls({ ...wanted, userId, after });
      return json(200, { calls: stageCallsView(calls), ...(next !== undefined && { next: nextToken(next) }) });
    }),

    authenticated(operations.getUser, async ({ path }) =>
      json(200, userView(await lookAtUser(parsed(userPath(), path).user_id))),
    ),
  ];
}
