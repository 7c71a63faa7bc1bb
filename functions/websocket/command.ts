import type { CallAction } from '#domain/access.ts';
import { handsetOf, type User } from '#domain/caller.ts';
import type { Command as CallCommand } from '#domain/decide.ts';
import { parsed } from '#kit/problem.ts';
import { type Answer, type Command, frameHandler } from '#kit/websocket.ts';
import { commandUseCases } from '#kit/wiring.ts';
import { signalBody } from '#wire/signal-body.ts';
import { callResource } from '#wire/views.ts';
import { commandFrames } from '#wire/websocket.ts';

/** The `call.*` commands, and every frame that is none. */
export const handler = frameHandler(
  () => commandUseCases().deps.peers,
  () => commands,
);

const ring: Command = async (frame, user) => {
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
  const ringMs = settings_override?.ring?.auto_cancel_timeout_ms;
  const { call } = await commandUseCases().createCall({
    cid: `${call_type}:${call_id}`,
    user,
    ring: true,
    video,
    custom,
    ...(members && { members: members.map(({ user_id, role }) => ({ userId: user_id, ...(role && { role }) })) }),
    ...(ringMs !== undefined && { ringMs }),
    ...(offer && { offer }),
  });
  return callResource(call, user);
};

const accept: Command = async (frame, user) => {
  const { call_cid: cid, answer } = parsed(commandFrames['call.accept'], frame);
  if (answer) signalBody(answer);
  const { call, callToken } = await commandUseCases().acceptCall({ cid, user, ...(answer && { answer }) });
  return { ...callResource(call, user), ...(callToken !== undefined && { call_token: callToken }) };
};

const ringing: Command = async (frame, user) => {
  const { call_cid: cid } = parsed(commandFrames['call.ringing'], frame);
  return callResource(await commandUseCases().reportRinging(cid, user), user);
};

/** A command that is one step of the call. */
const step =
  (
    type: 'call.reject' | 'call.cancel' | 'call.leave' | 'call.end',
    action: CallAction,
    command: (frame: unknown, user: User) => CallCommand,
  ): Command =>
  async (frame, user): Promise<Answer> => {
    const { call_cid: cid } = parsed(commandFrames[type], frame);
    return callResource(
      await commandUseCases().changeCall({ cid, user, action, command: () => command(frame, user) }),
      user,
    );
  };

const commands: Readonly<Record<keyof typeof commandFrames, Command>> = {
  'call.ring': ring,
  'call.accept': accept,
  'call.ringing': ringing,
  'call.reject': step('call.reject', 'reject', (frame, user) => {
    const { reason } = parsed(commandFrames['call.reject'], frame);
    return { type: 'reject', by: user.userId, on: handsetOf(user), reason };
  }),
  'call.cancel': step('call.cancel', 'cancel', (_, user) => ({ type: 'cancel', by: user.userId })),
  'call.leave': step('call.leave', 'leave', (_, user) => ({ type: 'leave', by: user.userId, on: handsetOf(user) })),
  'call.end': step('call.end', 'end', (_, user) => ({ type: 'end', by: user.userId, on: handsetOf(user) })),
};
