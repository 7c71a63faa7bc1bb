import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../bench/local-stack.ts';
import { api, openSocket } from '../../support/raw-client.ts';

/** How long this stack's gateway and edge let a connection be quiet: longer than the keep-alive of the stage `test`. */
const IDLE_S = 8;

let stack: LocalStack;
beforeAll(async () => {
  const CARILLON_WS_IDLE_S = String(IDLE_S);
  stack = await startLocalStack({
    CARILLON_STAGE: 'test',
    CARILLON_WS_IDLE_S,
    CARILLON_EDGE_IDLE_S: CARILLON_WS_IDLE_S,
  });
});
afterAll(() => stack.stop());

it('keeps a client in a room that says nothing, however often the gateway would have closed it', async () => {
  const { body } = await api(stack.url).request('POST', '/v1/api/callStreams', { body: { userId: 'alice' } });
  const token = encodeURIComponent(body.token);
  const native = await openSocket(`${stack.url}/ws?token=${token}`);
  const room = await openSocket(`${stack.url}/webrtc/ws/standup?token=${token}`);
  // What nobody keeps alive is closed: so the limit is real.
  await native.closed;
  for (let i = 0; i < 5; i += 1) await room.next('keep_alive');
  room.send({ type: 'offer', payload: {}, room_id: 'standup' });
  await room.next('error');
  expect(room.frames.map(({ type }) => type).filter((type) => type !== 'keep_alive')).toEqual(['room_state', 'error']);
  await room.close();
});
