import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handler } from '../../functions/http/index.ts';

const KEY = 'a-key-that-is-long-enough-to-sign-with';
let secrets: Server;

/** Runs the http function as it is deployed, with `OPEN_MINT` off, before a Secrets Manager that has one key ring. */
beforeAll(async () => {
  secrets = createServer((_, response) =>
    response.end(JSON.stringify({ SecretString: JSON.stringify({ current: 'k1', k1: KEY }) })),
  );
  await once(secrets.listen(0, '127.0.0.1'), 'listening');
  const address = secrets.address();
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    TABLE_NAME: 'unused',
    TOKEN_KEYS_SECRET: 'token-keys',
    TURN_SECRET: 'turn',
    STUN_URLS: '',
    RING_QUEUE_URL: 'http://127.0.0.1/ring',
    DEADLINE_QUEUE_URL: 'http://127.0.0.1/deadline',
    CONNECTIONS_URL: 'http://127.0.0.1/ws',
    BUSY: 'reject',
    RETENTION_DAYS: '30',
    MAX_DURATION_S: '43200',
    STAGE: 'test',
    VANISH_GRACE_S: '20',
    ANSWER_GRACE_S: '60',
    OPEN_MINT: 'false',
    VERSION: '0.0.0',
  });
});
afterAll(() => secrets.close());

const tokenOf = (claims: Record<string, unknown>) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    .setExpirationTime('1m')
    .sign(new TextEncoder().encode(KEY));

async function mint(token?: string) {
  const event = {
    requestContext: { http: { method: 'POST', path: '/v1/api/callStreams' } },
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    body: JSON.stringify({ userId: 'alice' }),
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
  const { statusCode, body } = await handler(event);
  return { status: statusCode, body: JSON.parse(body ?? '') };
}

it('mints for the app’s own backend alone where it is deployed', async () => {
  expect(await mint()).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  expect(await mint('nonsense')).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  expect(await mint(await tokenOf({ user_id: 'alice' }))).toMatchObject({ status: 403, body: { code: 'not_allowed' } });
  const { status, body } = await mint(await tokenOf({ role: 'server' }));
  expect(status).toBe(200);
  expect(body).toMatchObject({ userId: 'alice', token: expect.any(String) });
});
