import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectWith, keysOf, LONG_RING, pushOf, rest, tokenWith, unique } from '../support/people.ts';
import { anApnsToken } from '../support/push-tokens.ts';
import type { Socket } from '../support/raw-client.ts';

// A call with the longest ids, names and custom data that a request may have, and 100 members.

const userOf = (name: string): string => unique(name).padEnd(128, '@');
/** 128 characters that JSON writes as six bytes each. */
const NAME = '\u0001'.repeat(128);
const HARDWARE_ID = '€'.repeat(64);
const custom = { x: 'x'.repeat(2048 - '{"x":""}'.length) };
const type = 't'.repeat(64);
const id = unique('c').padEnd(128, 'c');
const path = (last = ''): string => `/api/v2/video/call/${type}/${id}${last}`;

const caller = userOf('caller');
const callees = Array.from({ length: 99 }, (_, i) => userOf(`callee${i}`));
const [first = '', second = ''] = callees;
const sockets: Socket[] = [];
const tokens = new Map<string, string>();

const ask = (user: string, method: string, at: string, body?: object) =>
  rest().request(method, at, { token: tokens.get(user) ?? '', ...(body && { body }) });

async function connect(user: string): Promise<Socket> {
  const hardwareId = encodeURIComponent(`${HARDWARE_ID.slice(1)}x`);
  const socket = await connectWith(tokens.get(user) ?? '', `&hardware_id=${hardwareId}`);
  await socket.next('user.connected');
  sockets.push(socket);
  return socket;
}

beforeAll(async () => {
  for (const user of [caller, first, second]) tokens.set(user, await tokenWith({ user_id: user, name: NAME }));
});
afterAll(() => Promise.all(sockets.map((socket) => socket.close())));

it('is created, rung, answered and ended, and no push exceeds its limit', async () => {
  const violations = async () => (await rest().request('GET', '/_local/violations')).body.violations;
  const before = await violations();
  const android = { id: unique('fcm'), push_provider: 'firebase', hardware_id: HARDWARE_ID };
  const iphone = { id: anApnsToken(), push_provider: 'apn', voip_token: true, hardware_id: HARDWARE_ID };
  const alerted = { id: anApnsToken(), push_provider: 'apn', hardware_id: HARDWARE_ID };
  expect((await ask(first, 'POST', '/api/v2/devices', android)).status).toBe(201);
  for (const device of [iphone, alerted])
    expect((await ask(second, 'POST', '/api/v2/devices', device)).status).toBe(201);

  const callers = await connect(caller);
  const firsts = await connect(first);
  const members = callees.map((user_id) => ({ user_id }));
  const callIds = { call_type: type, call_id: id };
  const rung = await callers.ask({ type: 'call.ring', ...callIds, members, custom, video: true, ...LONG_RING });
  expect(rung).toMatchObject({ type: 'response', ok: true });
  for (const { id: token } of [android, iphone]) {
    const push = await pushOf(token, 'call.ring');
    expect(push.status).toBe(200);
    expect(keysOf(push)).toMatchObject({ created_by_id: caller, created_by_name: NAME, call_id: id });
  }
  const wake = keysOf(await pushOf(android.id, 'call.ring'))['wake_token'] ?? '';
  expect((await rest().request('GET', path(), { token: wake })).body.members).toHaveLength(100);

  const call_cid = `${type}:${id}`;
  expect(await firsts.ask({ type: 'call.accept', call_cid })).toMatchObject({ ok: true });
  expect(await callers.ask({ type: 'call.end', call_cid })).toMatchObject({ ok: true });
  await Promise.all([callers.next('call.ended'), firsts.next('call.ended')]);
  expect((await pushOf(alerted.id, 'call.missed')).status).toBe(200);

  expect(await violations()).toEqual(before);
});
