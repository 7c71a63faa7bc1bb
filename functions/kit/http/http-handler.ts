import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type EntryPoint, entryPoint } from '../entry/entry-point.ts';
import { inTime } from '../entry/in-time.ts';
import { logContext } from '../entry/log-context.ts';
import { measureErrors } from '../entry/measure-errors.ts';
import { seal } from '../entry/seal.ts';
import { problemReply } from './problem.ts';
import type { Reply } from './reply.ts';
import { type Route, viewerOfEvent } from './route.ts';
import { router } from './router.ts';

export interface HttpHandlerOptions {
  readonly routes: () => readonly Route[];
  readonly early: () => unknown;
}

/** Serves REST requests; every error leaves as a problem. */
export function httpHandler({ routes, early }: HttpHandlerOptions): EntryPoint<APIGatewayProxyEventV2, Reply> {
  const serve = router(routes);
  return entryPoint((event: APIGatewayProxyEventV2, signal) => inTime(serve(event, signal), signal), {
    early,
    use: [
      logContext({ ids: ({ requestContext: { requestId } }) => ({ api_request_id: requestId }) }),
      seal({ answer: (error, event) => problemReply(error, { viewer: viewerOfEvent(event), path: event.rawPath }) }),
      measureErrors(),
    ],
  });
}
