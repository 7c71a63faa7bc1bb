import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ServiceError } from '#domain/errors.ts';
import { isOfTheApp } from '#domain/identity.ts';
import type { EdgeGate } from '../entry/edge-gate.ts';
import { type EntryPoint, entryPoint } from '../entry/entry-point.ts';
import { inTime } from '../entry/in-time.ts';
import { logContext } from '../entry/log-context.ts';
import { measureErrors } from '../entry/measure-errors.ts';
import { seal } from '../entry/seal.ts';
import { noteRefusal } from '../observe/note-refusal.ts';
import { askerOf } from './asker.ts';
import { problemReply } from './problem.ts';
import type { Reply } from './reply.ts';
import { type Route, viewerOfEvent } from './route.ts';
import { router } from './router.ts';

export interface HttpHandlerOptions {
  readonly cameThroughEdge: () => EdgeGate;
  readonly routes: () => readonly Route[];
  readonly early: () => unknown;
}

function refuse(error: unknown, event: APIGatewayProxyEventV2): Reply {
  const { method, path } = event.requestContext.http;
  const { userId, principal } = askerOf(event);
  const askedBy = principal && isOfTheApp(principal) ? principal.kind : undefined;
  noteRefusal(error, { userId, operation: `${method} ${path}`, askedBy });
  return problemReply(error, { viewer: viewerOfEvent(event), path: event.rawPath });
}

/** Serves REST requests; every error leaves as a problem. */
export function httpHandler({
  cameThroughEdge,
  routes,
  early,
}: HttpHandlerOptions): EntryPoint<APIGatewayProxyEventV2, Reply> {
  const serve = router(routes);
  async function admit(event: APIGatewayProxyEventV2, signal: AbortSignal): Promise<Reply> {
    if (!cameThroughEdge()(event.headers))
      throw new ServiceError('not_allowed', 'this host takes requests only from the edge');
    return serve(event, signal);
  }
  return entryPoint((event: APIGatewayProxyEventV2, signal) => inTime(admit(event, signal), signal), {
    early,
    use: [
      logContext({ ids: ({ requestContext: { requestId } }) => ({ api_request_id: requestId }) }),
      seal({ answer: refuse }),
      measureErrors(),
    ],
  });
}
