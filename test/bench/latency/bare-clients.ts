import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { openDelays } from '#local/lab/delays/delays.ts';
import { localClient } from '../../../tools/local-stack.ts';
import { type BarePush, openBarePush, type PushCredentials } from './bare-push.ts';
import { type BareQueue, bareQueue } from './bare-queue.ts';
import { type BareTable, bareTable } from './bare-table.ts';
import { type Scenery, succeeded } from './scenery.ts';
import type { TimedSocket } from './timed-socket.ts';

/** The clients that floors use, of the same services that the stack's functions use. */
export interface BareClients {
  readonly table: BareTable;
  readonly queue: BareQueue;
  readonly push: BarePush;
  /** A connection of the stack, and the frames that are posted to it. */
  readonly socket: TimedSocket;
  post(frame: object): Promise<void>;
  /** Waits as long as API Gateway and Lambda take on AWS until a function has a frame, if the stack plays AWS. */
  inbound(): Promise<void>;
  close(): Promise<void>;
}

/** The table that they have, and whether the stack plays AWS. */
export interface BareGround {
  readonly dynamodb: { readonly endpoint: string; readonly table: string };
  readonly likeAws: boolean;
}

/** The short name of the secret with the push providers' credentials. */
const PROVIDERS = 'PushProviders';

/** Opens them. They have their own table, in the same engine as the stack's. */
export async function openBareClients(scenery: Scenery, { dynamodb, likeAws }: BareGround): Promise<BareClients> {
  const { endpoint, secrets } = await succeeded(scenery.rest.request('GET', '/_local/secrets'));
  const { arn } = secrets.find(({ name }: { name: string }) => name === PROVIDERS);
  const manager = new SecretsManagerClient(localClient(endpoint));
  const { SecretString = '' } = await manager.send(new GetSecretValueCommand({ SecretId: arn }));
  manager.destroy();
  const credentials: PushCredentials = JSON.parse(SecretString);
  const address = await succeeded(scenery.rest.request('GET', '/_local/push-endpoints'));
  const [queue, push, socket] = await Promise.all([
    bareQueue(endpoint),
    openBarePush(address, credentials),
    scenery.open((await scenery.user('floor')).token),
  ]);
  const { frame } = await socket.next('user.connected');
  const gateway = new ApiGatewayManagementApiClient(localClient(`${endpoint}/ws`));
  const table = bareTable(dynamodb);
  const delays = likeAws ? openDelays(2) : undefined;
  return {
    table,
    queue,
    push,
    socket,
    async post(posted) {
      const Data = JSON.stringify(posted);
      await gateway.send(new PostToConnectionCommand({ ConnectionId: frame.connection_id, Data }));
    },
    async inbound() {
      await delays?.wait('gateway');
      await delays?.wait('invocation');
    },
    async close() {
      gateway.destroy();
      queue.close();
      table.close();
      push.close();
      await socket.close();
    },
  };
}
