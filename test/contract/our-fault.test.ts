import type { APIGatewayProxyEventV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ServiceError } from '#domain/errors.ts';
import { problemReply } from '#kit/http/problem.ts';
import { handler as http } from '../../functions/http/index.ts';
import { handler as command } from '../../functions/websocket/command.ts';
import { unique } from '../support/people.ts';
import { BROKEN, type Services, startServices } from '../support/services.ts';

// Refusals that no client can bring about by itself: a table that fails, a call that always changes first.

const KEY = 'a-key-that-is-long-enough-to-sign-with';
const [alice, bob] = [unique('alice'), unique('bob')];
let services: Services;
beforeAll(async () => {
  const { endpoint, table } = inject('dynamodb');
  services = await startServices(endpoint, table, { current: 'k1', k1: KEY });
});
afterAll(() => services.close());

async function post(userId: string, path: string, body: object = {}) {
  const token = await new SignJWT({ user_id: userId })
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(KEY));
  const event = {
    requestContext: { http: { method: 'POST', path } },
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
  return http(event as unknown as APIGatewayProxyEventV2);
}

async function sent(userId: string, frame: object): Promise<unknown> {
  const authorizer = { user_id: userId, kind: 'login', token_fingerprint: userId };
  const event = { requestContext: { connectionId: userId, authorizer }, body: JSON.stringify(frame) };
  await command(event as unknown as APIGatewayProxyWebsocketEventV2);
  return JSON.parse(services.posts.findLast(({ connectionId }) => connectionId === userId)?.text ?? '');
}

const RETRY_AFTER = { 'retry-after': '1' };

it('asks to try again where others always change the call first', async () => {
  const id = unique('c');
  const path = `/api/v2/video/call/default/${id}`;
  expect((await post(alice, path, { members: [{ user_id: bob }], ring: true })).statusCode).toBe(201);
  services.contended = true;
  const answer = await post(bob, `${path}/accept`);
  expect(answer).toMatchObject({ statusCode: 503, headers: RETRY_AFTER });
  expect(JSON.parse(answer.body ?? '')).toMatchObject({ status: 503, code: 'contended' });
  const frame = { type: 'call.accept', id: 1, call_cid: `default:${id}` };
  expect(await sent(bob, frame)).toMatchObject({ type: 'error', id: 1, error: { code: 'contended' } });
  services.contended = false;
  expect((await post(bob, `${path}/accept`)).statusCode).toBe(200);
});

it('says when to come back to whoever is too fast', () => {
  expect(problemReply(new ServiceError('rate_limited', 'slow down'))).toMatchObject({
    statusCode: 429,
    headers: RETRY_AFTER,
  });
});

it('keeps what went wrong inside to itself, and says how to find it in the log', async () => {
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
  const answer = await sent(alice, { type: 'call.accept', id: 1, call_cid: 'default:x' });
  expect(answer).toMatchObject({
    type: 'error',
    id: 1,
    for: 'call.accept',
    error: { code: 'internal', request_id: expect.any(String) },
  });
  expect(JSON.stringify(answer)).not.toContain(BROKEN);
});
