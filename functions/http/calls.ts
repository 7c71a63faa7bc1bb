import type * as z from 'zod';
import { callTokenExpiry } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';
import { ServiceError } from '#domain/errors.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { parsed } from '#kit/entry/parsed.ts';
import { actingFor, asOperator, asUser, viewerOf } from '#kit/http/principal.ts';
import { json } from '#kit/http/reply.ts';
import { type HttpRequest, type Route, route } from '#kit/http/route.ts';
import { clock, httpUseCases } from '#kit/wiring/wiring.ts';
import type { CallAct } from '#usecases/calls/act-on-call.ts';
import { type Operation, operations } from '#wire/rest/operations.ts';
import { callPath, type createCallRequest, nextToken } from '#wire/rest/requests.ts';
import { signalBody } from '#wire/signal-body.ts';
import { callResource, traceView } from '#wire/views.ts';

/** A request that may name the handset that it comes from. */
interface HandsetNamed {
  readonly hardware_id?: string | undefined;
  readonly ring_id?: string | undefined;
}

/** Calls: create, read, and every step of one. */
export function callRoutes(): Route[] {
  const {
    verifier,
    mint,
    getOrCreateCall,
    placeCall,
    readCall,
    ringCall,
    addMembers,
    acceptCall,
    actOnCall,
    reportRinging,
    readTrace,
    listCalls,
  } = httpUseCases();
  const authenticated = route(verifier.verify);

  /** Serves a request that is one act on the call. */
  const act = <Body extends z.ZodType<HandsetNamed>>(
    operation: Operation & { readonly body: () => Body },
    actOf: (sent: z.output<Body>) => CallAct,
  ) =>
    authenticated<Body>(operation, async (request) => {
      const { hardware_id: hardwareId, ring_id: ringId } = request.body;
      const user = request.principal.kind === 'operator' ? asOperator(request.principal) : request.user();
      const wanted = { cid: cidOf(request), user, act: actOf(request.body), hardwareId, ringId };
      return json(200, callResource(await actOnCall(wanted), viewerOf(request.principal)));
    });

  /** An operator rings for a test. The answer has a token by which they take part in that one call. */
  const testRing = async (request: HttpRequest<z.output<ReturnType<typeof createCallRequest>>>) => {
    const { body, principal } = request;
    if (body.ring !== true || body.data?.created_by_id !== undefined)
      throw new ServiceError(
        'not_allowed',
        'an operator creates a call for a test ring only, and as nobody else: send "ring": true',
      );
    const cid = cidOf(request);
    // Whoever is rung sees who it is.
    const user = { ...asOperator(principal), ...defined({ name: principal.name }) };
    const { kind, call } = await placeCall(callWanted(cid, user, body));
    const { hardware_id: hardwareId } = body;
    const token = await mint.call({ ...user, cid, ...defined({ hardwareId }) }, callTokenExpiry(clock()));
    const created = kind === 'created';
    return json(created ? 201 : 200, { ...callResource(call, viewerOf(principal)), created, call_token: token });
  };

  return [
    authenticated(operations.createCall, async (request) => {
      const { body } = request;
      if (request.principal.kind === 'operator') return testRing(request);
      // Whoever is said to create the call is whoever asks; only a server token may say somebody else.
      const principal = actingFor(request.principal, body.data?.created_by_id);
      const wanted = callWanted(cidOf(request), asUser(principal), body);
      const { kind, call } = await (body.ring ? placeCall(wanted) : getOrCreateCall(wanted));
      const created = kind === 'created';
      return json(created ? 201 : 200, { ...callResource(call, viewerOf(principal)), created });
    }),

    authenticated(operations.listCalls, async (request) => {
      const { status, limit, next: after } = parsed(operations.listCalls.query(), request.query);
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
      const { ring_id: ringId, member_ids: members } = request.body;
      const call = await ringCall({ cid: cidOf(request), user: request.user(), ringId, members });
      return json(200, callResource(call, viewerOf(request.principal)));
    }),

    authenticated(operations.addMembers, async (request) => {
      const { members: added, ring = false } = request.body;
      const members = added.map(({ userId }) => userId);
      const call = await addMembers({ cid: cidOf(request), principal: request.principal, members, ring });
      return json(200, callResource(call, viewerOf(request.principal)));
    }),

    authenticated(operations.acceptCall, async (request) => {
      const { hardware_id: hardwareId, ring_id: ringId, answer } = request.body;
      if (answer) signalBody(answer);
      const wanted = { cid: cidOf(request), user: request.user(), hardwareId, ringId, answer };
      const { call, callToken } = await acceptCall(wanted);
      return json(200, {
        ...callResource(call, viewerOf(request.principal)),
        ...defined({ call_token: callToken }),
      });
    }),

    authenticated(operations.reportRinging, async (request) => {
      const { hardware_id: hardwareId } = request.body;
      const call = await reportRinging({ cid: cidOf(request), user: request.user(), hardwareId });
      return json(200, callResource(call, viewerOf(request.principal)));
    }),

    act(operations.rejectCall, ({ reason }) => ({ type: 'reject', reason })),
    act(operations.leaveCall, ({ end_call, endCall }) => ({ type: (end_call ?? endCall) ? 'end' : 'leave' })),
    act(operations.endCall, () => ({ type: 'end' })),
  ];
}

const cidOf = ({ path }: Pick<HttpRequest<unknown>, 'path'>): string => {
  const { type, id } = parsed(callPath(), path);
  return `${type}:${id}`;
};

function callWanted(cid: string, user: UserPrincipal, body: z.output<ReturnType<typeof createCallRequest>>) {
  const { members, video = false, data, settings_override, hardware_id: hardwareId, offer } = body;
  if (offer) signalBody(offer);
  const { auto_cancel_timeout_ms: ringMs, busy } = settings_override?.ring ?? {};
  return { cid, user, members, video, custom: data?.custom ?? {}, ringMs, busy, hardwareId, offer };
}
