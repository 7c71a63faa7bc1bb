import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { DynamoDBClient, type DynamoDBClientConfig, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { insistent } from '#adapters/aws/client-settings.ts';
import { withoutIdle } from '#adapters/dynamodb/table.ts';
import { localClient } from '../../../tools/local-stack.ts';
import type { BenchTable } from '../bench-table.ts';

export const KEY = { pk: 'bench', sk: 'call' };

/** Reads the row of a table once. */
export type Read = () => Promise<unknown>;

type Ground = Pick<BenchTable, 'endpoint' | 'table'>;

const clientOf = ({ endpoint }: Ground, settings: DynamoDBClientConfig = {}): DynamoDBClient =>
  new DynamoDBClient({ ...localClient(endpoint), ...insistent(), ...settings });

function byDocument(client: DynamoDBClient, { table }: Ground): Read {
  const db = DynamoDBDocumentClient.from(client);
  return () => db.send(new GetCommand({ TableName: table, Key: KEY, ConsistentRead: true }));
}

const byClient =
  (client: DynamoDBClient, { table }: Ground): Read =>
  async () => {
    const { Item = {} } = await client.send(
      new GetItemCommand({ TableName: table, Key: marshall(KEY), ConsistentRead: true }),
    );
    return unmarshall(Item);
  };

const agent = new Agent({ keepAlive: true });

/** Sends a request, its head and body in one write. */
const sent = (request: Pick<HttpRequest, 'hostname' | 'port' | 'method' | 'path' | 'headers' | 'body'>) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const { hostname, port, method, path, headers, body } = request;
    httpRequest({ host: hostname, port, method, path, headers, agent }, resolve).once('error', reject).end(body);
  });

/** A request handler without time-outs, and without what other clients need. */
const lean: DynamoDBClientConfig['requestHandler'] = {
  async handle(request: HttpRequest) {
    const body = await sent(request);
    const { statusCode = 0, headers } = body;
    const known = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    return { response: new HttpResponse({ statusCode, headers: Object.fromEntries(known), body }) };
  },
  updateHttpClientConfig: () => undefined,
  httpHandlerConfigs: () => ({}),
  destroy: () => undefined,
};

/** A signed request, and nothing of the SDK but the signature. */
function bare({ endpoint, table }: Ground): Read {
  const { region, credentials } = localClient(endpoint);
  const signer = new SignatureV4({
    service: 'dynamodb',
    region,
    credentials,
    sha256: class extends Hash {
      constructor(secret?: ConstructorParameters<typeof Hash>[1]) {
        super('sha256', secret);
      }
    },
  });
  const { hostname, port, host } = new URL(endpoint);
  const body = JSON.stringify({ TableName: table, Key: marshall(KEY), ConsistentRead: true });
  return async () => {
    const request = {
      method: 'POST',
      protocol: 'http:',
      hostname,
      port: Number(port),
      path: '/',
      query: {},
      headers: { host, 'x-amz-target': 'DynamoDB_20120810.GetItem', 'content-type': 'application/x-amz-json-1.0' },
      body,
    };
    const signed = await signer.sign(request);
    const chunks: Buffer[] = [];
    for await (const chunk of await sent({ ...request, headers: signed.headers })) chunks.push(chunk);
    return unmarshall(JSON.parse(String(Buffer.concat(chunks))).Item);
  };
}

/** The ways to read a row, by name. */
export const WAYS: Readonly<Record<string, (ground: Ground) => Read>> = {
  'the SDK as it is': (ground) => byDocument(clientOf(ground), ground),
  'the plain client': (ground) => byClient(clientOf(ground), ground),
  'a lean request handler': (ground) => byDocument(clientOf(ground, { requestHandler: lean }), ground),
  'no idle middlewares, as in the functions': (ground) => byDocument(withoutIdle(clientOf(ground)), ground),
  'all three': (ground) => byClient(withoutIdle(clientOf(ground, { requestHandler: lean })), ground),
  'a bare signed request': bare,
};
