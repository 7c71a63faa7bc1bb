import '#kit/entry/uncompiled-parsers.ts';
import { defined } from '#domain/defined.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { parsed } from '#kit/entry/parsed.ts';
import { type Answer, type FrameHandler, frameHandler } from '#kit/websocket/frame-handler.ts';
import { signalUseCases } from '#kit/wiring/wiring.ts';
import { isEmptySignal, signalBody } from '#wire/signal-body.ts';
import { signalFrames } from '#wire/socket/native/frames.ts';

/** `sdp.offer`, `sdp.answer` and `ice.candidate`: the hot path. */
export const handler = frameHandler({
  sockets: () => signalUseCases().sockets,
  handlers: () => handlers,
  early: signalUseCases,
});

type SignalType = keyof typeof signalFrames;

const relay =
  (type: SignalType) =>
  async (frame: unknown, user: UserPrincipal): Promise<Answer> => {
    const { call_cid: cid, seq, target_user_id: target, ...sent } = parsed(signalFrames[type](), frame);
    if (isEmptySignal(sent)) return {};
    await signalUseCases().relaySignal({
      cid,
      user,
      type,
      body: signalBody(sent),
      ...defined({ seq, target }),
    });
    return {};
  };

const handlers: Readonly<Record<SignalType, FrameHandler>> = {
  'sdp.offer': relay('sdp.offer'),
  'sdp.answer': relay('sdp.answer'),
  'ice.candidate': relay('ice.candidate'),
};
