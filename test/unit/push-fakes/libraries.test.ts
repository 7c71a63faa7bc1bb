import { createECDH } from 'node:crypto';
import { Agent } from 'node:https';
import { Notification, Provider } from '@parse/node-apn';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getMessaging } from 'firebase-admin/messaging';
import { decrypt } from 'http_ece';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateVAPIDKeys, sendNotification } from 'web-push';
import { type PushFakes, startPushFakes } from '#local/push/push-fakes.ts';
import { accessTokenOf, apnsKey, serviceAccount, vapidKeys } from './raw-clients.ts';

let fakes: PushFakes;
beforeAll(async () => {
  fakes = await startPushFakes();
});
afterAll(() => fakes.close());

const place = (endpoint: string) => {
  const { hostname, port } = new URL(endpoint);
  return { host: hostname, port: Number(port) };
};

it('firebase-admin sends through the fake of FCM', async () => {
  class FakeAgent extends Agent {
    override createConnection(options: object, done: () => void) {
      const { host, port } = place(fakes.fcmEndpoint);
      return super.createConnection({ ...options, host, port, servername: host, ca: fakes.caPem }, done);
    }
  }
  const app = initializeApp({
    credential: { getAccessToken: async () => ({ access_token: await accessTokenOf(fakes), expires_in: 3600 }) },
    projectId: serviceAccount(fakes).project_id,
    httpAgent: new FakeAgent(),
  });
  const message = { token: 'of-firebase', data: { a: 'b' }, android: { priority: 'high' as const, ttl: 45_000 } };
  expect(await getMessaging(app).send(message)).toMatch(/^projects\/carillon-local\/messages\//);
  expect(fakes.pushes('of-firebase')[0]?.body).toMatchObject({
    message: { android: { priority: 'high', ttl: '45s' } },
  });
  fakes.script('of-firebase', [{ status: 404, reason: 'UNREGISTERED' }]);
  await expect(getMessaging(app).send(message)).rejects.toMatchObject({
    code: 'messaging/registration-token-not-registered',
  });
  await deleteApp(app);
});

it('node-apn sends through the fake of APNs, also many at once', async () => {
  const { key, key_id: keyId, team_id: teamId, bundle_id: bundleId } = apnsKey(fakes);
  const { host, port } = place(fakes.apnsEndpoint);
  const options = { token: { key, keyId, teamId }, address: host, port, ca: [fakes.caPem], connectionRetryLimit: 0 };
  // Without the limit, all but one of the requests on a new connection would be refused.
  const provider = new Provider(Object.assign(options, { peerMaxConcurrentStreams: 1 }));
  const notification = new Notification();
  Object.assign(notification, { topic: `${bundleId}.voip`, pushType: 'voip', rawPayload: { aps: {}, a: 'b' } });
  const results = await Promise.all(Array.from({ length: 5 }, () => provider.send(notification, 'abcd')));
  expect(results.flatMap(({ sent }) => sent)).toHaveLength(5);
  fakes.script('abcd', [{ status: 410, timestamp: 1 }]);
  const { failed } = await provider.send(notification, 'abcd');
  expect(failed[0]).toMatchObject({ status: 410, response: { reason: 'Unregistered', timestamp: 1 } });
  await provider.shutdown();
});

it('web-push sends through the fake of a browser’s push service', async () => {
  const { public_key: publicKey, private_key: privateKey, subject } = vapidKeys(fakes);
  const subscription = fakes.subscribe();
  const options = { vapidDetails: { publicKey, privateKey, subject }, TTL: 45, agent: new Agent({ ca: fakes.caPem }) };
  const send = (text: string, vapid = options.vapidDetails) =>
    sendNotification(subscription, text, { ...options, vapidDetails: vapid });
  expect(await send('{"a":"b"}')).toMatchObject({ statusCode: 201 });
  expect(fakes.pushes(subscription.endpoint)).toMatchObject([{ body: { a: 'b' }, provider: 'webpush' }]);
  const { publicKey: otherPublic, privateKey: otherPrivate } = generateVAPIDKeys();
  const others = { publicKey: otherPublic, privateKey: otherPrivate, subject };
  await expect(send('{}', others)).rejects.toMatchObject({ statusCode: 403 });
  await expect(send('x'.repeat(4096))).rejects.toMatchObject({ statusCode: 413 });
  fakes.setPhone(subscription.endpoint, 'gone');
  await expect(send('{}')).rejects.toMatchObject({ statusCode: 410 });
});

it('reads the example of RFC 8291, with the same package', () => {
  const privateKey = createECDH('prime256v1');
  privateKey.setPrivateKey('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94', 'base64url');
  const message =
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN';
  const options = { version: 'aes128gcm', privateKey, authSecret: 'BTBZMqHH6r4Tts7J_aSIgg' } as const;
  expect(String(decrypt(Buffer.from(message, 'base64url'), options))).toBe('When I grow up, I want to be a watermelon');
});
