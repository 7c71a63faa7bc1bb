import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apnsSender } from '#adapters/apns/sender.ts';
import { fcmSender } from '#adapters/fcm/sender.ts';
import { parsePushProviders } from '#adapters/secrets/push-providers.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import { epochMs, later } from '#domain/time.ts';
import { type PushFakes, startPushFakes } from '#local/push/push-fakes.ts';
import type { Push, PushSender } from '#ports/push-sender.ts';
import { pushId } from '#wire/push/push-id.ts';
import { anAndroidPhone, anIphone, aPush } from '../support/builders.ts';

let fakes: PushFakes;
let fcm: PushSender;
let apns: PushSender;
beforeAll(async () => {
  fakes = await startPushFakes();
  setDefaultCACertificates([...getCACertificates('default'), fakes.caPem]);
  const { firebase, apn } = parsePushProviders(JSON.stringify(fakes.providersSecret));
  fcm = fcmSender({
    account: async (name) => firebase[name],
    clock: () => epochMs(Date.now()),
    endpoint: fakes.fcmEndpoint,
  });
  apns = apnsSender({
    key: async (name) => apn[name],
    clock: () => epochMs(Date.now()),
    endpoint: fakes.apnsEndpoint,
    sandboxEndpoint: fakes.apnsSandboxEndpoint,
  });
});
afterAll(async () => {
  // The one rule that a test here breaks on purpose: a key that Google does not know.
  expect(fakes.violations().filter(({ rule }) => rule !== 'oauth')).toEqual([]);
  await fakes.close();
});

const aRing = (): Push => aPush({ ringId: randomUUID(), expiresAt: later(epochMs(Date.now()), 45_000) });

/** What every sender promises, whatever the service behind it. */
const pushSenderContract = (
  name: string,
  sender: () => PushSender,
  aDevice: (extra?: Partial<PushToken>) => PushToken,
  dead: object,
) =>
  describe(`PushSender: ${name}`, () => {
    const device = () => aDevice({ token: `${name}-${randomUUID()}` });
    const scripted = (...outcomes: object[]) => {
      const one = device();
      fakes.script(one.token, outcomes);
      return one;
    };
    it('tells what was accepted, and by which id', async () => {
      expect(await sender().send(device(), aRing())).toMatchObject({ kind: 'accepted', messageId: expect.any(String) });
    });
    it('sends once, and tells what is worth another attempt', async () => {
      for (const outcome of [{ status: 503 }, { status: 500 }, { status: 429 }, { drop: true }]) {
        const phone = scripted(outcome);
        expect(await sender().send(phone, aRing())).toMatchObject({
          kind: 'retryable',
          status: 'status' in outcome ? outcome.status : 0,
        });
        expect(fakes.pushes(phone.token)).toHaveLength(1);
      }
    });
    it('gives up on a service that does not answer, within 3 s or so', async () => {
      const startedAt = Date.now();
      expect(await sender().send(scripted({ drop: 'silent' }), aRing())).toMatchObject({
        kind: 'retryable',
        status: 0,
      });
      expect(Date.now() - startedAt).toBeLessThan(5000);
    });
    it('tells a dead token from one that may be refused through our own fault', async () => {
      expect(await sender().send(scripted(dead), aRing())).toMatchObject({ kind: 'unregistered' });
      expect(await sender().send(scripted({ status: 403 }), aRing())).toMatchObject({ kind: 'refused', status: 403 });
    });
    it('refuses a device of a provider that is not configured', async () => {
      expect(await sender().send(aDevice({ providerName: 'nobody' }), aRing())).toMatchObject({
        kind: 'refused',
        status: 0,
      });
    });
    it('serves many devices at once over a connection that has just opened', async () => {
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => sender().send(device(), aRing())));
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
    });
  });

pushSenderContract('FCM', () => fcm, anAndroidPhone, { status: 404, reason: 'UNREGISTERED' });
pushSenderContract('APNs', () => apns, anIphone, { status: 410, reason: 'Unregistered' });
pushSenderContract(
  'APNs sandbox',
  () => apns,
  (extra) => anIphone({ sandbox: true, ...extra }),
  { status: 410, reason: 'ExpiredToken' },
);

it('brings the Retry-After of FCM', async () => {
  const phone = anAndroidPhone({ token: randomUUID() });
  fakes.script(phone.token, [{ status: 429, retry_after: 7 }]);
  expect(await fcm.send(phone, aRing())).toMatchObject({ kind: 'retryable', retryAfterMs: 7000 });
});

it('takes a revoked or malformed service account for a refusal, which no retry mends', async () => {
  const { firebase } = parsePushProviders(JSON.stringify(fakes.providersSecret));
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  for (const private_key of [privateKey, '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----']) {
    const account = { project_id: 'p', client_email: 'c', ...firebase['default'], private_key };
    const sender = fcmSender({
      account: async () => account,
      clock: () => epochMs(Date.now()),
      endpoint: fakes.fcmEndpoint,
    });
    expect(await sender.send(anAndroidPhone({ token: randomUUID() }), aRing())).toMatchObject({
      kind: 'refused',
      reason: 'bad credentials',
    });
  }
});

it('takes a bare 404 of FCM for no verdict on the token', async () => {
  const phone = anAndroidPhone({ token: randomUUID() });
  fakes.script(phone.token, [{ status: 404, reason: 'NOT_FOUND' }]);
  expect(await fcm.send(phone, aRing())).toMatchObject({ kind: 'refused', status: 404 });
});

it('tells a token that belongs to the other environment', async () => {
  const phone = anIphone({ token: randomUUID() });
  fakes.script(phone.token, [{ status: 400, reason: 'BadDeviceToken' }]);
  expect(await apns.send(phone, aRing())).toMatchObject({ kind: 'wrong_environment' });
});

it('brings the Retry-After of APNs', async () => {
  const phone = anIphone({ token: randomUUID() });
  fakes.script(phone.token, [{ status: 429, retry_after: 7 }]);
  expect(await apns.send(phone, aRing())).toMatchObject({ kind: 'retryable', retryAfterMs: 7000 });
});

it('mints a new provider token where APNs calls the old one expired, and repeats the same push once', async () => {
  const phone = anIphone({ token: randomUUID() });
  fakes.script(phone.token, [{ status: 403, reason: 'ExpiredProviderToken' }]);
  const ring = aRing();
  const id = pushId(ring, phone);
  expect(await apns.send(phone, ring)).toEqual({ kind: 'accepted', messageId: id });
  expect(fakes.pushes(phone.token).map(({ headers }) => headers['apns-id'])).toEqual([id, id]);
});

it('takes a malformed APNs key for a refusal, which no retry mends', async () => {
  const { apn } = parsePushProviders(JSON.stringify(fakes.providersSecret));
  const sender = apnsSender({
    key: async (name) =>
      apn[name] && { ...apn[name], key: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----' },
    clock: () => epochMs(Date.now()),
    endpoint: fakes.apnsEndpoint,
  });
  expect(await sender.send(anIphone(), aRing())).toMatchObject({ kind: 'refused', reason: 'bad credentials' });
});
