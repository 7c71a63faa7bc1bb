import type * as z from 'zod';
import { json, type Route, route } from '#kit/http.ts';
import { parsed } from '#kit/problem.ts';
import { httpUseCases } from '#kit/wiring.ts';
import type { Signal } from '#ports/mailbox.ts';
import { answerRequest, callPath, iceRequest, offerRequest } from '#wire/http.ts';
import { signalBody } from '#wire/signal-body.ts';

const kinds = ['login', 'server', 'call', 'wake'] as const;

/** SDP and ICE of one call, relayed. */
export function signalRoutes(): Route[] {
  const { verifier, relaySignal } = httpUseCases();
  const relay = (
    type: Signal['type'],
    last: string,
    schema: z.ZodType<z.output<typeof offerRequest> | z.output<typeof answerRequest> | z.output<typeof iceRequest>>,
  ) =>
    route(verifier.verify)(
      'POST',
      `/api/v2/video/call/{type}/{id}/${last}`,
      { kinds, body: schema },
      async ({ path, user, body }) => {
        const { type: callType, id } = parsed(callPath, path);
        const { target_user_id: target, seq } = body;
        await relaySignal({
          cid: `${callType}:${id}`,
          user: user(),
          type,
          body: signalBody(body),
          ...(seq !== undefined && { seq }),
          ...(target !== undefined && { target }),
        });
        return json(202, {});
      },
    );
  return [
    relay('sdp.offer', 'sdp/offer', offerRequest),
    relay('sdp.answer', 'sdp/answer', answerRequest),
    relay('ice.candidate', 'ice', iceRequest),
  ];
}
