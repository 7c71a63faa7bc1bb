import type * as z from 'zod';
import { channelOf } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';
import { invalid } from '#domain/errors.ts';
import { parsed } from '#kit/entry/parsed.ts';
import { json } from '#kit/http/reply.ts';
import { type HttpRequest, type Route, route } from '#kit/http/route.ts';
import { httpUseCases } from '#kit/wiring/wiring.ts';
import type { CallAct } from '#usecases/calls/act-on-call.ts';
import { hostedCid } from '#usecases/calls/hosted-call.ts';
import { type Operation, operations } from '#wire/rest/operations.ts';
import { credentialView, type SeenCall, sessionPath, type sessionRequest, sessionView } from '#wire/rest/sessions.ts';

/** Sessions: hosted calls, for clients that take their media to Agora. */
export function sessionRoutes(): Route[] {
  const { verifier, startHostedCall, joinHostedCall, readHostedCall, actOnCall } = httpUseCases();
  const authenticated = route(verifier.verify);

  /** Serves a request that is one act on the session. */
  const act = (operation: Operation & { readonly body: typeof sessionRequest }, type: CallAct) =>
    authenticated(operation, async (request: HttpRequest<z.output<ReturnType<typeof sessionRequest>>>) => {
      const cid = cidOf(request);
      await readHostedCall(cid, request.principal);
      const call = await actOnCall({ cid, user: request.user(), act: type, hardwareId: request.body.hardware_id });
      return json(200, { session: seen({ call }) });
    });

  return [
    authenticated(operations.createSession, async (request) => {
      const { recipientId: calleeId, callType, hardware_id: hardwareId } = request.body;
      const user = request.user();
      if (calleeId === user.userId) throw invalid('recipientId', 'must be somebody else');
      const { call, credential } = await startHostedCall({ user, calleeId, video: callType === 'VIDEO', hardwareId });
      return json(201, { session: seen({ call }), credential: credentialView(credential, 'HOST') });
    }),

    authenticated(operations.getSession, async (request) =>
      json(200, { session: seen({ call: await readHostedCall(cidOf(request), request.principal) }) }),
    ),

    authenticated(operations.getSessionToken, async (request) => {
      const user = request.user();
      const { role, hardware_id: hardwareId } = request.body;
      const { call, credential, isAnswer, callToken } = await joinHostedCall({
        ...{ cid: cidOf(request), user, hardwareId },
      });
      const usualRole = call.createdBy.id === user.userId ? 'HOST' : 'AUDIENCE';
      return json(200, {
        session: seen({ call, isAnswer }),
        credential: credentialView(credential, role ?? usualRole),
        ...defined({ callToken }),
      });
    }),

    act(operations.declineSession, { type: 'reject', reason: 'decline' }),
    act(operations.endSession, { type: 'end' }),
  ];
}

const cidOf = ({ path }: Pick<HttpRequest<unknown>, 'path'>): string => hostedCid(parsed(sessionPath(), path).id);

const seen = (of: Omit<SeenCall, 'channelName'>) => sessionView({ ...of, channelName: channelOf(of.call) });
