import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handler } from '../../functions/websocket/room.ts';
import { broken, fuzzParameters } from '../support/mutations.ts';
import { startOnOwnTable } from '../support/own-table.ts';
import type { Post, Services } from '../support/services.ts';
import { dumpOf } from '../support/table-dump.ts';

// The room function as it is deployed, with a room of three beside one of a stranger: whatever a client sends is either
// refused or relayed as it is, and writes nothing.

const TABLE = 'fuzz-rooms';
const ROOM = 'standup';
/** API Gateway accepts no longer frame. */
const MAX_FRAME_BYTES = 32_768;
const PATIENT_MS = 180_000;

let services: Services;
let table: DynamoDBDocumentClient;
let close: () => void;

/** An event of a user's connection, with the fields that the function reads. */
const event = (userId: string, eventType: 'CONNECT' | 'MESSAGE', room_id: string, body?: string) => {
  const authorizer = { user_id: userId, kind: 'login', token_fingerprint: userId, room_id };
  const requestContext = { connectionId: userId, connectedAt: Date.now(), eventType, authorizer };
  const made = { requestContext, queryStringParameters: { room_id }, isBase64Encoded: false, body };
  return made as unknown as Parameters<typeof handler>[0];
};

async function enter(userId: string, room: string): Promise<void> {
  expect(await handler(event(userId, 'CONNECT', room))).toEqual({ statusCode: 200 });
  const Records = services.messages
    .splice(0)
    .filter((message) => JSON.parse(message).type === 'join')
    .map((body, i) => ({ messageId: String(i), body, attributes: { ApproximateReceiveCount: '1' } }));
  await handler({ Records } as unknown as Parameters<typeof handler>[0]);
}

beforeAll(async () => {
  ({ services, table, close } = await startOnOwnTable(TABLE));
  for (const user of ['alice', 'bob', 'carol']) await enter(user, ROOM);
  await enter('mallory', 'other');
});
afterAll(() => close());

/** Sends a frame of Alice's, and returns what was posted because of it. */
async function sent(text: string): Promise<Post[]> {
  const before = services.posts.length;
  expect(await handler(event('alice', 'MESSAGE', ROOM, text))).toEqual({ statusCode: 200 });
  return services.posts.slice(before);
}

const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n';
const GOOD = [
  { type: 'offer', payload: { type: 'offer', sdp: SDP, nested: { a: [1, null] } }, room_id: ROOM, timestamp: 'now' },
  { type: 'answer', payload: { type: 'answer', sdp: SDP, target_user_id: 'bob' }, room_id: ROOM, timestamp: 'now' },
  {
    type: 'ice_candidate',
    payload: { candidate: 'candidate:1', sdp_mid: '0', sdp_m_line_index: 0, target_user_id: null },
    room_id: ROOM,
  },
];

it(
  'answers a broken frame with one error or relays it as it is, and writes nothing',
  async () => {
    const known = await dumpOf(table, TABLE);
    await fc.assert(
      fc.asyncProperty(broken(fc.constantFrom(...GOOD)), async (text) => {
        fc.pre(Buffer.byteLength(text) <= MAX_FRAME_BYTES);
        const before = services.writes.length;
        const posts = await sent(text);
        expect(services.writes.length).toBe(before);
        const frames = posts.map((post) => ({ to: post.connectionId, ...JSON.parse(post.text) }));
        if (frames[0]?.type === 'error') {
          expect(frames).toEqual([expect.objectContaining({ to: 'alice', room_id: ROOM })]);
          expect(frames[0].payload).toEqual({ code: expect.any(String), message: expect.any(String) });
          expect(frames[0].payload.code).not.toBe('internal');
          return;
        }
        const { type, payload, room_id } = JSON.parse(text);
        const to = payload.target_user_id ? [payload.target_user_id] : ['bob', 'carol'];
        expect(frames.map((frame) => frame.to).toSorted()).toEqual(to);
        for (const frame of frames) {
          expect(frame).toMatchObject({ type, room_id });
          expect(JSON.stringify(frame.payload)).toBe(JSON.stringify({ ...payload, sender_id: 'alice' }));
        }
      }),
      fuzzParameters(1000),
    );
    expect(await dumpOf(table, TABLE)).toEqual(known);
  },
  PATIENT_MS,
);

it('refuses a payload that is nested too deeply to be written again', async () => {
  const deep = `${'['.repeat(15_000)}${']'.repeat(15_000)}`;
  const text = `{"type":"offer","room_id":"${ROOM}","payload":{"type":"offer","sdp":"v=0","deep":${deep}}}`;
  const [refusal] = await sent(text);
  expect(JSON.parse(refusal?.text ?? '').payload).toMatchObject({ code: 'validation_failed' });
});

it('refuses a connection to a room that cannot be with 400, and writes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 140 }), async (room) => {
      fc.pre(!/^[A-Za-z0-9._-]{1,128}$/.test(room));
      const before = services.writes.length;
      expect(await handler(event('alice', 'CONNECT', room))).toEqual({ statusCode: 400 });
      expect(services.writes.length).toBe(before);
    }),
    fuzzParameters(200),
  );
});
