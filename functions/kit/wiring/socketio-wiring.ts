import { socketIoPackets } from '#adapters/apigateway/socket-io-link.ts';
import { dynamoShownCalls } from '#adapters/dynamodb/shown-calls.ts';
import { sqsQueue } from '#adapters/sqs/queue.ts';
import { once } from '#domain/once.ts';
import { SECOND_MS } from '#domain/time.ts';
import type { HelloJob, Queue, RoomJob, SocketJob } from '#ports/queues.ts';
import { closeConnection } from '#usecases/connections/close-connection.ts';
import { openConnection } from '#usecases/connections/open-connection.ts';
import { sayHello } from '#usecases/connections/say-hello.ts';
import { answerPerson } from '#usecases/pairs/answer-person.ts';
import { endCall } from '#usecases/pairs/end-call.ts';
import { rejectPerson } from '#usecases/pairs/reject-person.ts';
import { ringPerson } from '#usecases/pairs/ring-person.ts';
import { signalPerson } from '#usecases/pairs/signal-person.ts';
import { edgeGate } from '../entry/edge-gate.ts';
import { readEnv } from '../entry/env.ts';
import { described, log } from '../observe/log.ts';
import { meter } from '../observe/meter.ts';
import { socketIoEnv } from './config.ts';
import { callCommands, clock, iceServers, mintOf, pause, verifierOf } from './wiring.ts';

/** How much of the time for which API Gateway lets a quiet socket live passes before it is pinged, and how long a client waits beyond that. */
const PING_AFTER = 0.8;
const PATIENCE = 0.2;

export type SocketIoUseCases = ReturnType<typeof socketIoUseCases>;

/** What the function for clients of Socket.IO does. */
export const socketIoUseCases = /* @__PURE__ */ once(() => {
  const env = readEnv(socketIoEnv);
  const { deps: base } = callCommands(env, mintOf(env));
  const socketIo = base.socketIo();
  const jobs = sqsQueue<SocketJob>(base.sqs, env.SOCKETIO_QUEUE_URL);
  const servers = iceServers(env);
  const helloJobs: Queue<HelloJob> = {
    send: (hellos, delayMs) =>
      jobs.send(
        hellos.map((hello) => ({ type: 'hello', hello })),
        delayMs,
      ),
  };
  const deps = {
    ...base,
    shownCalls: dynamoShownCalls(base.table),
    helloJobs,
    roomJobs: sqsQueue<RoomJob>(base.sqs, env.ROOM_QUEUE_URL),
    iceServers: servers,
    maxDurationMs: env.MAX_DURATION_S * SECOND_MS,
  };
  const hello = sayHello(deps);
  /** The socket is open already: its hello needs no queue, unless it fails. */
  const atOnce: Queue<HelloJob> = {
    async send(hellos) {
      for (const job of hellos) {
        await hello(job, false).catch(async (error: unknown) => {
          log.error('a hello failed', { error: described(error) });
          await helloJobs.send([{ ...job, attempt: job.attempt + 1 }], SECOND_MS);
        });
      }
    },
  };
  const idleMs = env.SOCKET_IDLE_S * SECOND_MS;
  return {
    clock,
    meter,
    wait: pause,
    jobs,
    verifier: verifierOf(env, deps),
    cameThroughEdge: edgeGate(env.EDGE_SECRETS),
    openMint: env.OPEN_MINT === 'true',
    keepAlive: { pingInterval: idleMs * PING_AFTER, pingTimeout: idleMs * PATIENCE },
    ...socketIo,
    packets: socketIoPackets(socketIo),
    iceServers: servers,
    iceTtlMs: env.TURN_TTL_S * SECOND_MS,
    sayHello: hello,
    openConnection: openConnection({ ...deps, helloJobs: atOnce }),
    closeConnection: closeConnection(deps),
    ringPerson: ringPerson(deps),
    answerPerson: answerPerson(deps),
    rejectPerson: rejectPerson(deps),
    endCall: endCall(deps),
    signalPerson: signalPerson(deps),
  };
});
