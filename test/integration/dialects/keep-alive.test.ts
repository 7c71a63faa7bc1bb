import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../bench/local-stack.ts';
import { unique } from '../../support/people.ts';
import { api } from '../../support/raw-client.ts';
import { watched } from '../../support/socket-io.ts';

// API Gateway and CloudFront close a quiet WebSocket after ten minutes: here, after ten seconds.

const IDLE_S = 10;
const QUIET_MS = 3.5 * IDLE_S * 1000;

let stack: LocalStack;
beforeAll(async () => {
  const idle = { CARILLON_WS_IDLE_S: String(IDLE_S), CARILLON_EDGE_IDLE_S: String(IDLE_S) };
  // TURN credentials are renewed five minutes before they expire: here, after five seconds.
  const settings = { CARILLON_SETTINGS: JSON.stringify({ turn_ttl: 305 }) };
  stack = await startLocalStack({ CARILLON_STAGE: 'test', ...idle, ...settings });
  const body = { urls: ['turn:turn.example.com'], secrets: ['the-shared-secret'] };
  await api(stack.url).request('PUT', '/_local/secrets/Turn', { body });
});
afterAll(() => stack.stop());

const tokenOf = async (user_id: string): Promise<string> =>
  (await api(stack.url).request('POST', '/_local/tokens', { body: { claims: { user_id } } })).body.token;

it('brings a client of video fresh TURN credentials before its own expire', async () => {
  const alice = unique('alice');
  const client = watched(
    io(stack.url, { path: '/video-socket', forceNew: true, auth: { token: await tokenOf(alice) } }),
  );
  await client.next('connect');
  client.socket.emit('join', alice);
  const expiries = [];
  for (let i = 0; i < 3; i += 1) {
    const [servers] = await client.next('ice_config');
    const { username, credential } = servers.at(-1);
    expect(credential).toEqual(expect.any(String));
    expect(username.split(':')[1]).toBe(alice);
    expiries.push(Number(username.split(':')[0]));
  }
  const [first = 0, second = 0, third = 0] = expiries;
  expect(Math.min(second - first, third - second)).toBeGreaterThanOrEqual(4);
  client.socket.close();
});

it('keeps quiet clients connected, without a reconnect', async () => {
  const options = async (more: object) => ({
    forceNew: true,
    auth: { token: await tokenOf(unique('quiet')) },
    ...more,
  });
  const clients = [
    watched(io(stack.url, await options({ transports: ['websocket'] }))),
    watched(io(stack.url, await options({}))),
    watched(io(stack.url, await options({ path: '/video-socket' }))),
  ];
  await Promise.all(clients.map(({ next }) => next('connect')));
  // What is tested is that nothing happens, for as long as three quiet periods take.
  await new Promise((resolve) => {
    setTimeout(resolve, QUIET_MS);
  });
  for (const { heard } of clients) expect(heard).toEqual([{ name: 'connect', args: [] }]);
  expect(await clients[0]?.ask('endCall')).toEqual({ ok: true });
});
