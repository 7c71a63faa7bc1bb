import { createHash } from 'node:crypto';
import { defined } from '#domain/defined.ts';
import { ServiceError, unauthenticated } from '#domain/errors.ts';
import { handsetOf, type UserPrincipal } from '#domain/identity.ts';
import type { EpochMs } from '#domain/time.ts';
import type { SocketMember, SocketSession } from '#ports/socket-sessions.ts';
import { connectionIdOf, dialectAt } from '#wire/socket/namespaces.ts';
import {
  ackPacket,
  connectErrorPacket,
  disconnectPacket,
  eventPacket,
  type SocketPacket,
  socketPacketOf,
} from '#wire/socket/packets.ts';
import { join } from '#wire/socket/video/decode.ts';
import { parsed } from '../entry/parsed.ts';
import { type Refusal, refusalOf } from '../entry/refusal.ts';
import { asName, noteRefusal } from '../observe/note-refusal.ts';
import type { SocketIoUseCases } from '../wiring/socketio-wiring.ts';
import { commandOf, runCommand } from './commands.ts';
import { openMember, sendIceConfig } from './member.ts';
import { connectNamespace, leaveNamespace } from './namespace.ts';

/** The longest message, in bytes, whatever carries it: what fits one frame. */
export const MAX_MESSAGE_BYTES = 32 * 1024;

type Event = Extract<SocketPacket, { type: 'event' }>;

/** Takes one message of a client, which arrived `at`. What is wrong with it, the client is told where it looks. */
export async function takeMessage(
  does: SocketIoUseCases,
  session: SocketSession,
  data: unknown,
  at: EpochMs,
): Promise<void> {
  const packet = socketPacketOf(data);
  const dialect = dialectAt(session.path, packet.namespace);
  if (dialect !== undefined) does.meter.record({ type: 'frame_received', dialect });
  try {
    if (typeof data === 'string' && Buffer.byteLength(data) > MAX_MESSAGE_BYTES) {
      throw new ServiceError('payload_too_large', 'a message is at most 32 KiB');
    }
    await takePacket(does, session, packet, at);
  } catch (error) {
    await complain(does, session, packet, error);
  }
}

async function takePacket(
  does: SocketIoUseCases,
  session: SocketSession,
  packet: SocketPacket,
  at: EpochMs,
): Promise<void> {
  switch (packet.type) {
    case 'connect':
      return connectNamespace(does, session, packet);
    case 'disconnect':
      return leaveNamespace(does, session, packet.namespace);
    case 'event':
      return takeEvent(does, session, packet, at);
    case 'binary':
    case 'attachment':
      throw new ServiceError('validation_failed', 'binary data is not accepted');
    case 'malformed':
      throw new ServiceError('invalid_json', 'this is not a Socket.IO packet');
    case 'unasked':
      return undefined;
  }
}

async function takeEvent(does: SocketIoUseCases, session: SocketSession, event: Event, at: EpochMs): Promise<void> {
  const { namespace, name, args } = event;
  const member = session.members[namespace];
  const dialect = dialectAt(session.path, namespace);
  if (!member || dialect === undefined) throw new ServiceError('unauthenticated', 'connect to this namespace first');
  const { sid } = session;
  const isLogin = dialect === 'video' && name === 'join';
  if (isLogin) return logIn(does, session, event, member);
  const joined = member.user ?? (await joining(does, sid, namespace));
  if (!joined) throw new ServiceError('unauthenticated', 'join first');
  const user = { ...joined, connectionId: connectionIdOf(sid, dialect) };
  const callId = await runCommand(does, commandOf(dialect, name, args), { user, at });
  await acknowledge(does, session, event, { ok: true, ...defined({ callId }) });
}

/** An event may overtake the login that its client sent before it: API Gateway runs the frames of a socket side by side. */
async function joining(
  { sessions, wait }: SocketIoUseCases,
  sid: string,
  namespace: string,
): Promise<UserPrincipal | undefined> {
  for (const ms of JOINING_WAITS_MS) {
    await wait(ms);
    const user = (await sessions.find(sid))?.members[namespace]?.user;
    if (user) return user;
  }
  return undefined;
}

