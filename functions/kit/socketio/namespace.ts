import * as z from 'zod';
import { defined } from '#domain/defined.ts';
import type { SocketIoDialect } from '#domain/dialect.ts';
import { ServiceError, unauthenticated } from '#domain/errors.ts';
import { handsetOf, type Principal, type UserPrincipal } from '#domain/identity.ts';
import type { SocketMember, SocketSession } from '#ports/socket-sessions.ts';
import { connectionIdOf, dialectAt } from '#wire/socket/namespaces.ts';
import { connectErrorPacket, connectPacket } from '#wire/socket/packets.ts';
import { refusalOf } from '../entry/refusal.ts';
import { noteRefusal } from '../observe/note-refusal.ts';
import type { SocketIoUseCases } from '../wiring/socketio-wiring.ts';
import { closeMember, openMember } from './member.ts';

/** The dialects that have a login of their own, so that a client may connect without a token. */
const LOGS_IN_LATER: ReadonlySet<SocketIoDialect> = new Set(['video']);

const credentials = z.object({ token: z.string() });

/** Lets a client into a namespace, or tells it why not. It may try again. */
export async function connectNamespace(
  does: SocketIoUseCases,
  session: SocketSession,
  { namespace, auth }: { readonly namespace: string; readonly auth: unknown },
): Promise<void> {
  const { sid, path } = session;
  const dialect = dialectAt(path, namespace);
  if (dialect === undefined) {
    const why = { message: 'Invalid namespace', data: { code: 'not_found' } };
    await does.packets.post(sid, [connectErrorPacket(namespace, why)]);
    return;
  }
  const connectionId = connectionIdOf(sid, dialect);
  try {
    const bearer = await bearerOf(does, session, auth);
    if (!bearer && !LOGS_IN_LATER.has(dialect)) throw unauthenticated('missing');
    const member = memberFor(dialect, bearer && { ...bearer, connectionId });
    // Asked twice, it is let in once.
    const isNew = await does.sessions.join(sid, namespace, member);
    const connectedAt = does.clock();
    await does.packets.post(sid, [connectPacket(namespace, connectionId)]);
    if (isNew && member.user) await openMember(does, session, { dialect, user: member.user, connectedAt });
  } catch (error) {
    const { code, message, reason } = refusalOf(error);
    does.meter.record({ type: 'frame_refused', dialect, code });
    await does.packets.post(sid, [connectErrorPacket(namespace, { message, data: { code, ...defined({ reason }) } })]);
  }
}

const memberFor = (dialect: SocketIoDialect, bearer: UserPrincipal | undefined): SocketMember => {
  if (!bearer) return {};
  return LOGS_IN_LATER.has(dialect) ? { bearer } : { user: bearer };
};

/** Whom the token of a client speaks for: the one that it connects with, or else the one of its handshake. */
async function bearerOf(
  { verifier }: SocketIoUseCases,
  { bearer, hardwareId, sessionId }: SocketSession,
  auth: unknown,
): Promise<UserPrincipal | undefined> {
  const sent = credentials.safeParse(auth);
  const verified = sent.success ? await verifier.verify(sent.data.token) : bearer;
  if (!verified) return undefined;
  if (verified.kind === 'refused') {
    const refusal = unauthenticated(verified.reason);
    noteRefusal(refusal, { userId: verified.userId, operation: 'connect' });
    throw refusal;
  }
  const { principal } = verified;
  return { ...userOf(principal), ...handsetOf(principal, hardwareId), ...defined({ sessionId }) };
}

function userOf(principal: Principal): UserPrincipal {
  const { userId } = principal;
  if (userId === undefined) throw new ServiceError('not_allowed', 'this token names no user');
  return { ...principal, userId };
}

/** Takes a client out of a namespace that it leaves. Its socket may close at the same moment. */
export async function leaveNamespace(does: SocketIoUseCases, session: SocketSession, namespace: string): Promise<void> {
  if (await does.sessions.part(session.sid, namespace)) await closeMember(does, session.members[namespace]);
}
