import { defined } from '#domain/defined.ts';
import { ServiceError } from '#domain/errors.ts';
import { parsed } from '#kit/entry/parsed.ts';
import { empty, json } from '#kit/http/reply.ts';
import { type Route, route } from '#kit/http/route.ts';
import { httpUseCases } from '#kit/wiring/wiring.ts';
import { operations } from '#wire/rest/operations.ts';
import { checkupView, deliveriesView, stageCallsView, userView } from '#wire/rest/operator-views.ts';
import { deliveryPath, nextToken, userPath } from '#wire/rest/requests.ts';

/** Routes for whoever operates the stage: its calls, what is known of a user, what became of webhooks, and what the doctor found. */
export function operatorRoutes(): Route[] {
  const { verifier, listStageCalls, lookAtUser, webhooks, checkups } = httpUseCases();
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

    authenticated(operations.listDeliveries, async ({ query }) => {
      const { next: after, limit, ...wanted } = parsed(operations.listDeliveries.query(), query);
      if (!webhooks) return json(200, { enabled: false, deliveries: [] });
      const { deliveries, next } = await webhooks.list({ ...wanted, after }, limit);
      return json(200, {
        enabled: true,
        deliveries: deliveriesView(deliveries),
        ...(next !== undefined && { next: nextToken(next) }),
      });
    }),

    authenticated(operations.replayDelivery, async ({ path }) => {
      const { delivery_id: place } = parsed(deliveryPath(), path);
      if (!webhooks) throw new ServiceError('not_found', 'this stage has no events, and so no webhooks');
      await webhooks.replay(place);
      return json(202, {});
    }),

    authenticated(operations.getCheckup, async () => json(200, checkupView(await checkups.latest()))),

    authenticated(operations.keepCheckup, async ({ body: { findings }, principal: { name: by } }) => {
      await checkups.keep({ findings, ...defined({ by }) });
      return empty(204);
    }),
  ];
}
