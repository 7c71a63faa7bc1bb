import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { ecKeys, rsaKeys } from '../support/pem-keys.ts';
import { aService, type Service } from '../support/push/a-service.ts';
import { type Services, startServices } from '../support/services.ts';

const PATIENTLY = { timeout: 10_000 };

let services: Services;
let fcm: Service;
let apns: Service;
beforeAll(async () => {
  fcm = await aService(({ answer }) => answer(200, '{"access_token":"a","expires_in":3600}'));
  apns = await aService(({ answer }) => answer());
  const { endpoint, table } = inject('dynamodb');
  services = await startServices(endpoint, table, {
    firebase: { default: { project_id: 'p', client_email: 'c@p', private_key: rsaKeys().privateKey } },
    apn: { default: { key: ecKeys().privateKey, key_id: 'KEYID12345', team_id: 'TEAMID1234', bundle_id: 'app' } },
  });
  Object.assign(process.env, {
    PUSH_PROVIDERS_SECRET: 'push-providers',
    CARILLON_FCM_ENDPOINT: fcm.endpoint,
    CARILLON_APNS_ENDPOINT: apns.endpoint,
  });
});
afterAll(async () => {
  services.close();
  await Promise.all([fcm.close(), apns.close()]);
});

it('connects to the push services and fetches an access token while the ring function initialises', async () => {
  await import('../../functions/queue/ring.ts');
  await vi.waitFor(() => {
    expect(fcm.received.map(({ path }) => path)).toEqual(['/token']);
    // Google has a host for OAuth and another for messages.
    expect(fcm.sessions).toHaveLength(2);
    expect(apns.sessions).toHaveLength(1);
  }, PATIENTLY);
  expect(apns.received).toEqual([]);
});
