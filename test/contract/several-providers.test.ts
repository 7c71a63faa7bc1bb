import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterEach, expect, it } from 'vitest';
import { apnsSender } from '#adapters/apns/sender.ts';
import { fcmSender } from '#adapters/fcm/sender.ts';
import { parsePushProviders } from '#adapters/secrets/push-providers.ts';
import { epochMs, later } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';
import { anAndroidPhone, anIphone, aPush } from '../support/builders.ts';
import { ecKeys, rsaKeys } from '../support/pem-keys.ts';
import { aService, type Received, type Service } from '../support/push/a-service.ts';

// Two apps in one secret: each push is sent as its own app. Apple ties a connection to one app, so APNs gets one for each.

const anApp = (name: string) => ({
  key: ecKeys().privateKey,
  key_id: `KEY${name}`,
  team_id: `TEAM${name}`.slice(0, 10),
  bundle_id: `com.example.${name}`,
});
const aProject = (name: string) => ({
  project_id: name,
  client_email: `push@${name}.iam.gserviceaccount.com`,
  private_key: rsaKeys().privateKey,
});

const clock = () => epochMs(Date.now());
const aRing = (): Push => aPush({ expiresAt: later(clock(), 45_000) });
const bearerOf = ({ headers }: Received): string => String(headers['authorization']).replace(/^bearer /i, '');

let service: Service;
afterEach(() => service.close());

it('pushes to each bundle with its own key, team and connection, and to the sandbox over another connection', async () => {
  service = await aService(({ answer }) => answer(200));
  const { apn, faults } = parsePushProviders(
    JSON.stringify({ apn: { first: anApp('FIRSTXX'), second: anApp('SECONDX') } }),
  );
  expect(faults).toEqual({});
  const { endpoint } = service;
  const sender = apnsSender({ key: async (name) => apn[name], clock, endpoint, sandboxEndpoint: endpoint });
  for (const [providerName, sandbox] of [
    ['first', false],
    ['second', false],
    ['first', true],
    ['first', false],
  ] as const) {
    expect(await sender.send(anIphone({ providerName, sandbox }), aRing())).toMatchObject({ kind: 'accepted' });
  }
  const seen = service.received.map((request) => [
    request.headers['apns-topic'],
    decodeProtectedHeader(bearerOf(request)).kid,
    decodeJwt(bearerOf(request)).iss,
    service.sessions.indexOf(request.session),
  ]);
  const first = ['com.example.FIRSTXX.voip', 'KEYFIRSTXX', 'TEAMFIRSTX'];
  expect(seen).toEqual([
    [...first, 0],
    ['com.example.SECONDX.voip', 'KEYSECONDX', 'TEAMSECOND', 1],
    [...first, 2],
    [...first, 0],
  ]);
});

it('pushes to each Firebase project as its own service account', async () => {
  service = await aService(({ path, text, answer }) => {
    if (path !== '/token') return answer(200, JSON.stringify({ name: `${path}/1` }));
    const issuer = decodeJwt(new URLSearchParams(text).get('assertion') ?? '').iss;
    return answer(200, JSON.stringify({ access_token: `token of ${issuer}`, expires_in: 3600 }));
  });
  const { firebase } = parsePushProviders(
    JSON.stringify({ firebase: { default: aProject('one'), other: aProject('two') } }),
  );
  const sender = fcmSender({ account: async (name) => firebase[name], clock, endpoint: service.endpoint });
  await sender.send(anAndroidPhone(), aRing());
  await sender.send(anAndroidPhone({ providerName: 'other' }), aRing());
  const sent = service.received.filter(({ path }) => path !== '/token');
  expect(sent.map((request) => [request.path, bearerOf(request)])).toEqual([
    ['/v1/projects/one/messages:send', 'token of push@one.iam.gserviceaccount.com'],
    ['/v1/projects/two/messages:send', 'token of push@two.iam.gserviceaccount.com'],
  ]);
});
