import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Secrets, StateStack } from '../stacks/state-stack.ts';
import { FUNCTIONS, type FunctionName, type ServiceFunctions } from './service-functions.ts';
import type { ConnectionsMethod, WebSocketApi } from './websocket-api.ts';
import type { QueueName, WorkQueues } from './work-queues.ts';

/** What one function may do, apart from writing its own logs and traces. */
interface Grants {
  readonly table: readonly string[];
  /** Whether it reads the index of calls by day. @default false */
  readonly readsIndex?: true;
  /** `POST` sends frames to connections, `GET` looks whether one is open, `DELETE` closes it. */
  readonly connections: readonly ConnectionsMethod[];
  /** Whose connections: those of calls, or those of rooms. @default calls */
  readonly api?: 'rooms';
  readonly readsSecrets: readonly (keyof Secrets)[];
  readonly sendsTo: readonly QueueName[];
  /** Whether it has webhooks tried again, if the stage has any: operators ask for it. @default false */
  readonly retriesWebhooks?: true;
  /** The queue that invokes the function. */
  readonly consumes?: QueueName;
}

/** Every row by its key: there are no scans. */
const ROWS = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'].map(
  (action) => `dynamodb:${action}`,
);

/** Which function may do what, on which resource. */
const GRANTS: Readonly<Record<FunctionName, Grants>> = {
  Http: {
    table: ROWS,
    readsIndex: true,
    connections: ['POST', 'GET', 'DELETE'],
    readsSecrets: ['tokenKeys', 'turn', 'mediaProviders', 'pushProviders', 'ringHook'],
    sendsTo: ['rings', 'deadlines', 'rooms'],
    retriesWebhooks: true,
  },
  Connection: {
    table: ROWS,
    connections: ['POST', 'GET', 'DELETE'],
    readsSecrets: ['tokenKeys', 'turn'],
    sendsTo: ['hellos', 'deadlines', 'rooms'],
    consumes: 'hellos',
  },
  Command: {
    table: ROWS,
    connections: ['POST', 'GET'],
    readsSecrets: ['tokenKeys', 'ringHook'],
    sendsTo: ['rings', 'deadlines'],
  },
  SocketIo: {
    table: ROWS,
    connections: ['POST', 'GET', 'DELETE'],
    readsSecrets: ['tokenKeys', 'turn', 'ringHook'],
    sendsTo: ['rings', 'deadlines', 'socketIo', 'rooms'],
    consumes: 'socketIo',
  },
  Signal: {
    table: ROWS,
    connections: ['POST'],
    readsSecrets: [],
    sendsTo: ['deadlines'],
  },
  Room: {
    table: ROWS,
    connections: ['POST', 'DELETE'],
    api: 'rooms',
    readsSecrets: ['tokenKeys'],
    sendsTo: ['rooms', 'hellos'],
    consumes: 'rooms',
  },
  RingWorker: {
    table: ROWS,
    connections: ['POST'],
    readsSecrets: ['tokenKeys', 'pushProviders'],
    sendsTo: ['rings', 'deadlines'],
    consumes: 'rings',
  },
  DeadlineWorker: {
    table: ROWS,
    connections: ['POST', 'DELETE'],
    readsSecrets: [],
    sendsTo: ['rings', 'deadlines', 'rooms'],
    consumes: 'deadlines',
  },
};

export interface GrantedResources {
  readonly state: StateStack;
  readonly queues: WorkQueues;
  /** Tries at webhooks, if the stage tells the app's backend of events. */
  readonly webhooks: IQueue | undefined;
  /** Those of calls. */
  readonly webSocketApis: readonly WebSocketApi[];
  readonly rooms: WebSocketApi;
}

/** Gives every function its rights, and no others. */
export function applyGrants(
  functions: ServiceFunctions,
  { state, queues, webhooks, webSocketApis, rooms }: GrantedResources,
): void {
  for (const name of FUNCTIONS) {
    const lambda = functions[name];
    const { table, readsIndex, connections, api, readsSecrets, sendsTo, retriesWebhooks, consumes } = GRANTS[name];
    const own = api === 'rooms' ? [rooms] : webSocketApis;
    lambda.allow(table, [state.table.tableArn]);
    if (readsIndex) lambda.allow(['dynamodb:Query'], [`${state.table.tableArn}/index/callsByDay`]);
    lambda.allow(
      ['execute-api:ManageConnections'],
      own.flatMap((each) => connections.map((method) => each.connectionsArn(method))),
    );
    lambda.allow(
      ['secretsmanager:GetSecretValue'],
      readsSecrets.flatMap((secret) => state.secrets[secret]?.secretArn ?? []),
    );
    lambda.allow(
      ['sqs:SendMessage'],
      sendsTo.map((queue) => queues[queue].queue.queueArn),
    );
    if (retriesWebhooks && webhooks) lambda.allow(['sqs:SendMessage'], [webhooks.queueArn]);
    if (consumes !== undefined) queues[consumes].consumedBy(lambda);
  }
}
