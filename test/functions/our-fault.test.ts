import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ServiceError } from '#domain/errors.ts';
import { problemReply } from '#kit/http/problem.ts';
import { handler as http } from '../../functions/http/index.ts';
import { handler as command } from '../../functions/websocket/command.ts';
import { frameEvent, httpEvent } from '../support/events.ts';
import { KEY_RING, signedToken } from '../support/key-ring.ts';
import { unique } from '../support/people.ts';
import { BROKEN, type Services, startServices } from '../support/services.ts';

// Refusals that no client can provoke: the table fails, or somebody else always changes the call first.

const [alice, bob] = [unique('alice'), unique('bob')];
let services: Services;
beforeAll(async () => {
  const { endpoint, table } = inject('dynamodb');
  services = await startServices(endpoint, table, KEY_RING);
});
afterAll(() => services.close());

const post = async (userId: string, path: string, body: object = {}) =>
  http(httpEvent({ path, token: await signedToken({ user_id: userId }), body: JSON.stringify(body) }));

async function answerTo(userId: string, frame: object): Promise<unknown> {
  await command(frameEvent(userId, userId, JSON.stringify(frame)));
  return JSON.parse(services.posts.findLast(({ connectionId }) => connectionId === userId)?.text ?? '');
}

const RETRY_AFTER = { 'retry-after': '1' };

it('asks the client to try again if others keep changing the call first', async () => {
  const id = unique('c');
  const path = `/api/v2/video/call/default/${id}`;
  expect((await post(alice, path, { members: [{ user_id: bob }], ring: true })).statusCode).toBe(201);
  services.contended = true;
  const answer = await post(bob, `${path}/accept`);
  expect(answer).toMatchObject({ statusCode: 503, headers: RETRY_AFTER });
  expect(JSON.parse(answer.body ?? '')).toMatchObject({ status: 503, code: 'contended' });
  const frame = { type: 'call.accept', id: 1, call_cid: `default:${id}` };
  expect(await answerTo(bob, frame)).toMatchObject({ type: 'error', id: 1, error: { code: 'contended' } });
  services.contended = false;
  expect((await post(bob, `${path}/accept`)).statusCode).toBe(200);
});

it('tells a client that is too fast when to come back', () => {
  expect(problemReply(new ServiceError('rate_limited', 'slow down'))).toMatchObject({
    statusCode: 429,
    headers: RETRY_AFTER,
  });
});

it('does not tell a client what went wrong inside, but by which id to find it in the log', async () => {
  services.broken = true;
  const path = `/api/v2/video/call/default/${unique('c')}`;
  const { statusCode, body = '' } = await post(alice, `${path}/accept`);
  expect(statusCode).toBe(500);
  expect(Object.keys(JSON.parse(body)).toSorted()).toEqual([
    'code',
    'detail',
    'error',
    'request_id',
    'status',
    'title',
    'type',
  ]);
  expect(body).not.toContain(BROKEN);
  const answer = await answerTo(alice, { type: 'call.accept', id: 1, call_cid: 'default:x' });
  expect(answer).toMatchObject({
    type: 'error',
    id: 1,
    for: 'call.accept',
    error: { code: 'internal', request_id: expect.any(String) },
  });
  expect(JSON.stringify(answer)).not.toContain(BROKEN);
});
