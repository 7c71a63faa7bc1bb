import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { dynamoPushTokenStore } from '#adapters/dynamodb/push-token-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { keyRing } from '#adapters/jwt/key-ring.ts';
import { tokenMint } from '#adapters/jwt/tokens.ts';
import { epochMs, HOUR_MS, later } from '#domain/time.ts';
import { handler } from '../../functions/http/index.ts';
import { anAndroidPhone } from '../support/builders.ts';
import { type Services, startServices } from '../support/services.ts';
import { tokenTable } from '../support/token-table.ts';

const RING = { current: 'k1', k1: 'a-key-that-is-long-enough-to-sign-with' };
const clock = () => epochMs(Date.now());
const mint = tokenMint(
  keyRing(async () => JSON.stringify(RING), clock),
  clock,
);
/** The wake tokens of a phone that is not registered are refused. */
const PHONE = anAndroidPhone({ key: 'phone-of-mint-kinds' });

let services: Services;
beforeAll(async () => {
  const { endpoint, table } = inject('dynamodb');
  services = await startServices(endpoint, table, RING);
  await dynamoPushTokenStore(dynamoTable(table, clock)).register(PHONE);
});
afterAll(() => services.close());

/** A token of each kind; for a route that no call is about, how its call stands makes no difference. */
function tokenOf(kind: string): Promise<string> {
  const soon = later(clock(), HOUR_MS);
  if (kind === 'login') return mint.login({ userId: 'bob' }, soon);
  if (kind === 'call') return mint.call({ userId: 'bob', cid: 'default:c1', tokenFingerprint: 'x' }, soon);
  if (kind.startsWith('wake')) return mint.wake(PHONE, { cid: 'default:c1', ringId: 'r1' }, soon);
  return new SignJWT({ role: 'server' })
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(RING.k1));
}

const cells = tokenTable().filter(({ action }) => action === 'mint a login token');

it.each(cells)('a deployment mints for $kind: $outcome', async ({ kind, outcome }) => {
  const event = {
    requestContext: { http: { method: 'POST', path: '/v1/api/callStreams' } },
    headers: { authorization: `Bearer ${await tokenOf(kind)}` },
    body: JSON.stringify({ userId: 'alice' }),
    isBase64Encoded: false,
  };
  const { statusCode = 0, body = '' } = await handler(event as unknown as APIGatewayProxyEventV2);
  expect(statusCode < 300 ? 'yes' : JSON.parse(body).code).toBe(outcome);
});

it('has a row for minting', () => expect(cells).toHaveLength(6));
