import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { waitForAws } from './patient-aws.ts';

/** A frame that a function posted to a connection. */
export interface Post {
  readonly connectionId: string;
  readonly text: string;
}

/** The AWS services that the functions call, with the same content in every secret. They record what they receive. */
export interface Services {
  /** The operations that wrote to the table, such as `UpdateItem`. */
  readonly writes: string[];
  /** Bodies of messages to any queue. */
  readonly messages: string[];
  readonly posts: Post[];
  /** Whether every conditional update fails, as if somebody else had changed the row first. */
  contended: boolean;
  /** Whether the table refuses everything. */
  broken: boolean;
  /** The error with which the table puts off every request, by its name. */
  throttled: string | undefined;
  close(): void;
}

/** The message of a broken table, which no client may see. */
export const BROKEN = 'role/carillon may not read table/carillon';

const WRITES = /\.(PutItem|UpdateItem|DeleteItem|TransactWriteItems|BatchWriteItem)$/;

/** The environment of the functions, in which every service is at `url`. */
const environment = (url: string, table: string) => ({
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'x',
  AWS_SECRET_ACCESS_KEY: 'x',
  // Once is enough: how the SDK tries again is its own business.
  AWS_MAX_ATTEMPTS: '1',
  AWS_ENDPOINT_URL: url,
  TABLE_NAME: table,
  TOKEN_KEYS_SECRET: 'token-keys',
  ISSUERS: '[]',
  PRIVATE_NETWORKS: '',
  TURN_SECRET: 'turn',
  STUN_URLS: '',
  TURN_TTL_S: '3600',
  RING_QUEUE_URL: `${url}/ring`,
  DEADLINE_QUEUE_URL: `${url}/deadline`,
  HELLO_QUEUE_URL: `${url}/hello`,
  ROOM_QUEUE_URL: `${url}/room`,
  KEEP_ALIVE_S: '480',
  CONNECTIONS_URL: `${url}/ws`,
  SOCKETIO_URL: `${url}/socketio`,
  BUSY: 'reject',
  RETENTION_DAYS: '30',
  MAX_DURATION_S: '43200',
  STAGE: 'test',
  VANISH_GRACE_S: '20',
  ANSWER_GRACE_S: '60',
  RING_RATE: 'off',
  WHO_MAY_RING: 'anyone',
  OPEN_MINT: 'false',
  MEDIA_PROVIDERS_SECRET: 'media-providers',
  PUSH_PROVIDERS_SECRET: 'push-providers',
  WEB_PUSH_HOSTS: 'push.example.com',
  WEBSOCKET_URL: 'wss://sockets.example.com/ws',
  VERSION: '0.0.0',
});

/** Starts the services before a real DynamoDB at `endpoint`, and points the functions in this process at them. */
export async function startServices(endpoint: string, table: string, keyRing: object): Promise<Services> {
  const services: Services = {
    writes: [],
    messages: [],
    posts: [],
    contended: false,
    broken: false,
    throttled: undefined,
    close: () => server.close(),
  };
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target.startsWith('DynamoDB')) {
      const answer = await tableAnswer(services, endpoint, { request, target, body });
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(await answer.text());
      return;
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answerOf(services, keyRing, { target, body, path: request.url ?? '' })));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  waitForAws();
  Object.assign(process.env, environment(`http://127.0.0.1:${portOf(server)}`, table));
  return services;
}

/** What the table answers: the real one behind it, unless it is to fail. */
function tableAnswer(
  { writes, broken, throttled, contended }: Services,
  endpoint: string,
  { request, target, body }: { request: IncomingMessage; target: string; body: string },
): Promise<Response> | Response {
  const write = WRITES.exec(target)?.[1];
  if (write) writes.push(write);
  const refused = broken ? 'AccessDeniedException' : throttled;
  if (refused !== undefined) return Response.json({ __type: refused, message: BROKEN }, { status: 400 });
  const isLost = contended && write === 'UpdateItem';
  return isLost ? lost(endpoint, request, body) : forwarded(endpoint, kept(request), body);
}

function answerOf(
  { messages, posts }: Pick<Services, 'messages' | 'posts'>,
  keyRing: object,
  { target, body, path }: { target: string; body: string; path: string },
): object {
  if (target.startsWith('secretsmanager')) return { SecretString: JSON.stringify(keyRing) };
  if (target.startsWith('AmazonSQS')) {
    const { Entries }: { Entries: { Id: string; MessageBody: string }[] } = JSON.parse(body);
    messages.push(...Entries.map(({ MessageBody }) => MessageBody));
    return {
      Successful: Entries.map(({ Id, MessageBody }) => ({ Id, MessageId: Id, MD5OfMessageBody: md5(MessageBody) })),
      Failed: [],
    };
  }
  posts.push({ connectionId: decodeURIComponent(path.split('/').at(-1) ?? ''), text: body });
  return {};
}

const forwarded = (endpoint: string, headers: Record<string, string>, body: string): Promise<Response> =>
  fetch(endpoint, { method: 'POST', headers, body });

/** The answer to a conditional update that has failed: the row as it is. */
async function lost(endpoint: string, request: IncomingMessage, body: string): Promise<Response> {
  const { TableName, Key } = JSON.parse(body);
  const headers = { ...kept(request), 'x-amz-target': 'DynamoDB_20120810.GetItem' };
  const found = await forwarded(endpoint, headers, JSON.stringify({ TableName, Key, ConsistentRead: true }));
  const { Item } = Object(await found.json());
  const __type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
  return Response.json({ __type, message: 'The conditional request failed', Item }, { status: 400 });
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const kept = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    ['content-type', 'x-amz-target', 'authorization', 'x-amz-date'].map((name) => [name, String(headers[name])]),
  );

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return String(Buffer.concat(chunks));
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server does not listen');
  return address.port;
}
