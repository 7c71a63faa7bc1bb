import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectWith, LONG_RING, rest, tokenWith, unique } from '../support/people.ts';
import type { Socket } from '../support/raw-client.ts';

// The frames of a call with the longest ids, names, pictures and custom data that a request may have, and 100 members.

const MAX_FRAME_BYTES = 32_768;
const NAME = '\u0001'.repeat(128);
const IMAGE = `https://${'i'.repeat(504)}`;
const custom = { x: 'x'.repeat(2048 - '{"x":""}'.length) };
const type = 't'.repeat(64);
const userOf = (name: string): string => unique(name).padEnd(128, '@');
const bytesOf = (frame: object): number => Buffer.byteLength(JSON.stringify(frame));

let caller: string;
let callers: Socket;
let callee: string;
let callees: Socket;

const connect = async (user_id: string): Promise<Socket> => {
  const socket = await connectWith(await tokenWith({ user_id, name: NAME, image: IMAGE }));
  await socket.next('user.connected');
  return socket;
};

beforeAll(async () => {
  [caller, callee] = [userOf('caller'), userOf('callee')];
  [callers, callees] = [await connect(caller), await connect(callee)];
});
afterAll(() => Promise.all([callers.close(), callees.close()]));

const post = async (path: string, body: object) =>
  rest().request('POST', path, { token: await tokenWith({ user_id: caller, name: NAME, image: IMAGE }), body });
const others = () => [callee, ...Array.from({ length: 98 }, (_, i) => userOf(`other${i}`))];
const members = () => others().map((user_id) => ({ user_id }));

/** The bytes of the largest frame of each type that either socket got while `run` ran, if it is too long. */
async function tooLongIn(run: (id: string) => Promise<unknown>): Promise<Record<string, number>> {
  const seen = [callers, callees].map(({ frames }) => frames.length);
  await run(unique('c').padEnd(128, 'c'));
  const frames = [callers, callees].flatMap((socket, i) => socket.frames.slice(seen[i]));
  const long = frames
    .map((frame) => [frame.type, bytesOf(frame)] as const)
    .filter(([, bytes]) => bytes > MAX_FRAME_BYTES);
  return Object.fromEntries(long.toSorted(([, a], [, b]) => a - b));
}

const until = (id: string, what: string) => callees.next(what, (frame) => frame['call_id'] === id);
const pathOf = (id: string): string => `/api/v2/video/call/${type}/${id}`;
const ring = (call_id: string) =>
  callers.ask({ type: 'call.ring', call_type: type, call_id, members: members(), custom, ...LONG_RING });

const STORIES: readonly (readonly [what: string, story: (id: string) => Promise<unknown>])[] = [
  [
    'is cancelled',
    async (id) => {
      await ring(id);
      await callers.ask({ type: 'call.cancel', call_cid: `${type}:${id}` });
      await until(id, 'call.ended');
    },
  ],
  [
    'rings with the longest ring id, and is ended',
    async (id) => {
      await post(pathOf(id), { members: members(), data: { custom } });
      await post(`${pathOf(id)}/ring`, { ring_id: 'r'.repeat(128) });
      await callees.ask({ type: 'call.accept', call_cid: `${type}:${id}` });
      await callers.ask({ type: 'call.end', call_cid: `${type}:${id}` });
      await until(id, 'call.ended');
    },
  ],
  [
    'gets all of its members at once',
    async (id) => {
      await post(pathOf(id), { members: members().slice(0, 1), data: { custom } });
      await post(`${pathOf(id)}/members`, { members: members().slice(1) });
      await until(id, 'call.member_added');
    },
  ],
];

it.each(STORIES)('every frame fits when the call %s', async (_, story) => {
  expect(await tooLongIn(story)).toEqual({});
});
