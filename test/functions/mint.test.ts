import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { dynamoPushTokenStore } from '#adapters/dynamodb/push-token-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { keyRing } from '#adapters/jwt/key-ring.ts';
import { tokenMint } from '#adapters/jwt/tokens.ts';
import { epochMs, HOUR_MS, later } from '#domain/time.ts';
import { handler } from '../../functions/http/index.ts';
import { operatorToken } from '../../tools/operator-token.ts';
import { anIssuer, type IssuerKeyPair, keyPair, type TestIssuer } from '../support/an-issuer.ts';
import { anAndroidPhone } from '../support/builders.ts';
import { httpEvent } from '../support/events.ts';
import { KEY_RING, signedToken } from '../support/key-ring.ts';
import { type Services, startServices } from '../support/services.ts';
import { tokenTable } from '../support/token-table.ts';

// The minting of logins with `OPEN_MINT` off, as in every deployment. In the local stack it is open to everybody.

const clock = () => epochMs(Date.now());
const tokens = tokenMint(
  keyRing(async () => JSON.stringify(KEY_RING), clock),
  clock,
);

/** The wake tokens of a phone that is not registered are refused. */
const PHONE = anAndroidPhone({ key: 'phone-of-mint' });

let services: Services;
let idp: TestIssuer;
let key: IssuerKeyPair;
beforeAll(async () => {
  key = await keyPair('ES256', 'k');
  idp = await anIssuer(Date.now, [key.jwk]);
  const { endpoint, table } = inject('dynamodb');
  services = await startServices(endpoint, table, KEY_RING);
  const issuers = [{ issuer: idp.url, audience: ['carillon'] }];
  Object.assign(process.env, { ISSUERS: JSON.stringify(issuers), PRIVATE_NETWORKS: '127.0.0.0/8,::1/128' });
  await dynamoPushTokenStore(dynamoTable(table, clock)).register(PHONE);
});
afterAll(() => {
  services.close();
  return idp.close();
});

async function mint(token?: string, userId = 'alice') {
  const body = JSON.stringify({ userId });
  const { statusCode, body: answer = '' } = await handler(
    httpEvent({ path: '/v1/api/callStreams', body, ...(token !== undefined && { token }) }),
  );
  return { status: statusCode ?? 0, body: JSON.parse(answer) };
}

it('mints for the app’s own backend alone', async () => {
  expect(await mint()).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  expect(await mint('nonsense')).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  expect(await mint(await signedToken({ user_id: 'alice' }))).toMatchObject({
    status: 403,
    body: { code: 'not_allowed' },
  });
  const { status, body } = await mint(await signedToken({ role: 'server' }));
  expect(status).toBe(200);
  expect(body).toMatchObject({ userId: 'alice', token: expect.any(String) });
});

it('mints a login that is as old as the token that it follows, so that a sign-out in between refuses both', async () => {
  const iat = Math.floor(Date.now() / 1000) - 100;
  const { body } = await mint(await idp.sign(key, { sub: 'bob', iat }), 'bob');
  expect(decodeJwt(body.token).iat).toBe(iat);
  const dateless = await mint(await idp.sign(key, { sub: 'bob', iat: undefined }), 'bob');
  expect(decodeJwt(dateless.body.token).iat).toBe(0);
});

/** A token of each kind in docs/tokens.md. The state of a call makes no difference to a route that is about no call. */
function tokenOf(kind: string): Promise<string> {
  const soon = later(clock(), HOUR_MS);
  if (kind === 'IdP login') return idp.sign(key, { sub: 'bob' });
  if (kind === 'login') return tokens.login({ userId: 'bob' }, soon);
  if (kind === 'operator') return operatorToken(async () => JSON.stringify(KEY_RING), 'Olga', clock);
  if (kind === 'call') return tokens.call({ userId: 'bob', cid: 'default:c1', tokenFingerprint: 'x' }, soon);
  if (kind.startsWith('wake')) return tokens.wake(PHONE, { cid: 'default:c1', ringId: 'r1' }, soon);
  return signedToken({ role: 'server' });
}

const cells = tokenTable().filter(({ action }) => action.startsWith('mint'));

it.each(cells)('answers a token of kind $kind that is to $action with: $outcome', async ({ action, kind, outcome }) => {
  const { status, body } = await mint(await tokenOf(kind), action === 'mint for oneself' ? 'bob' : 'alice');
  expect(status < 300 ? 'yes' : body.code).toBe(outcome);
});

it('has two rows in docs/tokens.md', () => expect(cells).toHaveLength(16));
