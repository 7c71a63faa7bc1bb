import type { SocketIoDialect } from '#domain/dialect.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { type EpochMs, later, MINUTE_MS } from '#domain/time.ts';
import type { SocketMember, SocketSession } from '#ports/socket-sessions.ts';
import { connectionIdOf, PLACES } from '#wire/socket/namespaces.ts';
import { eventPacket } from '#wire/socket/packets.ts';
import { iceConfig } from '#wire/socket/video/encode.ts';
import type { SocketIoUseCases } from '../wiring/socketio-wiring.ts';

/** A user in a namespace, and since when: before its client was told, so that what it opens next is newer. */
export interface NewMember {
  readonly dialect: SocketIoDialect;
  readonly user: UserPrincipal;
  readonly connectedAt: EpochMs;
}

/** From now on a user is reachable by this connection, which hears what waits for it. */
export async function openMember(
  does: SocketIoUseCases,
  { sid }: SocketSession,
  { dialect, user, connectedAt }: NewMember,
): Promise<void> {
  const connectionId = connectionIdOf(sid, dialect);
  does.meter.record({ type: 'connection_opened', dialect });
  await does.openConnection({ connectionId, user, dialect, connectedAt });
  // The client may have gone meanwhile: whoever closed its session knew nothing of this connection.
  if (!(await does.sessions.find(sid))) await does.closeConnection({ ...user, connectionId });
}

/** A user's connection is gone. */
export async function closeMember(does: SocketIoUseCases, member: SocketMember | undefined): Promise<void> {
  const user = member?.user;
  if (user?.connectionId !== undefined) {
    await does.closeConnection({ ...user, connectionId: user.connectionId });
  }
}

/** Ends a session and with it every connection that it carries. */
export async function closeSession(does: SocketIoUseCases, session: SocketSession): Promise<void> {
  const { members } = await does.sessions.close(session);
  await Promise.all(Object.values(members).map((member) => closeMember(does, member)));
}

/** Fresh credentials come this long before the old ones expire. */
const ICE_MARGIN_MS = 5 * MINUTE_MS;

/** Sends the ICE servers of a user, and sees to it that they hear of fresh credentials in time. */
export async function sendIceConfig(does: SocketIoUseCases, sid: string, userId: string): Promise<void> {
  const servers = await does.iceServers(userId);
  await does.packets.post(sid, [eventPacket(PLACES.video.namespace, iceConfig(servers))]);
  if (!servers.some(({ credential }) => credential !== undefined)) return;
  const inMs = Math.max(does.iceTtlMs - ICE_MARGIN_MS, 0);
  await does.jobs.send([{ type: 'ice', sid, userId, at: later(does.clock(), inMs) }], inMs);
}
