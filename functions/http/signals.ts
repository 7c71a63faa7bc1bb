import type * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { parsed } from '#kit/entry/parsed.ts';
import { json } from '#kit/http/reply.ts';
import { type Route, route } from '#kit/http/route.ts';
import { httpUseCases } from '#kit/wiring/wiring.ts';
import type { Signal } from '#ports/mailbox.ts';
import { type Operation, operations } from '#wire/rest/operations.ts';
import { type answerRequest, callPath, type iceRequest, type offerRequest } from '#wire/rest/requests.ts';
import { isEmptySignal, signalBody } from '#wire/signal-body.ts';

type Sent = z.output<ReturnType<typeof offerRequest | typeof answerRequest | typeof iceRequest>>;

/** Routes that relay SDP and ICE candidates. */
export function signalRoutes(): Route[] {
  const { verifier, relaySignal } = httpUseCases();
  const relay = (type: Signal['type'], operation: Operation & { readonly body: () => z.ZodType<Sent> }) =>
    route(verifier.verify)<z.ZodType<Sent>>(operation, async ({ path, user, body }) => {
      const { type: callType, id } = parsed(callPath(), path);
      const { target_user_id: target, seq } = body;
      if (isEmptySignal(body)) return json(202, {});
      await relaySignal({
        cid: `${callType}:${id}`,
        user: user(),
        type,
        body: signalBody(body),
        ...defined({ seq, target }),
      });
      return json(202, {});
    });
  return [
    relay('sdp.offer', operations.sendOffer),
    relay('sdp.answer', operations.sendAnswer),
    relay('ice.candidate', operations.sendCandidates),
  ];
}
