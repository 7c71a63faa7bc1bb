import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handler as http } from '../../functions/http/index.ts';
import { handler as command } from '../../functions/websocket/command.ts';
import { handler as signal } from '../../functions/websocket/signal.ts';
import { frameEvent, type HttpRequest, httpEvent } from '../support/events.ts';
import { goodBodies, goodCommands, goodSignals } from '../support/good-messages.ts';
import { signedToken } from '../support/key-ring.ts';
import { broken, fuzzParameters } from '../support/mutations.ts';
import { startOnOwnTable } from '../support/own-table.ts';
import type { Services } from '../support/services.ts';
import { strangeRequests } from '../support/strange-requests.ts';
import { dumpOf } from '../support/table-dump.ts';

// The functions as they are deployed, over a table of their own: a refused request must change nothing.

const TABLE = 'fuzz';
/** API Gateway accepts no longer frame. */
const MAX_FRAME_BYTES = 32_768;
/** The longest ring, so that no deadline passes and changes a call during the test. */
const RING_MS = 180_000;
const PAIRS = 12;
/** For the thousands of cases of one test, on a busy machine. */
const PATIENT_MS = 180_000;

let services: Services;
let table: DynamoDBDocumentClient;
let close: () => void;
const tokens = new Map<string, string>();

beforeAll(async () => {
  ({ services, table, close } = await startOnOwnTable(TABLE));
  const settings_override = { ring: { auto_cancel_timeout_ms: RING_MS } };
  for (let i = 0; i < PAIRS; i += 1) {
    const ring = {
      type: 'call.ring',
      call_id: `c${i}`,
      members: [{ user_id: `callee${i}` }, { user_id: `third${i}` }],
    };
    const frame = JSON.stringify({ ...ring, id: 1, video: true, settings_override });
    expect(await answerTo(command, `caller${i}`, frame)).toMatchObject({ ok: true });
  }
});
afterAll(() => close());

/** The answer of a function to a frame, if there is one. */
async function answerTo(
  handler: typeof command,
  userId: string,
  body: string,
): Promise<Record<string, unknown> | undefined> {
  const before = services.posts.length;
  expect(await handler(frameEvent(userId, `${userId}-socket`, body))).toEqual({ statusCode: 200 });
  const posts = services.posts.slice(before);
  for (const { text } of posts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  const mine = posts.filter(({ connectionId }) => connectionId === `${userId}-socket`);
  expect(mine.length).toBeLessThanOrEqual(1);
  return mine[0] && JSON.parse(mine[0].text);
}

/** What the table holds, if it was read since the last write. */
let known: string[] | undefined;

/** Watches what `run` writes. If `isRefused` says that it was refused, the table must be unchanged and no message sent. */
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
  'a broken frame to the %s function is answered, and changes nothing if it is refused',
  async (_, handler, good) => {
    await fc.assert(
      fc.asyncProperty(who, broken(good), async (userId, text) => {
        fc.pre(Buffer.byteLength(text) <= MAX_FRAME_BYTES);
        const answer = await harmless(
          () => answerTo(handler, userId, text),
          (frame) => frame?.['type'] === 'error',
        );
        if (answer)
          expect(answer).toMatchObject(
            answer['type'] === 'error' ? { error: { code: expect.any(String) } } : { ok: true },
          );
        expect(answer).not.toMatchObject({ error: { code: 'internal' } });
        expect(answer !== undefined || !asksForAnswer(text)).toBe(true);
      }),
      fuzzParameters(1500),
    );
  },
  PATIENT_MS,
);

/** Whether a frame has an id, and so asks for an answer. */
function asksForAnswer(text: string): boolean {
  try {
    return JSON.parse(text).id !== undefined;
  } catch {
    return true;
  }
}

async function tokenOf(userId: string): Promise<string> {
  const token = tokens.get(userId) ?? (await signedToken({ user_id: userId }));
  tokens.set(userId, token);
  return token;
}

async function requested(userId: string, request: HttpRequest) {
  const { statusCode = 0, body = '' } = await http(httpEvent({ ...request, token: await tokenOf(userId) }));
  return { status: statusCode, body: body === '' ? undefined : JSON.parse(body) };
}

const posted = pair.chain((i) =>
  fc
    .constantFrom(...Object.entries(goodBodies(about(i))))
    .chain(([path, body]) =>
      fc.record({ path: fc.constant(path), body: broken(fc.constant(body)), base64: fc.boolean() }),
    ),
);

const isRefused = ({ status }: { status: number }): boolean => status >= 400;

async function refusedOrDone(userId: string, request: HttpRequest): Promise<void> {
  const { status, body } = await harmless(() => requested(userId, request), isRefused);
  expect(status).toBeLessThan(500);
  if (status >= 400) expect(body).toMatchObject({ status, code: expect.any(String), error: body.detail });
}

it(
  'a broken body is answered, and changes nothing if it is refused',
  async () => {
    await fc.assert(
      fc.asyncProperty(who, posted, (userId, request) => refusedOrDone(userId, request)),
      fuzzParameters(1500),
    );
  },
  PATIENT_MS,
);

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

it(
  'strange paths, methods, queries and headers are answered, and change nothing if they are refused',
  async () => {
    await fc.assert(fc.asyncProperty(who, strangeRequests(PATHS), refusedOrDone), fuzzParameters(1500));
  },
  PATIENT_MS,
);
