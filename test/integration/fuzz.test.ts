import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { goodBodies, goodCommands, goodSignals } from '../support/good-messages.ts';
import { broken, fuzzParameters } from '../support/mutations.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { callPath, eventually, type Person, people, person, ring } from '../support/people.ts';
import type { Frame, Socket } from '../support/raw-client.ts';
import { strangeRequests } from '../support/strange-requests.ts';

// All messages are by Mallory, who is not a member of the call that they are about.

const FRAMES = 1000;
const REQUESTS = 800;
const RING_MS = 180_000;
const MAX_FRAME_BYTES = 32_768;
/** How many messages are sent at once. */
const WAVE = 32;

let alice: Person;
let mallory: Person;
let about: { id: string; callee: string; ringMs: number };
let sockets: Socket[];

beforeAll(async () => {
  const [caller, bob] = await people('alice', 'bob');
  [alice, mallory] = [caller, await person('mallory')];
  const { id } = await ring(alice, bob);
  about = { id, callee: bob.id, ringMs: RING_MS };
  sockets = await Promise.all(Array.from({ length: 4 }, () => mallory.connect()));
});
afterAll(() => Promise.all(sockets.map((socket) => socket.close())));

const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] => {
  const { numRuns, seed } = fuzzParameters(count);
  return fc.sample(arbitrary, { numRuns: numRuns ?? count, seed: seed ?? 0 });
};

const inTurn = <T>(all: readonly T[], i: number): T => {
  const one = all[i % all.length];
  if (one === undefined) throw new Error('the list is empty');
  return one;
};

async function inWaves<T>(all: readonly T[], send: (one: T, i: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < all.length; from += WAVE) {
    await Promise.all(all.slice(from, from + WAVE).map((one, i) => send(one, from + i)));
  }
}

/** The id by which a broken frame asks for an answer, if it still has one. */
const idOf = (text: string): unknown => Object(parsedOrNothing(text)).id;

function parsedOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a text is a JSON object. If it is not, the error that answers it has no id. */
function isObject(text: string): boolean {
  const value = parsedOrNothing(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Waits for the answer with this `id`. */
function answerTo(socket: Socket, id: string, text: string): Promise<Frame> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no answer to ${text.slice(0, 500)}`)), PATIENCE_MS);
    const look = (data: unknown): void => {
      const frame: Frame = JSON.parse(String(data));
      if (frame['id'] !== id) return;
      clearTimeout(late);
      socket.raw.off('message', look);
      resolve(frame);
    };
    socket.raw.on('message', look);
  });
}

const isErrorWithoutId = (frame: Frame): boolean => frame.type === 'error' && frame['id'] === undefined;

it('answers a thousand broken frames, closes no socket and changes nothing', async () => {
  const good = [...goodCommands(about), ...goodSignals(about)].map((frame, i) => ({ ...frame, id: `good${i}` }));
  const frames = sample(broken(fc.constantFrom(...good)), FRAMES)
    .map((text, i) => text.replace(/"id":"good\d+"/, `"id":"f${i}"`))
    .filter((text) => Buffer.byteLength(text) <= MAX_FRAME_BYTES);
  const before = (await alice.get(callPath(about.id))).body.call.version;
  let withoutId = 0;
  await inWaves(frames, async (text, i) => {
    const socket = inTurn(sockets, i);
    const id = idOf(text);
    if (typeof id === 'string' && /^f\d+$/.test(id)) {
      const answered = answerTo(socket, id, text);
      socket.raw.send(text);
      const answer = await answered;
      expect(answer, text.slice(0, 500)).not.toMatchObject({ error: { code: 'internal' } });
      return;
    }
    socket.raw.send(text);
    if (!isObject(text)) withoutId += 1;
  });
  await eventually(
    async () => sockets.flatMap(({ frames: got }) => got.filter(isErrorWithoutId)).length >= withoutId,
    `${withoutId} errors without an id`,
  );
  for (const socket of sockets) {
    expect(socket.frames.filter(({ type }) => type === undefined)).toEqual([]);
    expect(socket.frames.filter((frame) => Object(frame['error']).code === 'internal')).toEqual([]);
    socket.send({ type: 'ping' });
    await socket.next('pong');
  }
  expect((await alice.get(callPath(about.id))).body.call).toMatchObject({ status: 'ringing', version: before });
});

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Sends a request as it is. `fetch` would normalize its path. */
async function asked({ method, path, headers, body }: Asked): Promise<{ status: number; body: string }> {
  const sent = request(inject('stackUrl'), {
    method,
    path,
    headers: { authorization: `Bearer ${mallory.token}`, ...headers },
  });
  sent.end(body);
  const [response]: IncomingMessage[] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response ?? []) chunks.push(chunk);
  return { status: response?.statusCode ?? 0, body: String(Buffer.concat(chunks)) };
}

async function survives(what: Asked): Promise<void> {
  const named = `${what.method} ${what.path.slice(0, 300)} ${String(what.body ?? '').slice(0, 500)}`;
  const { status, body } = await asked(what).catch((error: unknown) => {
    throw new Error(`no answer to ${named}`, { cause: error });
  });
  expect(status, named).toBeLessThan(500);
  if (status >= 400) expect(JSON.parse(body), named).toMatchObject({ status, code: expect.any(String) });
}

it('answers broken bodies, text or bytes, and changes nothing', async () => {
  const before = (await alice.get(callPath(about.id))).body.call.version;
  const spoiled = fc.record({ at: fc.nat(), byte: fc.constantFrom(0x00, 0xc3, 0xff) });
  const requests = fc.constantFrom(...Object.entries(goodBodies(about))).chain(([path, body]) =>
    fc.record({
      path: fc.constant(path),
      text: broken(fc.constant(body)),
      type: fc.constantFrom(
        'application/json',
        'application/json; charset=utf-8',
        'application/octet-stream',
        'text/plain',
      ),
      spoiled: fc.option(spoiled),
    }),
  );
  await inWaves(sample(requests, REQUESTS), ({ path, text, type, spoiled: spot }) => {
    const body = Buffer.from(text);
    if (spot && body.length > 0) body[spot.at % body.length] = spot.byte;
    return survives({ method: 'POST', path, headers: { 'content-type': type }, body });
  });
  expect((await alice.get(callPath(about.id))).body.call).toMatchObject({ status: 'ringing', version: before });
});

it('answers strange paths, methods, queries and headers', async () => {
  const paths = [...Object.keys(goodBodies(about)), '/health', '/api/v2/video/calls', '/api/v2/ice_servers'];
  await inWaves(sample(strangeRequests(paths), REQUESTS), ({ method, path, query, headers }) => {
    const asks = new URLSearchParams(query).toString();
    return survives({ method, path: `${path}${asks && '?'}${asks}`, headers });
  });
});
