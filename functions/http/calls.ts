import type * as z from 'zod';
import type { CallAction } from '#domain/access.ts';
import { handsetOf, type User } from '#domain/caller.ts';
import type { Command } from '#domain/decide.ts';
import { type HttpRequest, json, type Route, route, viewerOf } from '#kit/http.ts';
import { parsed } from '#kit/problem.ts';
import { httpUseCases } from '#kit/wiring.ts';
import {
  acceptRequest,
  addMembersRequest,
  callPath,
  createCallRequest,
  handsetRequest,
  listCallsQuery,
  nextToken,
  rejectRequest,
  ringRequest,
} from '#wire/http.ts';
import { signalBody } from '#wire/signal-body.ts';
import { callResource, traceView } from '#wire/views.ts';

const CALL = '/api/v2/video/call/{type}/{id}';

const members = ['login', 'server', 'call'] as const;
const membersAndWoken = ['login', 'server', 'call', 'wake'] as const;

/** Calls: create, read, and every step of one. */
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

  /** A step of the call that is one command. */
  const step = <Body extends z.ZodType<{ hardware_id?: string | undefined }>>(
    last: string,
    action: CallAction,
    body: Body,
    command: (user: User, sent: z.output<Body>) => Command,
  ) =>
    authenticated('POST', `${CALL}/${last}`, { kinds: membersAndWoken, body }, async (request) => {
      const user = request.user();
      const call = await changeCall({ cid: cidOf(request), user, action, command: () => command(user, request.body) });
      return json(200, callResource(call, viewerOf(request.caller)));
    });

  return [
    authenticated('POST', CALL, { kinds: members, body: createCallRequest }, async (request) => {
      const { body, caller } = request;
      const { call, created } = await createCall(callWanted(cidOf(request), request.user(), body));
      return json(created ? 201 : 200, { ...callResource(call, viewerOf(caller)), created });
    }),

    authenticated('GET', '/api/v2/video/calls', { kinds: ['login', 'server'] }, async (request) => {
      const { status, limit, next: after } = parsed(listCallsQuery, request.query);
      const { userId } = request.user();
      const { calls, next } = await listCalls({
        userId,
        limit,
        ...(status && { status }),
        ...(after !== undefined && { after }),
      });
      return json(200, {
        calls: calls.map((call) => callResource(call, viewerOf(request.caller))),
        ...(next !== undefined && { next: nextToken(next) }),
      });
    }),

    authenticated('GET', CALL, { kinds: membersAndWoken }, async (request) =>
      json(200, callResource(await readCall(cidOf(request), request.caller), viewerOf(request.caller))),
    ),

    authenticated('GET', `${CALL}/trace`, { kinds: members }, async (request) => {
      const { events, verdicts } = await readTrace(cidOf(request), request.caller);
      return json(200, traceView(events, verdicts, viewerOf(request.caller)));
    }),

    authenticated('POST', `${CALL}/ring`, { kinds: members, body: ringRequest }, async (request) => {
      const { ring_id, member_ids } = request.body;
      const call = await ringCall({
        cid: cidOf(request),
        user: request.user(),
        ...(ring_id !== undefined && { ringId: ring_id }),
        ...(member_ids && { members: member_ids }),
      });
      return json(200, callResource(call, viewerOf(request.caller)));
    }),

    authenticated('POST', `${CALL}/members`, { kinds: members, body: addMembersRequest }, async (request) => {
      const { members: added, ring = false } = request.body;
      const user = request.user();
      const call = await addMembers({ cid: cidOf(request), user, members: added.map(({ userId }) => userId), ring });
      return json(200, callResource(call, viewerOf(request.caller)));
    }),

    authenticated('POST', `${CALL}/accept`, { kinds: membersAndWoken, body: acceptRequest }, async (request) => {
      const { hardware_id, answer } = request.body;
      if (answer) signalBody(answer);
      const { call, callToken } = await acceptCall({
        cid: cidOf(request),
        user: request.user(),
        ...(hardware_id !== undefined && { hardwareId: hardware_id }),
        ...(answer && { answer }),
      });
      return json(200, {
        ...callResource(call, viewerOf(request.caller)),
        ...(callToken !== undefined && { call_token: callToken }),
      });
    }),

    authenticated('POST', `${CALL}/ringing`, { kinds: membersAndWoken, body: handsetRequest }, async (request) => {
      const call = await reportRinging(cidOf(request), request.user(), request.body.hardware_id);
      return json(200, callResource(call, viewerOf(request.caller)));
    }),

    step('reject', 'reject', rejectRequest, (user, { reason, hardware_id }) => ({
      type: 'reject',
      by: user.userId,
      on: handsetOf(user, hardware_id),
      reason,
    })),
    step('leave', 'leave', handsetRequest, (user, { hardware_id }) => ({
      type: 'leave',
      by: user.userId,
      on: handsetOf(user, hardware_id),
    })),
    step('mark_ended', 'end', handsetRequest, (user, { hardware_id }) => ({
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

function callWanted(cid: string, user: User, body: z.output<typeof createCallRequest>) {
  const { members: named, ring = false, video = false, data, settings_override, hardware_id, offer } = body;
  if (offer) signalBody(offer);
  const { auto_cancel_timeout_ms: ringMs, busy } = settings_override?.ring ?? {};
  return {
    cid,
    user,
    ring,
    video,
    custom: data?.custom ?? {},
    ...(named && { members: named }),
    ...(ringMs !== undefined && { ringMs }),
    // Only the app's own backend may let a call through to who is in another one.
    ...(busy !== undefined && user.kind === 'server' && { busy }),
    ...(hardware_id !== undefined && { hardwareId: hardware_id }),
    ...(offer && { offer }),
  };
}
