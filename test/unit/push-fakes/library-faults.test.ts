import { Agent } from 'node:https';
import { Notification, Provider } from '@parse/node-apn';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getMessaging } from 'firebase-admin/messaging';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PushFakes, startPushFakes } from '#local/push/push-fakes.ts';
import { aLinkTo } from '../../support/push/silent-link.ts';
import { accessTokenOf, apnsKey, serviceAccount } from './raw-clients.ts';

// Why the sender does not use these libraries. Each test passes as long as its reason exists.

let fakes: PushFakes;
beforeAll(async () => {
  fakes = await startPushFakes();
});
afterAll(() => fakes.close());

it('node-apn keeps using a connection that has died silently', async () => {
  const link = await aLinkTo(fakes.apnsEndpoint);
  const { key, key_id: keyId, team_id: teamId, bundle_id: bundleId } = apnsKey(fakes);
  const { hostname: address, port } = new URL(link.endpoint);
  const provider = new Provider({
    token: { key, keyId, teamId },
    address,
    port: Number(port),
    ca: [fakes.caPem],
    // Five seconds by default, for each of these pushes.
    requestTimeout: 500,
  });
  const notification = new Notification();
  Object.assign(notification, { topic: `${bundleId}.voip`, pushType: 'voip', rawPayload: { aps: {}, a: 'b' } });
  const push = () => provider.send(notification, 'abcd');
  expect((await push()).sent).toHaveLength(1);
  link.goSilent();
  for (let pushes = 0; pushes < 3; pushes += 1)
    expect((await push()).failed).toMatchObject([{ error: { message: 'apn write timeout' } }]);
  await provider.shutdown();
  link.close();
});

it('firebase-admin retries a push without telling its caller, who never sees the first answer', async () => {
  const { hostname: host, port } = new URL(fakes.fcmEndpoint);
  class FakeAgent extends Agent {
    override createConnection(options: object, done: () => void) {
      return super.createConnection({ ...options, host, port: Number(port), servername: host, ca: fakes.caPem }, done);
    }
  }
  const app = initializeApp(
    {
      credential: { getAccessToken: async () => ({ access_token: await accessTokenOf(fakes), expires_in: 3600 }) },
      projectId: serviceAccount(fakes).project_id,
      httpAgent: new FakeAgent(),
    },
    'repeating',
  );
  fakes.script('repeated', [{ status: 503 }]);
  await getMessaging(app).send({ token: 'repeated', data: { a: 'b' } });
  expect(fakes.pushes('repeated').map(({ status }) => status)).toEqual([503, 200]);
  await deleteApp(app);
});
