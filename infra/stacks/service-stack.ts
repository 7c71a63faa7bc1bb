import { readFileSync } from 'node:fs';
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { z } from 'zod';
import type { commandEnv, connectionEnv, deadlineEnv, EnvOf, httpEnv, ringEnv, signalEnv } from '#kit/wiring/config.ts';
import { Alarms } from '../constructs/alarms.ts';
import { watchApis } from '../constructs/api-alarms.ts';
import { Dashboard } from '../constructs/dashboard.ts';
import { watchFunctions } from '../constructs/function-alarms.ts';
import { GatewayLogRole } from '../constructs/gateway-log-role.ts';
import { HttpApi } from '../constructs/http-api.ts';
import { watchPushes } from '../constructs/push-alarms.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { Watched } from '../constructs/watched.ts';
import { WebSocketApi } from '../constructs/websocket-api.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import type { Stage } from '../stage.ts';
import type { StateStack } from './state-stack.ts';

export interface ServiceStackProps extends StackProps {
  readonly stage: Stage;
  readonly state: StateStack;
}

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const WRITE = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
const READ_SECRET = ['secretsmanager:GetSecretValue'];
const SEND = ['sqs:SendMessage'];

/** Functions, queues and APIs: everything that can be thrown away and deployed anew. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { stage, state, ...props }: ServiceStackProps) {
    super(scope, id, { description: 'Carillon: functions, queues and APIs', ...props });
    const { table, secrets } = state;
    const logRetention = stage.logRetentionDays;
    const alarms = new Alarms(this, 'Alarms', { email: stage.alarmEmail });
    const sockets = new WebSocketApi(this, 'WebSocket', { logRetention });

    // A ring must not wait for AWS's advised six time-outs when its function crashed: seconds are all it has.
    const rings = new WorkQueue(this, 'Ring', {
      alarms,
      visibility: Duration.seconds(7),
      // No phone waits for the push of another.
      batchSize: 1,
      dead: { severity: 'page', impact: 'Some phone was not rung, or not silenced.', runbook: 'ring-dead-letters' },
    });
    const deadlines = new WorkQueue(this, 'Deadline', {
      alarms,
      visibility: Duration.seconds(11),
      batchSize: 10,
      dead: { severity: 'ticket', impact: 'A ring was not ended on time.', runbook: 'deadline-dead-letters' },
    });
    const hellos = new WorkQueue(this, 'Hello', {
      alarms,
      visibility: Duration.seconds(11),
      batchSize: 1,
      dead: { severity: 'page', impact: 'Some phone connected and was told nothing.', runbook: 'hello-dead-letters' },
    });

    const common = {
      STAGE: stage.name,
      TABLE_NAME: table.tableName,
      CONNECTIONS_URL: sockets.stage.callbackUrl,
      BUSY: stage.busy,
      RETENTION_DAYS: String(stage.retentionDays),
      MAX_DURATION_S: String(stage.maxDurationS),
      VANISH_GRACE_S: String(stage.vanishGraceS),
      ANSWER_GRACE_S: String(stage.answerGraceS),
    };
    const TOKEN_KEYS_SECRET = secrets.tokenKeys.secretArn;
    const ice = { TURN_SECRET: secrets.turn.secretArn, STUN_URLS: stage.stunUrls.join(',') };
    const RING_QUEUE_URL = rings.queue.queueUrl;
    const DEADLINE_QUEUE_URL = deadlines.queue.queueUrl;
    const timeout = Duration.seconds(10);

    const http = new ServiceFunction<EnvOf<typeof httpEnv>>(this, 'Http', {
      entry: 'functions/http/index.ts',
      files: ['docs/protocol/openapi.json', 'docs/protocol/asyncapi.json'],
      description: 'REST',
      env: {
        ...common,
        ...ice,
        TOKEN_KEYS_SECRET,
        RING_QUEUE_URL,
        DEADLINE_QUEUE_URL,
        OPEN_MINT: 'false',
        VERSION: version,
      },
      timeout,
      logRetention,
    });
    const connection = new ServiceFunction<EnvOf<typeof connectionEnv>>(this, 'Connection', {
      entry: 'functions/websocket/connection.ts',
      description: 'Authorizer, $connect, $disconnect and hello of a WebSocket',
      env: { ...common, ...ice, TOKEN_KEYS_SECRET, DEADLINE_QUEUE_URL, HELLO_QUEUE_URL: hellos.queue.queueUrl },
      timeout,
      logRetention,
    });
    const command = new ServiceFunction<EnvOf<typeof commandEnv>>(this, 'Command', {
      entry: 'functions/websocket/command.ts',
      description: 'Call commands over the WebSocket',
      env: { ...common, TOKEN_KEYS_SECRET, RING_QUEUE_URL, DEADLINE_QUEUE_URL },
      timeout,
      logRetention,
    });
    const signal = new ServiceFunction<EnvOf<typeof signalEnv>>(this, 'Signal', {
      entry: 'functions/websocket/signal.ts',
      description: 'Relay of SDP and ICE',
      env: { ...common, DEADLINE_QUEUE_URL },
      timeout,
      logRetention,
    });
    const ring = new ServiceFunction<EnvOf<typeof ringEnv>>(this, 'RingWorker', {
      entry: 'functions/queue/ring.ts',
      description: 'Pushes to phones',
      env: {
        ...common,
        TOKEN_KEYS_SECRET,
        RING_QUEUE_URL,
        DEADLINE_QUEUE_URL,
        PUSH_PROVIDERS_SECRET: secrets.pushProviders.secretArn,
      },
      timeout: Duration.seconds(6),
      memoryMb: 1024,
      logRetention,
    });
    const deadline = new ServiceFunction<EnvOf<typeof deadlineEnv>>(this, 'DeadlineWorker', {
      entry: 'functions/queue/deadline.ts',
      description: 'Ring deadlines and vanish graces',
      env: { ...common, RING_QUEUE_URL, DEADLINE_QUEUE_URL },
      timeout,
      logRetention,
    });

    for (const worker of [http, connection, command, signal, ring, deadline]) {
      worker.allow([...READ, ...WRITE], table.tableArn);
      sockets.allowPosting(worker);
    }
    for (const worker of [http, command]) sockets.allowLooking(worker);
    http.allow(READ_SECRET, secrets.tokenKeys.secretArn, secrets.turn.secretArn);
    connection.allow(READ_SECRET, secrets.tokenKeys.secretArn, secrets.turn.secretArn);
    command.allow(READ_SECRET, secrets.tokenKeys.secretArn);
    ring.allow(READ_SECRET, secrets.tokenKeys.secretArn, secrets.pushProviders.secretArn);
    http.allow(SEND, rings.queue.queueArn, deadlines.queue.queueArn);
    connection.allow(SEND, hellos.queue.queueArn, deadlines.queue.queueArn);
    command.allow(SEND, rings.queue.queueArn, deadlines.queue.queueArn);
    signal.allow(SEND, deadlines.queue.queueArn);
    ring.allow(SEND, rings.queue.queueArn, deadlines.queue.queueArn);
    deadline.allow(SEND, rings.queue.queueArn, deadlines.queue.queueArn);

    rings.workedBy(ring);
    deadlines.workedBy(deadline);
    hellos.workedBy(connection);
    sockets.route({ connection, command, signal });
    if (stage.setsGatewayLogRole) sockets.stage.node.addDependency(new GatewayLogRole(this, 'GatewayLogs'));
    const rest = new HttpApi(this, 'Rest', { corsOrigins: stage.corsOrigins, handler: http, logRetention });

    const watched: Watched = {
      stage,
      functions: {
        Http: http,
        Connection: connection,
        Command: command,
        Signal: signal,
        RingWorker: ring,
        DeadlineWorker: deadline,
      },
      queues: { rings, deadlines, hellos },
      rest,
      sockets,
      table,
    };
    watchPushes(alarms, watched);
    watchApis(alarms, watched);
    watchFunctions(alarms, watched);
    new Dashboard(this, 'Dashboard', watched);

    new CfnOutput(this, 'HttpUrl', { value: rest.stage.url, description: 'Where the REST API is' });
    new CfnOutput(this, 'WebSocketUrl', {
      value: sockets.stage.url,
      description: 'Where clients open their WebSocket',
    });
    new CfnOutput(this, 'TableName', {
      value: table.tableName,
      description: 'Where calls, devices and connections are',
    });
    new CfnOutput(this, 'PushProvidersSecret', {
      value: secrets.pushProviders.secretName,
      description: 'Put FCM and APNs keys here',
    });
    new CfnOutput(this, 'TokenKeysSecret', {
      value: secrets.tokenKeys.secretName,
      description: 'The keys that sign tokens',
    });
    new CfnOutput(this, 'TurnSecret', {
      value: secrets.turn.secretName,
      description: 'Put TURN urls and secrets here',
    });
  }
}
