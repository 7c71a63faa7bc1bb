import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { apiGatewaySockets } from '#adapters/apigateway/sockets.ts';
import { dynamoTable, unlessLost } from '#adapters/dynamodb/table.ts';
import { readSecret } from '#adapters/secrets/secret.ts';
import { sqsClient, sqsQueue } from '#adapters/sqs/queue.ts';
import { epochMs } from '#domain/time.ts';

type Answer = (response: ServerResponse) => void;

/** Takes a request and never answers it. */
const hang: Answer = () => {};

const refuse =
  (status: number, name: string, body: object = {}): Answer =>
  (response) =>
    response
      .writeHead(status, { 'x-amzn-ErrorType': name })
      .end(JSON.stringify({ __type: name, message: name, ...body }));

const succeed =
  (body: object = {}): Answer =>
  (response) =>
    response.writeHead(200).end(JSON.stringify(body));

let url = '';
/** What was asked, by its path or operation, in order. */
let asked: string[] = [];
/** How the next requests are answered; the last one stays. */
let answers: Answer[] = [];
/** How posts to a connection are answered, if not like the others. */
let byPath: Record<string, Answer> = {};

const server = createServer((request, response) => {
  const path = decodeURIComponent(request.url ?? '');
  asked.push(path === '/' ? String(request.headers['x-amz-target']) : path);
  const answer = byPath[path] ?? (answers.length > 1 ? answers.shift() : answers[0]);
  request.resume().on('end', () => answer?.(response));
});

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server does not listen');
  url = `http://127.0.0.1:${address.port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  asked = [];
  byPath = {};
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'x');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
  vi.stubEnv('AWS_ENDPOINT_URL', url);
});

describe('a post to a connection', () => {
  const faults: unknown[] = [];
  const sockets = () => apiGatewaySockets(`${url}/ws`, (error) => faults.push(error));

  it('fails if it is never answered, and other connections do not wait for it', async () => {
    answers = [succeed()];
    byPath = { '/ws/@connections/deaf': hang };
    const done: string[] = [];
    const post = async (id: string) => {
      const delivery = await sockets().post(id, 'ring');
      done.push(id);
      return delivery;
    };
    expect(await Promise.all(['deaf', 'alice', 'bob'].map(post))).toEqual(['failed', 'sent', 'sent']);
    expect(done.at(-1)).toBe('deaf');
  });

  it.each([
    [429, 'LimitExceededException'],
    [503, 'ServiceUnavailableException'],
  ])('that is refused with %i is not sent again', async (status, name) => {
    answers = [refuse(status, name)];
    expect(await sockets().post('full', 'ring')).toBe('failed');
    expect(asked).toEqual(['/ws/@connections/full']);
  });

  it.each([
    ['refused', refuse(429, 'LimitExceededException'), 3],
    ['never answered', hang, 1],
  ] as const)('in a room that is %s is given up', async (_, answer, times) => {
    answers = [answer];
    const rooms = apiGatewaySockets(`${url}/rooms`, (error) => faults.push(error), [1, 2]);
    expect(await rooms.post('full', 'offer')).toBe('failed');
    expect(asked).toHaveLength(times);
  });

  it('in a room arrives once if it was refused before', async () => {
    answers = [refuse(503, 'ServiceUnavailableException'), succeed()];
    expect(await apiGatewaySockets(`${url}/rooms`, (error) => faults.push(error), [1]).post('a', 'offer')).toBe('sent');
    expect(asked).toHaveLength(2);
  });

  it('is not held up by a hundred others that hang', async () => {
    answers = [succeed()];
    const deaf = Array.from({ length: 100 }, (_, i) => `deaf-${i}`);
    byPath = Object.fromEntries(deaf.map((id) => [`/ws/@connections/${id}`, hang]));
    const { post } = sockets();
    const hanging = deaf.map((id) => post(id, 'ring'));
    const first = await Promise.race([post('alice', 'ring'), ...hanging]);
    expect(first).toBe('sent');
    expect(new Set(await Promise.all(hanging))).toEqual(new Set(['failed']));
  });
});

it('a connection is closed, and looked at, by a request that is sent again if it fails', async () => {
  answers = [refuse(503, 'ServiceUnavailableException'), hang, succeed()];
  const faults: unknown[] = [];
  const sockets = apiGatewaySockets(`${url}/ws`, (error) => faults.push(error));
  await sockets.close('surplus');
  expect(asked).toHaveLength(3);
  answers = [hang, refuse(410, 'GoneException')];
  expect(await sockets.isOpen('lost')).toBe(false);
  expect(faults).toEqual([]);
});

describe('the table', () => {
  const table = () => dynamoTable('carillon', () => epochMs(Date.now()));
  const put = () => table().db.send(new PutCommand({ TableName: 'carillon', Item: { pk: 'a', sk: 'b' } }));

  it('is asked again if it does not answer', async () => {
    answers = [hang, succeed({ Item: { pk: { S: 'a' } } })];
    const { Item } = await table().db.send(new GetCommand({ TableName: 'carillon', Key: { pk: 'a', sk: 'b' } }));
    expect(Item).toEqual({ pk: 'a' });
  });

  it('is asked without what is idle there', async () => {
    const steps = table().db.middlewareStack.identify();
    const idle = steps.filter((step) => /logger|userAgent|recursion/i.test(step));
    expect({ idle, signs: steps.some((step) => step.includes('Signing')) }).toEqual({ idle: [], signs: true });
  });

  it('gives up on a request that is never answered', async () => {
    answers = [hang];
    await expect(put()).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(asked).toHaveLength(3);
  });

  it('sends a write whose answer is lost again, and says what is in its way then', async () => {
    const Item = { writtenBy: { S: 'itself' } };
    answers = [hang, refuse(400, 'ConditionalCheckFailedException', { Item })];
    expect(await unlessLost(put(), (item) => item)).toEqual({ writtenBy: 'itself' });
    expect(asked).toHaveLength(2);
  });

  it.each(['ProvisionedThroughputExceededException', 'ThrottlingException'])(
    'that throttles with %s is asked three times, then whoever asked is told to try again',
    async (name) => {
      answers = [refuse(400, name)];
      await expect(put()).rejects.toMatchObject({ code: 'contended' });
      expect(asked).toHaveLength(3);
    },
  );
});

it('a queue that does not answer is asked again', async () => {
  answers = [hang, succeed({ Successful: [], Failed: [] })];
  await sqsQueue(sqsClient(), `${url}/queue`).send([{ type: 'ring' }]);
  expect(asked).toHaveLength(2);
});

it('a secret that does not come is asked for again', async () => {
  answers = [hang, succeed({ SecretString: 'the keys' })];
  expect(await readSecret('token-keys')).toBe('the keys');
});
