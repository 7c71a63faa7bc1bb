import { randomUUID } from 'node:crypto';
import type { EpochMs } from '#domain/time.ts';
import { later, SECOND_MS } from '#domain/time.ts';
import type { SocketSession } from '#ports/socket-sessions.ts';
import { polledSid } from '#wire/socket/namespaces.ts';
import { closePacket, enginePacketsOf, noopPacket, payloadOf } from '#wire/socket/packets.ts';
import type { Reply } from '../http/reply.ts';
import { json } from '../http/reply.ts';
import type { SocketIoUseCases } from '../wiring/socketio-wiring.ts';
import { ENGINE_ERRORS, type EngineError } from './handshake.ts';
import { closeSession } from './member.ts';
import { takeMessage } from './message.ts';
import { handshakePacket, type Opening, openSession } from './socket.ts';

/** How long a poll waits for packets. There is no long polling: clients go on with a WebSocket. */
const POLL_MS = 5 * SECOND_MS;
/** Once the client tries its WebSocket, its poll only has to end. */
const PROBED_POLL_MS = 200;
const LOOK_AGAIN_MS = 100;

/** A client has this long to be in a namespace. */
export const CONNECT_MS = 10 * SECOND_MS;
/** A client that begins by polling has this long to go on with a WebSocket. */
export const UPGRADE_MS = 20 * SECOND_MS;

/** A request body may not be longer, in bytes. */
const MAX_BODY_BYTES = 64 * 1024;

/** More packets than a client has to say in one request of 32 KiB. */
const MAX_PACKETS = 100;

/** One request of a client that polls. */
export interface PollingRequest extends Opening {
  readonly method: string;
  readonly body: string;
  readonly at: EpochMs;
}

const text = (body: string): Reply => ({
  statusCode: 200,
  headers: { 'content-type': 'text/plain; charset=UTF-8', 'cache-control': 'no-store' },
  body,
});

/** An error of Engine.IO as its clients expect it. */
export const engineRefusal = (error: EngineError): Reply => json(400, error);

/** Serves one request of a client that polls: its handshake, the packets that it sends, and those that wait for it. */
export async function servePolling(does: SocketIoUseCases, request: PollingRequest): Promise<Reply> {
  const { sid } = request.handshake;
  if (sid === undefined) {
    return request.method === 'GET' ? begin(does, request) : engineRefusal(ENGINE_ERRORS.badMethod);
  }
  const session = await does.sessions.find(sid);
  if (!session?.isPolled || session.path !== request.path) return engineRefusal(ENGINE_ERRORS.unknownSession);
  if (session.socket !== undefined) return engineRefusal(ENGINE_ERRORS.badRequest);
  if (request.method === 'GET') return poll(does, session);
  return request.method === 'POST' ? take(does, session, request) : engineRefusal(ENGINE_ERRORS.badMethod);
}

async function begin(does: SocketIoUseCases, request: PollingRequest): Promise<Reply> {
  const sid = polledSid(randomUUID());
  await openSession(does, request, { sid, isPolled: true });
  await Promise.all([
    does.jobs.send([{ type: 'unconnected', sid }], CONNECT_MS),
    does.jobs.send([{ type: 'unupgraded', sid }], UPGRADE_MS),
  ]);
  return text(handshakePacket(does, sid, ['websocket']));
}

async function poll(does: SocketIoUseCases, { sid }: SocketSession): Promise<Reply> {
  const { sessions, clock, wait } = does;
  const startedAt = clock();
  for (;;) {
    const session = await sessions.find(sid);
    if (!session) return text(closePacket());
    if (session.hasPackets) {
      const packets = await sessions.take(sid);
      if (packets.length > 0) return text(payloadOf(packets));
    }
    const patience = session.isProbed ? PROBED_POLL_MS : POLL_MS;
    if (clock() >= later(startedAt, patience)) return text(noopPacket());
    await wait(LOOK_AGAIN_MS);
  }
}

async function take(does: SocketIoUseCases, session: SocketSession, { body, at }: PollingRequest): Promise<Reply> {
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) return { statusCode: 413, body: '' };
  const packets = enginePacketsOf(body);
  if (packets.length > MAX_PACKETS) return { statusCode: 413, body: '' };
  if (packets.some(({ type }) => type === 'error')) return engineRefusal(ENGINE_ERRORS.badRequest);
  let now = session;
  const running: Promise<void>[] = [];
  for (const { type, data } of packets) {
    if (type === 'close') {
      await closeSession(does, now);
      break;
    }
    if (type !== 'message') continue;
    const taken = takeMessage(does, now, data, at);
    if (isEvent(data)) {
      running.push(taken);
      continue;
    }
    await taken;
    // Whoever is let in by one packet may act by the next.
    now = (await does.sessions.find(session.sid)) ?? session;
  }
  await Promise.all(running);
  return { statusCode: 200, headers: { 'content-type': 'text/html', 'cache-control': 'no-store' }, body: 'ok' };
}

/** Whether a message is an event: several run side by side, as the frames of a WebSocket do. */
const isEvent = (data: unknown): boolean => typeof data === 'string' && data.startsWith('2');
