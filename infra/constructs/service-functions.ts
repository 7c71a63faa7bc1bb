import { readFileSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { z } from 'zod';
import type {
  commandEnv,
  connectionEnv,
  deadlineEnv,
  EnvOf,
  httpEnv,
  ringEnv,
  roomEnv,
  signalEnv,
  socketIoEnv,
} from '#kit/wiring/config.ts';
import type { StateStack } from '../stacks/state-stack.ts';
import type { Stage } from '../stage.ts';
import { ServiceFunction } from './service-function.ts';
import type { WebSocketApi } from './websocket-api.ts';
import type { WorkQueues } from './work-queues.ts';

/** The functions, by their ids in the stack. */
export const FUNCTIONS = [
  'Http',
  'Connection',
  'Command',
  'Signal',
  'SocketIo',
  'Room',
  'RingWorker',
  'DeadlineWorker',
] as const;

export type FunctionName = (typeof FUNCTIONS)[number];

export type ServiceFunctions = Readonly<Record<FunctionName, ServiceFunction>>;

export interface ServiceFunctionsProps {
  readonly stage: Stage;
  readonly state: StateStack;
  readonly queues: WorkQueues;
  /** The queue of webhooks. Absent if the stage has no events. */
  readonly webhooks: IQueue | undefined;
  readonly sockets: WebSocketApi;
  readonly socketIo: WebSocketApi;
  /** The WebSocket API of rooms. */
  readonly rooms: WebSocketApi;
}

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));

/** Adds the functions, each with the environment that its schema asks for. */
export function addServiceFunctions(
  scope: Construct,
  { stage, state: { table, secrets, edgeSecret }, queues, webhooks, sockets, socketIo, rooms }: ServiceFunctionsProps,
): ServiceFunctions {
  const common = {
    STAGE: stage.name,
    TABLE_NAME: table.tableName,
    CONNECTIONS_URL: sockets.stage.callbackUrl,
    SOCKETIO_URL: socketIo.stage.callbackUrl,
    BUSY: stage.busy,
    RETENTION_DAYS: String(stage.retentionDays),
    MAX_DURATION_S: String(stage.maxDurationS),
    VANISH_GRACE_S: String(stage.vanishGraceS),
    ANSWER_GRACE_S: String(stage.answerGraceS),
    RING_RATE: stage.ringRate === 'off' ? 'off' : JSON.stringify(stage.ringRate),
    WHO_MAY_RING: stage.whoMayRing,
    DEADLINE_QUEUE_URL: queues.deadlines.queue.queueUrl,
  };
  const hook = secrets.ringHook && { RING_HOOK_SECRET: secrets.ringHook.secretArn };
  const ring = { RING_QUEUE_URL: queues.rings.queue.queueUrl };
  const room = { ROOM_QUEUE_URL: queues.rooms.queue.queueUrl };
  const hello = { HELLO_QUEUE_URL: queues.hellos.queue.queueUrl };
  const tokens = { TOKEN_KEYS_SECRET: secrets.tokenKeys.secretArn };
  const identity = { ...tokens, ISSUERS: JSON.stringify(stage.issuers), PRIVATE_NETWORKS: '' };
  const ice = { TURN_SECRET: secrets.turn.secretArn, STUN_URLS: stage.stunUrls.join(','), TURN_TTL_S: '3600' };
  const push = {
    PUSH_PROVIDERS_SECRET: secrets.pushProviders.secretArn,
    WEB_PUSH_HOSTS: stage.webPushHosts.join(','),
  };
  // API Gateway closes a WebSocket that is quiet for ten minutes, and so does CloudFront.
  const quiet = { SOCKET_IDLE_S: '600' };
  const keepAlive = { KEEP_ALIVE_S: String(stage.keepAliveS) };
  const edge = edgeSecret && { EDGE_SECRETS: edgeSecret.accepted };
  const usual = { timeout: Duration.seconds(10), logRetention: stage.logRetentionDays, tracing: stage.tracing };
  return {
    Http: new ServiceFunction<EnvOf<typeof httpEnv>>(scope, 'Http', {
      ...usual,
      entry: 'functions/http/index.ts',
      files: ['docs/protocol/openapi.json', 'docs/protocol/asyncapi.json'],
      description: 'REST',
      env: {
        ...common,
        ...edge,
        ...ring,
        ...hook,
        ...identity,
        ...ice,
        ...push,
        ...room,
        ...(webhooks && { WEBHOOK_QUEUE_URL: webhooks.queueUrl }),
        MEDIA_PROVIDERS_SECRET: secrets.mediaProviders.secretArn,
        OPEN_MINT: 'false',
        WEBSOCKET_URL: sockets.stage.url,
        VERSION: version,
      },
      memoryMb: 1024,
    }),
    Connection: new ServiceFunction<EnvOf<typeof connectionEnv>>(scope, 'Connection', {
      ...usual,
      entry: 'functions/websocket/connection.ts',
      description: 'Authorizer, $connect, $disconnect and hello of a WebSocket',
      env: { ...common, ...edge, ...identity, ...ice, ...hello, ...room },
    }),
    Command: new ServiceFunction<EnvOf<typeof commandEnv>>(scope, 'Command', {
      ...usual,
      entry: 'functions/websocket/command.ts',
      description: 'Call commands over the WebSocket',
      env: { ...common, ...ring, ...hook, ...tokens, PRIVATE_NETWORKS: '' },
      memoryMb: 1024,
    }),
    Signal: new ServiceFunction<EnvOf<typeof signalEnv>>(scope, 'Signal', {
      ...usual,
      entry: 'functions/websocket/signal.ts',
      description: 'Relay of SDP and ICE',
      env: common,
    }),
    SocketIo: new ServiceFunction<EnvOf<typeof socketIoEnv>>(scope, 'SocketIo', {
      ...usual,
      entry: 'functions/websocket/socketio.ts',
      description: 'Clients of Socket.IO',
      env: {
        ...common,
        ...edge,
        ...ring,
        ...hook,
        ...identity,
        ...ice,
        ...quiet,
        ...room,
        SOCKETIO_QUEUE_URL: queues.socketIo.queue.queueUrl,
        OPEN_MINT: 'false',
      },
      // Each ping of a client puts the next one into the queue: a loop that ends with the client.
      recurses: true,
    }),
    Room: new ServiceFunction<EnvOf<typeof roomEnv>>(scope, 'Room', {
      ...usual,
      entry: 'functions/websocket/room.ts',
      description: 'Rooms: their WebSocket, and what they do later',
      env: {
        STAGE: stage.name,
        TABLE_NAME: table.tableName,
        CONNECTIONS_URL: rooms.stage.callbackUrl,
        ...identity,
        ...edge,
        ...room,
        ...hello,
        ...keepAlive,
      },
      // The message that keeps a room alive sends itself again.
      recurses: true,
    }),
    RingWorker: new ServiceFunction<EnvOf<typeof ringEnv>>(scope, 'RingWorker', {
      ...usual,
      entry: 'functions/queue/ring.ts',
      description: 'Pushes to phones',
      env: { ...common, ...ring, ...tokens, ...push },
      timeout: Duration.seconds(6),
      memoryMb: 1024,
    }),
    DeadlineWorker: new ServiceFunction<EnvOf<typeof deadlineEnv>>(scope, 'DeadlineWorker', {
      ...usual,
      entry: 'functions/queue/deadline.ts',
      description: 'Ring deadlines and vanish graces',
      env: { ...common, ...ring, ...room },
    }),
  };
}
