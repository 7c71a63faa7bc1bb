import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { handler as http } from '../../functions/http/index.ts';
import { handler as command } from '../../functions/websocket/command.ts';
import { handler as signal } from '../../functions/websocket/signal.ts';
import { createTable } from '../support/dynamodb-setup.ts';
import { goodBodies, goodCommands, goodSignals } from '../support/good-messages.ts';
import { broken, tried } from '../support/mutations.ts';
import { type Services, startServices } from '../support/services.ts';
import { strangeRequests } from '../support/strange-requests.ts';
import { dumpOf } from '../support/table-dump.ts';

// The functions as they are deployed, over a table of their own: what is refused must leave no trace of it.

const TABLE = 'fuzz';
const KEY = 'a-key-that-is-long-enough-to-sign-with';
/** API Gateway takes no longer frame. */
const MAX_FRAME_BYTES = 32_768;
/** Longer than the test: what a deadline writes is not its matter. */
const RING_MS = 180_000;
const PAIRS = 12;

let services: Services;
let table: DynamoDBDocumentClient;
const tokens = new Map<string, string>();

beforeAll(async () => {
  const { endpoint } = inject('dynamodb');
  table = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } }),
  );
  await createTable(table, TABLE);
  services = await startServices(endpoint, TABLE, { current: 'k1', k1: KEY });
  const settings_override = { ring: { auto_cancel_timeout_ms: RING_MS } };
  for (let i = 0; i < PAIRS; i += 1) {
    const ring = {
      type: 'call.ring',
      call_id: `c${i}`,
      members: [{ user_id: `callee${i}` }, { user_id: `third${i}` }],
    };
    expect(
      await sent(command, `caller${i}`, JSON.stringify({ ...ring, id: 1, video: true, settings_override })),
    ).toMatchObject({
      ok: true,
    });
  }
});
afterAll(() => {
  services.close();
  table.destroy();
});

async function sent(
  handler: typeof command,
  userId: string,
  body: string,
): Promise<Record<string, unknown> | undefined> {
  const authorizer = { user_id: userId, kind: 'login', token_fingerprint: `${userId}-bearer` };
  const event = { requestContext: { connectionId: `${userId}-socket`, authorizer }, body, isBase64Encoded: false };
  const before = services.posts.length;
  expect(await handler(event as unknown as APIGatewayProxyWebsocketEventV2)).toEqual({ statusCode: 200 });
  const posts = services.posts.slice(before);
  for (const { text } of posts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  const mine = posts.filter(({ connectionId }) => connectionId === `${userId}-socket`);
  expect(mine.length).toBeLessThanOrEqual(1);
  return mine[0] && JSON.parse(mine[0].text);
}

/** What the table holds, where that was looked at since the last write. */
let known: string[] | undefined;

/** Watches what `run` writes: where `isRefused` says that it was refused, nothing may have changed and no queue may have got a message. */
async function harmless<T>(run: () => Promise<T>, isRefused: (answer: T) => boolean): Promise<T> {
  known ??= await dumpOf(table, TABLE);
  const before = { writes: services.writes.length, messages: services.messages.length };
  const answer = await run();
  const wrote = services.writes.length > before.writes;
  if (isRefused(answer)) {
    expect(services.messages.slice(before.messages)).toEqual([]);
    if (wrote) expect(await dumpOf(table, TABLE)).toEqual(known);
  } else if (wrote) known = undefined;
  return answer;
}

const pair = fc.nat(PAIRS - 1);
const who = fc.tuple(fc.constantFrom('caller', 'callee', 'third', 'stranger'), pair).map(([name, i]) => `${name}${i}`);
const about = (i: number) => ({ id: `c${i}`, callee: `callee${i}`, ringMs: RING_MS });
const anyOf = (good: (call: ReturnType<typeof about>) => object[]) =>
  pair.chain((i) => fc.constantFrom(...good(about(i))));

it.each([
  ['command', command, anyOf(goodCommands)],
  ['signal', signal, anyOf(goodSignals)],
] as const)(
  'a broken frame to the %s function is answered, and changes nothing where it is refused',
  async (_, handler, good) => {
    await fc.assert(
      fc.asyncProperty(who, broken(good), async (userId, text) => {
        fc.pre(Buffer.byteLength(text) <= MAX_FRAME_BYTES);
        const answer = await harmless(
          () => sent(handler, userId, text),
          (frame) => frame?.['type'] === 'error',
        );
        if (answer)
          expect(answer).toMatchObject(
            answer['type'] === 'error' ? { error: { code: expect.any(String) } } : { ok: true },
          );
        expect(answer).not.toMatchObject({ error: { code: 'internal' } });
        expect(answer !== undefined || !identified(text)).toBe(true);
      }),
      tried(1500),
    );
  },
  60_000,
);

/** Whether a frame asks for an answer. */
function identified(text: string): boolean {
  try {
    return JSON.parse(text).id !== undefined;
  } catch {
    return true;
  }
}

async function tokenOf(userId: string): Promise<string> {
  const token =
    tokens.get(userId) ??
    (await new SignJWT({ user_id: userId })
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(KEY)));
  tokens.set(userId, token);
  return token;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly body?: string;
  readonly base64?: boolean;
  readonly headers?: Record<string, string>;
}

async function asked(userId: string, { method, path, query, body, base64 = false, headers }: Asked) {
  const event = {
    requestContext: { http: { method, path } },
    headers: { authorization: `Bearer ${await tokenOf(userId)}`, ...headers },
    ...(query && { queryStringParameters: query }),
    ...(body !== undefined && { body: base64 ? Buffer.from(body, 'utf8').toString('base64') : body }),
    isBase64Encoded: base64,
  };
  const { statusCode = 0, body: text = '' } = await http(event as unknown as APIGatewayProxyEventV2);
  return { status: statusCode, body: text === '' ? undefined : JSON.parse(text) };
}

const posted = pair.chain((i) =>
  fc
    .constantFrom(...Object.entries(goodBodies(about(i))))
    .chain(([path, body]) =>
      fc.record({ path: fc.constant(path), body: broken(fc.constant(body)), base64: fc.boolean() }),
    ),
);

const isRefused = ({ status }: { status: number }): boolean => status >= 400;

async function refusedOrDone(userId: string, request: Asked): Promise<void> {
  const { status, body } = await harmless(() => asked(userId, request), isRefused);
  expect(status).toBeLessThan(500);
  if (status >= 400) expect(body).toMatchObject({ status, code: expect.any(String), error: body.detail });
}

it('a broken body is answered, and changes nothing where it is refused', async () => {
  await fc.assert(
    fc.asyncProperty(who, posted, (userId, request) => refusedOrDone(userId, { method: 'POST', ...request })),
    tried(1500),
  );
}, 60_000);

const PATHS = [
  ...Object.keys(goodBodies(about(0))),
  ...[
    '/health',
    '/api/v2/devices',
    '/api/v2/ice_servers',
    '/api/v2/video/calls',
    '/api/v2/video/call/default/c0/trace',
  ],
];

it('strange paths, methods, queries and headers are answered, and change nothing where they are refused', async () => {
  await fc.assert(fc.asyncProperty(who, strangeRequests(PATHS), refusedOrDone), tried(1500));
}, 60_000);
