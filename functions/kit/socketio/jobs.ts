import { SECOND_MS } from '#domain/time.ts';
import type { SocketJob } from '#ports/queues.ts';
import { log } from '../observe/log.ts';
import type { JobHandler } from '../queue/queue-handler.ts';
import type { SocketIoUseCases } from '../wiring/socketio-wiring.ts';
import { closeSession, sendIceConfig } from './member.ts';
import { CONNECT_MS } from './polling.ts';
import { forget, handshakePacket, ping, schedulePing } from './socket.ts';

/** The socket opens after `$connect` has answered, so its first packet may be too quick. It retries by itself after these waits. */
const WAITS_MS = [0, 25, 75, 200];
/** After those it goes back into the queue for this long. */
const AGAIN_MS = SECOND_MS;
const MAX_ATTEMPTS = 5;

/** Does what nobody asks for. */
export const workOnSocket =
  (use: () => SocketIoUseCases): JobHandler<SocketJob> =>
  async (job, { redelivered }) => {
    const does = use();
    switch (job.type) {
      case 'open':
        return open(does, job);
      case 'hello':
        return does.sayHello(job.hello, redelivered);
      case 'ping':
        return ping(does, job.sid, job.socket);
      case 'unconnected':
        return unlessConnected(does, job.sid);
      case 'unupgraded':
        return unlessUpgraded(does, job.sid);
      case 'ice':
        return renewIce(does, job);
    }
  };

async function open(does: SocketIoUseCases, job: Extract<SocketJob, { type: 'open' }>): Promise<void> {
  const { sid, attempt } = job;
  for (const ms of WAITS_MS) {
    if (ms > 0) await does.wait(ms);
    const delivery = await does.sockets.post(sid, handshakePacket(does, sid, []));
    if (delivery === 'sent') {
      await does.jobs.send([{ type: 'unconnected', sid }], CONNECT_MS);
      return schedulePing(does, sid, sid);
    }
  }
  if (attempt < MAX_ATTEMPTS) await does.jobs.send([{ ...job, attempt: attempt + 1 }], AGAIN_MS);
  else await forget(does, sid);
}

/** Closes a client that is in no namespace. */
async function unlessConnected(does: SocketIoUseCases, sid: string): Promise<void> {
  const session = await does.sessions.find(sid);
  if (!session || Object.keys(session.members).length > 0) return;
  log.warn('a client of Socket.IO was closed: it is in no namespace', { session_id: sid });
  await does.packets.close(sid);
  await closeSession(does, session);
}

/** Closes a client that still polls. */
async function unlessUpgraded(does: SocketIoUseCases, sid: string): Promise<void> {
  const session = await does.sessions.find(sid);
  if (!session || session.socket !== undefined) return;
  log.warn('a client of Socket.IO was closed: it has not upgraded to a WebSocket', { session_id: sid });
  await closeSession(does, session);
}

/** Sends fresh credentials once they are due, if the client is still there. */
async function renewIce(does: SocketIoUseCases, job: Extract<SocketJob, { type: 'ice' }>): Promise<void> {
  const early = job.at - does.clock();
  if (!(await does.sessions.find(job.sid))) return;
  // SQS delays a message by 15 minutes at most.
  if (early > 0) return does.jobs.send([job], Math.max(early, SECOND_MS));
  return sendIceConfig(does, job.sid, job.userId);
}
