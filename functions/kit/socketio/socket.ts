import { defined } from '#domain/defined.ts';
import { ServiceError } from '#domain/errors.ts';
import type { EpochMs } from '#domain/time.ts';
import type { SocketPath, SocketSession } from '#ports/socket-sessions.ts';
import type { VerifiedToken } from '#ports/tokens.ts';
import { type EnginePacket, enginePacketOf, openPacket, pingPacket, pongPacket } from '#wire/socket/packets.ts';
import type { SocketIoUseCases } from '../wiring/socketio-wiring.ts';
import { ENGINE_ERRORS, type EngineError, type Handshake } from './handshake.ts';
import { closeSession } from './member.ts';
import { complain, MAX_MESSAGE_BYTES, takeMessage } from './message.ts';

/** What a session is opened with. */
export interface Opening {
  readonly path: SocketPath;
  readonly handshake: Handshake;
  /** The token in the query or in a header. */
  readonly token: string | undefined;
}

/** Remembers a new session. */
export async function openSession(
  { sessions, verifier, clock }: SocketIoUseCases,
  { path, handshake, token }: Opening,
  { sid, isPolled }: Pick<SocketSession, 'sid' | 'isPolled'>,
): Promise<void> {
  const bearer: VerifiedToken | undefined = token === undefined ? undefined : await verifier.verify(token);
  const { hardware_id: hardwareId, session_id: sessionId } = handshake;
  await sessions.open({
    sid,
    path,
    isPolled,
    openedAt: clock(),
    ...(!isPolled && { socket: sid }),
    ...defined({ hardwareId, sessionId, bearer }),
  });
}

/** The first packet of a session: how its client is to keep it. */
export const handshakePacket = ({ keepAlive }: SocketIoUseCases, sid: string, upgrades: readonly string[]): string =>
  openPacket({ sid, upgrades, ...keepAlive, maxPayload: MAX_MESSAGE_BYTES });

/** A WebSocket is about to open: for a session of its own, or for one that began by polling. */
export async function openSocket(
  does: SocketIoUseCases,
  opening: Opening,
  socket: string,
): Promise<EngineError | undefined> {
  const { sid } = opening.handshake;
  if (sid !== undefined) {
    const session = await does.sessions.find(sid);
    if (!session?.isPolled || session.socket !== undefined || session.path !== opening.path) {
      return ENGINE_ERRORS.unknownSession;
    }
    await does.sessions.attach(socket, sid);
    return undefined;
  }
  await openSession(does, opening, { sid: socket, isPolled: false });
  await does.jobs.send([{ type: 'open', sid: socket, attempt: 0 }]);
  return undefined;
}

/** Takes a frame of a WebSocket, which arrived `at`. */
export async function takeFrame(does: SocketIoUseCases, socket: string, text: string, at: EpochMs): Promise<void> {
  const packet = enginePacketOf(text);
  // An answer to a ping keeps the socket by itself.
  if (packet.type === 'pong') return;
  const session = await does.sessions.ofSocket(socket);
  if (!session) return does.sockets.close(socket);
  if (session.socket !== socket) {
    // It began by polling and upgrades.
    if (packet.type === 'ping') return probe(does, session, socket, packet);
    if (packet.type === 'upgrade') return upgrade(does, session, socket);
  }
  // What follows the upgrade may overtake it: API Gateway runs the frames of a socket side by side.
  return takePacket(does, session, packet, at);
}

async function takePacket(
  does: SocketIoUseCases,
  session: SocketSession,
  packet: EnginePacket,
  at: EpochMs,
): Promise<void> {
  switch (packet.type) {
    case 'message':
      return takeMessage(does, session, packet.data, at);
    case 'close':
      await closeSession(does, session);
      return does.packets.close(session.sid);
    case 'error':
      return complain(
        does,
        session,
        { namespace: '/' },
        new ServiceError('invalid_json', 'this is not an Engine.IO packet'),
      );
    case 'ping':
    case 'pong':
    case 'open':
    case 'upgrade':
    case 'noop':
      return undefined;
  }
}

/** A client that polls tries its WebSocket: its poll is answered at once, so that it can go on here. */
async function probe(
  { sessions, sockets }: SocketIoUseCases,
  { sid }: SocketSession,
  socket: string,
  { data }: EnginePacket,
): Promise<void> {
  await sessions.probe(sid);
  await sockets.post(socket, pongPacket(data));
}

/** The packets of one client come no faster than it can be told. */
const MAX_ROUNDS = 50;

/** From now on the WebSocket carries the session. What still waits for a poll comes first. */
async function upgrade(does: SocketIoUseCases, { sid, openedAt }: SocketSession, socket: string): Promise<void> {
  const { sessions, sockets, clock } = does;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    for (const packet of await sessions.take(sid)) await sockets.post(socket, packet);
    if (await sessions.upgrade(sid, socket)) break;
  }
  // The client counts from its handshake.
  await schedulePing(does, sid, socket, clock() - openedAt);
}

/** Sees to it that a client is pinged in time, `sinceMs` after its last ping. */
export const schedulePing = (
  { jobs, keepAlive }: SocketIoUseCases,
  sid: string,
  socket: string,
  sinceMs = 0,
): Promise<void> => jobs.send([{ type: 'ping', sid, socket }], Math.max(keepAlive.pingInterval - sinceMs, 0));

/** Pings a client. One that is gone is forgotten. */
export async function ping(does: SocketIoUseCases, sid: string, socket: string): Promise<void> {
  const delivery = await does.sockets.post(socket, pingPacket());
  if (delivery === 'gone') return forget(does, sid);
  await schedulePing(does, sid, socket);
}

/** Ends the session of a client that cannot be reached. */
export async function forget(does: SocketIoUseCases, sid: string): Promise<void> {
  const session = await does.sessions.find(sid);
  if (session) await closeSession(does, session);
}

/** A WebSocket has closed: its session is over, unless its client still polls. */
export async function closeSocket(does: SocketIoUseCases, socket: string): Promise<void> {
  const session = await does.sessions.ofSocket(socket);
  if (session?.socket === socket) await closeSession(does, session);
  if (session?.sid !== socket) await does.sessions.detach(socket);
}
