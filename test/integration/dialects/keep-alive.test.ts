import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '../../../tools/client.ts';
import { type LocalStack, startLocalStack } from '../../bench/local-stack.ts';
import { unique } from '../../support/people.ts';
import { watched } from '../../support/socket-io.ts';

// API Gateway and CloudFront close a quiet WebSocket after ten minutes: here, after ten seconds.

const IDLE_S = 10;
const QUIET_MS = 3.5 * IDLE_S * 1000;

let stack: LocalStack;
beforeAll(async () => {
  const idle = { CARILLON_WS_IDLE_S: String(IDLE_S), CARILLON_EDGE_IDLE_S: String(IDLE_S) };
  stack = await startLocalStack({ CARILLON_STAGE: 'test', ...idle });
});
afterAll(() => stack.stop());

it('keeps quiet clients connected, without a reconnect', async () => {
  const token = async () => {
    const claims = { user_id: unique('quiet') };
    const { body } = await api(stack.url).request('POST', '/_local/tokens', { body: { claims } });
    return body.token;
  };
  const options = async (more: object) => ({ forceNew: true, auth: { token: await token() }, ...more });
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
