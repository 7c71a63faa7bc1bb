import '#kit/entry/uncompiled-parsers.ts';
import type * as z from 'zod';
import type { CallAction } from '#domain/call/access.ts';
import type { CallCommand } from '#domain/call/decide.ts';
import { defined } from '#domain/defined.ts';
import { handsetOf, type UserPrincipal } from '#domain/identity.ts';
import { parsed } from '#kit/entry/parsed.ts';
import { type Answer, type FrameHandler, frameHandler } from '#kit/websocket/frame-handler.ts';
import { commandUseCases } from '#kit/wiring/wiring.ts';
import { signalBody } from '#wire/signal-body.ts';
import { commandFrames } from '#wire/socket/native/frames.ts';
import { callInFrame } from '#wire/views.ts';

/** The `call.*` commands, and every frame of an unknown type. */
export const handler = frameHandler({
  peers: () => commandUseCases().deps.peers,
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
  } = parsed(commandFrames['call.ring'], frame);
  if (offer) signalBody(offer);
  const { auto_cancel_timeout_ms: ringMs, busy } = settings_override?.ring ?? {};
  const { call } = await commandUseCases().createCall({
    cid: `${call_type}:${call_id}`,
    user,
    ring: true,
    video,
    custom,
    ...defined({ members, ringMs }),
    // Only the app's own backend may ring a callee who is in another call.
    ...(busy !== undefined && user.kind === 'server' && { busy }),
    ...defined({ offer }),
  });
  return callInFrame(call, user);
};

const accept: FrameHandler = async (frame, user) => {
  const { call_cid: cid, answer } = parsed(commandFrames['call.accept'], frame);
  if (answer) signalBody(answer);
  const { call, callToken } = await commandUseCases().acceptCall({ cid, user, ...defined({ answer }) });
  return { ...callInFrame(call, user), ...defined({ call_token: callToken }) };
};

const ringing: FrameHandler = async (frame, user) => {
  const { call_cid: cid } = parsed(commandFrames['call.ringing'], frame);
  return callInFrame(await commandUseCases().reportRinging(cid, user), user);
};

/** A frame that takes one step of the call. */
const step =
  <Frame extends { call_cid: string }>(
    schema: z.ZodType<Frame>,
    action: CallAction,
    command: (user: UserPrincipal, frame: Frame) => CallCommand,
  ): FrameHandler =>
  async (sent, user): Promise<Answer> => {
    const frame = parsed(schema, sent);
    const request = { cid: frame.call_cid, user, action, command: () => command(user, frame) };
    return callInFrame(await commandUseCases().changeCall(request), user);
  };

const handlers: Readonly<Record<keyof typeof commandFrames, FrameHandler>> = {
  'call.ring': ring,
  'call.accept': accept,
  'call.ringing': ringing,
  'call.reject': step(commandFrames['call.reject'], 'reject', (user, { reason }) => ({
    type: 'reject',
    by: user.userId,
    on: handsetOf(user),
    reason,
  })),
  'call.cancel': step(commandFrames['call.cancel'], 'cancel', (user) => ({ type: 'cancel', by: user.userId })),
  'call.leave': step(commandFrames['call.leave'], 'leave', (user) => ({
    type: 'leave',
    by: user.userId,
    on: handsetOf(user),
  })),
  'call.end': step(commandFrames['call.end'], 'end', (user) => ({ type: 'end', by: user.userId, on: handsetOf(user) })),
};
