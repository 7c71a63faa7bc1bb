import '#kit/uncompiled-parsers.ts';
import type { User } from '#domain/caller.ts';
import { early } from '#kit/early.ts';
import { parsed } from '#kit/problem.ts';
import { type Answer, type Command, frameHandler } from '#kit/websocket.ts';
import { signalUseCases } from '#kit/wiring.ts';
import { signalBody } from '#wire/signal-body.ts';
import { signalFrames } from '#wire/websocket.ts';

/** `sdp.offer`, `sdp.answer` and `ice.candidate`: the hot path. */
export const handler = frameHandler(
  () => signalUseCases().peers,
  () => commands,
);

early(signalUseCases);

type SignalType = keyof typeof signalFrames;

const relay =
  (type: SignalType) =>
  async (frame: unknown, user: User): Promise<Answer> => {
    const { call_cid: cid, seq, target_user_id: target, ...sent } = parsed(signalFrames[type], frame);
    await signalUseCases().relaySignal({
      cid,
      user,
      type,
      body: signalBody(sent),
      ...(seq !== undefined && { seq }),
      ...(target !== undefined && { target }),
    });
    return {};
  };

const commands: Readonly<Record<SignalType, Command>> = {
  'sdp.offer': relay('sdp.offer'),
  'sdp.answer': relay('sdp.answer'),
  'ice.candidate': relay('ice.candidate'),
};