const JOINING_WAITS_MS = [50, 100, 200, 400];

const acknowledge = async (
  { packets }: SocketIoUseCases,
  { sid }: SocketSession,
  { namespace, ack }: Pick<Event, 'namespace' | 'ack'>,
  answer: object,
): Promise<void> => {
  if (ack !== undefined) await packets.post(sid, [ackPacket(namespace, ack, answer)]);
};

/** The login of the dialect `video`. One that is refused ends the client's stay, so that it does not come back by itself. */
async function logIn(
  does: SocketIoUseCases,
  session: SocketSession,
  event: Event,
  member: SocketMember,
): Promise<void> {
  const { sid } = session;
  const { namespace } = event;
  try {
    const user = userWho(does, session, event.args, member);
    const isNew = await does.sessions.login(sid, namespace, user);
    const connectedAt = does.clock();
    // Before anything else: the connection is not known to anybody yet.
    await sendIceConfig(does, sid, user.userId);
    if (isNew) await openMember(does, session, { dialect: 'video', user, connectedAt });
    await acknowledge(does, session, event, { ok: true });
  } catch (error) {
    await complain(does, session, event, error);
    if (!(error instanceof ServiceError) || !ENDS_STAY.has(error.code)) return;
    await does.packets.post(sid, [disconnectPacket(namespace)]);
    await leaveNamespace(does, session, namespace);
  }
}

const ENDS_STAY: ReadonlySet<ServiceError['code']> = new Set(['not_allowed', 'unauthenticated']);

/** Who joins: the user of the token; without one, where anybody may have a token for anybody, whoever they say they are. */
function userWho(
  { openMint, clock }: SocketIoUseCases,
  { sid, hardwareId, sessionId }: SocketSession,
  args: readonly unknown[],
  { user, bearer = user }: SocketMember,
): UserPrincipal {
  const userId = parsed(join, args[0]);
  if (bearer) {
    if (bearer.userId !== userId) throw new ServiceError('not_allowed', 'this token is for another user');
    return bearer;
  }
  if (!openMint) throw unauthenticated('missing');
  const tokenFingerprint = createHash('sha256').update(sid).digest('base64url');
  const claimed: UserPrincipal = {
    userId,
    kind: 'login',
    issuedAt: clock(),
    tokenFingerprint,
    ...defined({ sessionId }),
  };
  return { ...claimed, ...handsetOf(claimed, hardwareId), connectionId: connectionIdOf(sid, 'video') };
}

/** Tells a client what was wrong: as an `error` event and in the acknowledgement; outside of a namespace, as a refusal to be let in. */
export async function complain(
  does: SocketIoUseCases,
  session: SocketSession,
  about: { readonly namespace: string; readonly ack?: number | undefined; readonly name?: string },
  error: unknown,
): Promise<void> {
  const { namespace } = about;
  const { user, bearer = user } = session.members[namespace] ?? {};
  noteRefusal(error, { userId: bearer?.userId, operation: asName(about.name) });
  const refusal = refusalOf(error);
  const dialect = dialectAt(session.path, namespace);
  if (dialect !== undefined) does.meter.record({ type: 'frame_refused', dialect, code: refusal.code });
  if (refusal.code === 'internal') does.meter.record({ type: 'internal_error' });
  if (!session.members[namespace]) {
    const why = { message: refusal.message, data: toldOf(refusal) };
    await does.packets.post(session.sid, [connectErrorPacket(namespace, why)]);
    return;
  }
  await does.packets.post(session.sid, [eventPacket(namespace, ['error', toldOf(refusal)])]);
  await acknowledge(does, session, about, { ok: false, error: toldOf(refusal) });
}

const toldOf = ({ code, message, errors, requestId, retryAfterS }: Refusal): object => ({
  code,
  message,
  ...defined({ errors, request_id: requestId, retry_after_s: retryAfterS }),
});
