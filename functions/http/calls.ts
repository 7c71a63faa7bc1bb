import type * as z from 'zod';
import type { CallAction } from '#domain/call/access.ts';
import type { CallCommand } from '#domain/call/decide.ts';
import { defined } from '#domain/defined.ts';
import { handsetOf, type UserPrincipal } from '#domain/identity.ts';
import { parsed } from '#kit/entry/parsed.ts';
import { viewerOf } from '#kit/http/principal.ts';
import { json } from '#kit/http/reply.ts';
import { type HttpRequest, type Route, route } from '#kit/http/route.ts';
import { httpUseCases } from '#kit/wiring/wiring.ts';
import { type Operation, operations } from '#wire/rest/operations.ts';
import { callPath, type createCallRequest, nextToken } from '#wire/rest/requests.ts';
import { signalBody } from '#wire/signal-body.ts';
import { callResource, traceView } from '#wire/views.ts';

/** Routes that create, read and change calls. */
export function callRoutes(): Route[] {
  const {
    verifier,
    createCall,
    readCall,
    ringCall,
    addMembers,
    acceptCall,
    changeCall,
    reportRinging,
    readTrace,
    listCalls,
  } = httpUseCases();
  const authenticated = route(verifier.verify);

  /** A step of the call that takes one command. */
  const step = <Body extends z.ZodType<{ hardware_id?: string | undefined }>>(
    operation: Operation & { readonly body: Body },
    action: CallAction,
    command: (user: UserPrincipal, sent: z.output<Body>) => CallCommand,
  ) =>
    authenticated(operation, async (request) => {
      const user = request.user();
      const call = await changeCall({ cid: cidOf(request), user, action, command: () => command(user, request.body) });
      return json(200, callResource(call, viewerOf(request.principal)));
    });

  return [
    authenticated(operations.createCall, async (request) => {
      const { body, principal } = request;
      const { call, created } = await createCall(callWanted(cidOf(request), request.user(), body));
      return json(created ? 201 : 200, { ...callResource(call, viewerOf(principal)), created });
    }),

    authenticated(operations.listCalls, async (request) => {
      const { status, limit, next: after } = parsed(operations.listCalls.query, request.query);
      const { userId } = request.user();
      const { calls, next } = await listCalls({
        userId,
        limit,
        ...defined({ status, after }),
      });
      return json(200, {
        calls: calls.map((call) => callResource(call, viewerOf(request.principal))),
        ...(next !== undefined && { next: nextToken(next) }),
      });
    }),

    authenticated(operations.getCall, async (request) =>
      json(200, callResource(await readCall(cidOf(request), request.principal), viewerOf(request.principal))),
    ),

    authenticated(operations.getTrace, async (request) => {
      const { events, verdicts } = await readTrace(cidOf(request), request.principal);
      return json(200, traceView(events, verdicts, viewerOf(request.principal)));
    }),

    authenticated(operations.ringCall, async (request) => {
      const { ring_id, member_ids } = request.body;
      const call = await ringCall({
        cid: cidOf(request),
        user: request.user(),
        ...defined({ ringId: ring_id, members: member_ids }),
      });
      return json(200, callResource(call, viewerOf(request.principal)));
    }),

    authenticated(operations.addMembers, async (request) => {
      const { members: added, ring = false } = request.body;
      const user = request.user();
      const call = await addMembers({ cid: cidOf(request), user, members: added.map(({ userId }) => userId), ring });
      return json(200, callResource(call, viewerOf(request.principal)));
    }),

    authenticated(operations.acceptCall, async (request) => {
      const { hardware_id, answer } = request.body;
      if (answer) signalBody(answer);
      const { call, callToken } = await acceptCall({
        cid: cidOf(request),
        user: request.user(),
        ...defined({ hardwareId: hardware_id, answer }),
      });
      return json(200, {
        ...callResource(call, viewerOf(request.principal)),
        ...defined({ call_token: callToken }),
      });
    }),

    authenticated(operations.reportRinging, async (request) => {
      const call = await reportRinging(cidOf(request), request.user(), request.body.hardware_id);
      return json(200, callResource(call, viewerOf(request.principal)));
    }),

    step(operations.rejectCall, 'reject', (user, { reason, hardware_id }) => ({
      type: 'reject',
      by: user.userId,
      on: handsetOf(user, hardware_id),
      reason,
    })),
    step(operations.leaveCall, 'leave', (user, { hardware_id }) => ({
      type: 'leave',
      by: user.userId,
      on: handsetOf(user, hardware_id),
    })),
    step(operations.endCall, 'end', (user, { hardware_id }) => ({
      type: 'end',
      by: user.userId,
      on: handsetOf(user, hardware_id),
    })),
  ];
}

const cidOf = ({ path }: Pick<HttpRequest<unknown>, 'path'>): string => {
  const { type, id } = parsed(callPath, path);
  return `${type}:${id}`;
};

function callWanted(cid: string, user: UserPrincipal, body: z.output<typeof createCallRequest>) {
  const { members: named, ring = false, video = false, data, settings_override, hardware_id, offer } = body;
  if (offer) signalBody(offer);
  const { auto_cancel_timeout_ms: ringMs, busy } = settings_override?.ring ?? {};
  return {
    cid,
    user,
    ring,
    video,
    custom: data?.custom ?? {},
    ...defined({ members: named, ringMs }),
    // Only the app's own backend may ring a callee who is in another call.
    ...(busy !== undefined && user.kind === 'server' && { busy }),
    ...defined({ hardwareId: hardware_id, offer }),
  };
}
