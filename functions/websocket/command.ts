import '#kit/entry/uncompiled-parsers.ts';
import type * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { parsed } from '#kit/entry/parsed.ts';
import { type Answer, type FrameHandler, frameHandler } from '#kit/websocket/frame-handler.ts';
import { commandUseCases } from '#kit/wiring/wiring.ts';
import type { CallAct } from '#usecases/calls/act-on-call.ts';
import { signalBody } from '#wire/signal-body.ts';
import { commandFrames } from '#wire/socket/native/frames.ts';
import { callInFrame } from '#wire/views.ts';

/** The `call.*` commands, and every frame of an unknown type. */
export const handler = frameHandler({
  sockets: () => commandUseCases().deps.sockets,
  handlers: () => handlers,
  early: commandUseCases,
});

const ring: FrameHandler = async (frame, user) => {
  const {
    call_type,
    call_id,
    members,
    video = false,
    custom = {},
    settings_override,
    offer,
  } = parsed(commandFrames['call.ring'](), frame);
  if (offer) signalBody(offer);
  const { auto_cancel_timeout_ms: ringMs, busy } = settings_override?.ring ?? {};
  const cid = `${call_type}:${call_id}`;
  const { call } = await commandUseCases().placeCall({ cid, user, members, video, custom, ringMs, busy, offer });
  return callInFrame(call, user);
};

const accept: FrameHandler = async (frame, user) => {
  const { call_cid: cid, ring_id: ringId, answer } = parsed(commandFrames['call.accept'](), frame);
  if (answer) signalBody(answer);
  const { call, callToken } = await commandUseCases().acceptCall({ cid, user, ringId, answer });
  return { ...callInFrame(call, user), ...defined({ call_token: callToken }) };
};

const ringing: FrameHandler = async (frame, user) => {
  const { call_cid: cid } = parsed(commandFrames['call.ringing'](), frame);
  return callInFrame(await commandUseCases().reportRinging({ cid, user }), user);
};

const resume: FrameHandler = async (frame, user) => {
  const { call_cid: cid } = parsed(commandFrames['call.resume'](), frame);
  return callInFrame(await commandUseCases().resumeCall({ cid, user }), user);
};

/** Handles a frame that is one act on a call. */
const act =
  <Frame extends { call_cid: string; ring_id?: string | undefined }>(
    schema: () => z.ZodType<Frame>,
    actOf: (frame: Frame) => CallAct,
  ): FrameHandler =>
  async (sent, user): Promise<Answer> => {
    const frame = parsed(schema(), sent);
    const call = await commandUseCases().actOnCall({
      cid: frame.call_cid,
      user,
      act: actOf(frame),
      ringId: frame.ring_id,
    });
    return callInFrame(call, user);
  };

const handlers: Readonly<Record<keyof typeof commandFrames, FrameHandler>> = {
  'call.ring': ring,
  'call.accept': accept,
  'call.ringing': ringing,
  'call.resume': resume,
  'call.reject': act(commandFrames['call.reject'], ({ reason }) => ({ type: 'reject', reason })),
  'call.cancel': act(commandFrames['call.cancel'], () => ({ type: 'cancel' })),
  'call.leave': act(commandFrames['call.leave'], () => ({ type: 'leave' })),
  'call.end': act(commandFrames['call.end'], () => ({ type: 'end' })),
};
