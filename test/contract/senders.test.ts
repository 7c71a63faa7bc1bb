import { createECDH, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apnsLibrarySender } from '#adapters/apns/library-sender.ts';
import { apnsSender } from '#adapters/apns/sender.ts';
import { fcmLibrarySender } from '#adapters/fcm/library-sender.ts';
import { type FcmSenderOptions, fcmSender } from '#adapters/fcm/sender.ts';
import { parsePushProviders } from '#adapters/secrets/push-providers.ts';
import { webPushOutcome } from '#adapters/webpush/outcome.ts';
import { webPushSender } from '#adapters/webpush/sender.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import { epochMs, later } from '#domain/time.ts';
import { type PushFakes, startPushFakes } from '#local/push/push-fakes.ts';
import type { PushRecord } from '#local/push/push-log.ts';
import type { Push, PushOutcome, PushSender } from '#ports/push-sender.ts';
import { pushKeys } from '#wire/push/format.ts';
import { pushId } from '#wire/push/push-id.ts';
import { aBrowser, anAndroidPhone, anIphone, aPush } from '../support/builders.ts';
import { rsaKeys } from '../support/pem-keys.ts';

const clock = () => epochMs(Date.now());

let fakes: PushFakes;
let fcm: PushSender;
let apns: PushSender;
let fcmLibrary: PushSender;
let apnsLibrary: PushSender;
let webPush: PushSender;
beforeAll(async () => {
  fakes = await startPushFakes();
  setDefaultCACertificates([...getCACertificates('default'), fakes.caPem]);
  const { firebase, apn, webpush } = parsePushProviders(JSON.stringify(fakes.providersSecret));
  const toFcm: FcmSenderOptions = { account: async (name) => firebase[name], clock, endpoint: fakes.fcmEndpoint };
  fcm = fcmSender(toFcm);
  fcmLibrary = fcmLibrarySender(toFcm);
  const toApns = {
    key: async (name: string) => apn[name],
    clock,
    endpoint: fakes.apnsEndpoint,
    sandboxEndpoint: fakes.apnsSandboxEndpoint,
  };
  apns = apnsSender(toApns);
  apnsLibrary = apnsLibrarySender(toApns);
  webPush = webPushSender({
    account: async (name) => webpush[name],
    clock,
    hosts: [new URL(fakes.webPushOrigin).host],
  });
});
afterAll(async () => {
  // Two rules are broken here on purpose: tests use a key that Google does not know, and one that a browser does not.
  expect(fakes.violations().filter(({ rule }) => rule !== 'oauth' && rule !== 'vapid')).toEqual([]);
  await fakes.close();
});

const aRing = (): Push => aPush({ ringId: randomUUID(), expiresAt: later(epochMs(Date.now()), 45_000) });

/** Sends a push to a service that does not answer, by the name of the sender. */
const unanswered = new Map<string, () => Promise<PushOutcome>>();

/** What every sender promises, whichever service it sends to. */
const pushSenderContract = (
  name: string,
  sender: () => PushSender,
  aPushToken: (extra?: Partial<PushToken>) => PushToken,
  dead: object,
) =>
  describe(`PushSender: ${name}`, () => {
    const pushToken = () => aPushToken({ token: `${name}-${randomUUID()}` });
    const scripted = (...outcomes: object[]) => {
      const one = pushToken();
      fakes.script(one.token, outcomes);
      return one;
    };
    unanswered.set(name, () => sender().send(scripted({ drop: 'silent' }), aRing()));
    it('returns the message id of a push that was accepted', async () => {
      expect(await sender().send(pushToken(), aRing())).toMatchObject({
        kind: 'accepted',
        messageId: expect.any(String),
      });
    });
    it('sends once, and says if another attempt is worthwhile', async () => {
      for (const outcome of [{ status: 503 }, { status: 500 }, { status: 429 }, { drop: true }]) {
        const phone = scripted(outcome);
        expect(await sender().send(phone, aRing())).toMatchObject({
          kind: 'retryable',
          status: 'status' in outcome ? outcome.status : 0,
        });
        expect(fakes.pushes(phone.token)).toHaveLength(1);
      }
    });
    it('tells a dead token from one that may have been refused through our own fault', async () => {
      expect(await sender().send(scripted(dead), aRing())).toMatchObject({ kind: 'unregistered' });
      expect(await sender().send(scripted({ status: 403 }), aRing())).toMatchObject({ kind: 'refused', status: 403 });
    });
    it('refuses a push token whose provider is not configured', async () => {
      expect(await sender().send(aPushToken({ providerName: 'nobody' }), aRing())).toMatchObject({
        kind: 'refused',
        status: 0,
      });
    });
    it('pushes to many tokens at once over a connection that has just opened', async () => {
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => sender().send(pushToken(), aRing())));
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
    });
  });

for (const [engine, to] of [
  ['', { fcm: () => fcm, apns: () => apns }],
  [' by the library', { fcm: () => fcmLibrary, apns: () => apnsLibrary }],
] as const) {
  pushSenderContract(`FCM${engine}`, to.fcm, anAndroidPhone, { status: 404, reason: 'UNREGISTERED' });
  pushSenderContract(`APNs${engine}`, to.apns, anIphone, { status: 410, reason: 'Unregistered' });
  pushSenderContract(`APNs sandbox${engine}`, to.apns, (extra) => anIphone({ sandbox: true, ...extra }), {
    status: 410,
    reason: 'ExpiredToken',
  });
}
/** A browser that has subscribed at the fake. */
const aSubscribedBrowser = (extra: Partial<PushToken> = {}) => {
  const { endpoint: token, keys } = fakes.subscribe();
  return aBrowser({ ...extra, token, keys });
};
pushSenderContract('Web Push', () => webPush, aSubscribedBrowser, { status: 410 });

it('gives up on a service that does not answer', { timeout: 20_000 }, async () => {
  const impatient = setTimeout(8000, undefined, { ref: false });
  const outcomes = await Promise.all([...unanswered].map(async ([, send]) => Promise.race([send(), impatient])));
  expect(outcomes.map((outcome) => outcome && [outcome.kind, 'status' in outcome && outcome.status])).toEqual(
    [...unanswered].map(() => ['retryable', 0]),
  );
});

const byBoth = [['carillon'], ['library']] as const;
const fcmBy = (engine: 'carillon' | 'library') => (engine === 'carillon' ? fcm : fcmLibrary);
const apnsBy = (engine: 'carillon' | 'library') => (engine === 'carillon' ? apns : apnsLibrary);

it.each(byBoth)('returns the Retry-After of FCM: %s', async (engine) => {
  const phone = anAndroidPhone({ token: randomUUID() });
  fakes.script(phone.token, [{ status: 429, retry_after: 7 }]);
  expect(await fcmBy(engine).send(phone, aRing())).toMatchObject({ kind: 'retryable', retryAfterMs: 7000 });
});

it.each(byBoth)('asks FCM for the same message: %s', async (engine) => {
  const push = aRing();
  const bodies = [];
  for (const sender of [fcm, fcmBy(engine)]) {
    const phone = anAndroidPhone({ token: randomUUID() });
    await sender.send(phone, push);
    const { token: _, ...message } = Object(Object(fakes.pushes(phone.token)[0]?.body).message);
    bodies.push({ ...message, android: { ...message.android, ttl: Number.parseInt(message.android.ttl, 10) >= 40 } });
  }
  expect(bodies[0]).toMatchObject({ android: { ttl: true, direct_boot_ok: true, priority: 'high' } });
  expect(bodies[1]).toEqual(bodies[0]);
});

it.each(byBoth)(
  'refuses a push by a revoked or malformed service account, since no retry would help: %s',
  async (engine) => {
    const { firebase } = parsePushProviders(JSON.stringify(fakes.providersSecret));
    const { privateKey } = rsaKeys();
    for (const private_key of [privateKey, '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----']) {
      const account = { project_id: 'p', client_email: 'c', ...firebase['default'], private_key };
      const open = engine === 'carillon' ? fcmSender : fcmLibrarySender;
      const sender = open({ account: async () => account, clock, endpoint: fakes.fcmEndpoint });
      expect(await sender.send(anAndroidPhone({ token: randomUUID() }), aRing())).toMatchObject({
        kind: 'refused',
        reason: 'bad credentials',
      });
    }
  },
);

it.each(byBoth)('does not take a 404 of FCM without an error code for a dead token: %s', async (engine) => {
  const phone = anAndroidPhone({ token: randomUUID() });
  fakes.script(phone.token, [{ status: 404, reason: 'NOT_FOUND' }]);
  expect(await fcmBy(engine).send(phone, aRing())).toMatchObject({ kind: 'refused', status: 404 });
});

it.each(byBoth)('recognizes a token of the other environment: %s', async (engine) => {
  const phone = anIphone({ token: randomUUID() });
  fakes.script(phone.token, [{ status: 400, reason: 'BadDeviceToken' }]);
  expect(await apnsBy(engine).send(phone, aRing())).toMatchObject({ kind: 'wrong_environment' });
});

it('returns the Retry-After of APNs, which node-apn does not show', async () => {
  const phone = anIphone({ token: randomUUID() });
  fakes.script(phone.token, [
    { status: 429, retry_after: 7 },
    { status: 429, retry_after: 7 },
  ]);
  const throttled = { kind: 'retryable', status: 429, reason: 'TooManyRequests' };
  expect(await apns.send(phone, aRing())).toEqual({ ...throttled, retryAfterMs: 7000 });
  expect(await apnsLibrary.send(phone, aRing())).toEqual(throttled);
});

it('mints a new provider token if APNs calls the old one expired, and repeats the same push once', async () => {
  const phone = anIphone({ token: randomUUID() });
  fakes.script(phone.token, [{ status: 403, reason: 'ExpiredProviderToken' }]);
  const ring = aRing();
  const id = pushId(ring, phone);
  expect(await apns.send(phone, ring)).toEqual({ kind: 'accepted', messageId: id });
  expect(fakes.pushes(phone.token).map(({ headers }) => headers['apns-id'])).toEqual([id, id]);
});

it('leaves it to the ring to repeat such a push with the library, whose next attempt has a new token', async () => {
  const phone = anIphone({ token: randomUUID() });
  fakes.script(phone.token, [{ status: 403, reason: 'ExpiredProviderToken' }]);
  const expired = { kind: 'retryable', status: 403, reason: 'ExpiredProviderToken' };
  expect(await apnsLibrary.send(phone, aRing())).toEqual(expired);
  expect(await apnsLibrary.send(phone, aRing())).toMatchObject({ kind: 'accepted' });
});

it.each(byBoth)('refuses a push with a malformed APNs key, since no retry would help: %s', async (engine) => {
  const { apn } = parsePushProviders(JSON.stringify(fakes.providersSecret));
  const open = engine === 'carillon' ? apnsSender : apnsLibrarySender;
  const sender = open({
    key: async (name) =>
      apn[name] && { ...apn[name], key: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----' },
    clock,
    endpoint: fakes.apnsEndpoint,
  });
  expect(await sender.send(anIphone(), aRing())).toMatchObject({ kind: 'refused', reason: 'bad credentials' });
});

describe('a push to a browser', () => {
  const sent = async (push: Push, browser = aSubscribedBrowser()) => {
    const outcome = await webPush.send(browser, push);
    return { outcome, received: fakes.pushes(browser.token) };
  };

  it('is read by the browser alone, lives as long as the ring, is urgent and takes no other’s place', async () => {
    const push = aRing();
    const { received } = await sent(push);
    const [{ headers, body, raw = '', path } = nothing] = received;
    expect(body).toEqual(pushKeys(undefined, push, 'bob'));
    expect(Buffer.from(raw, 'base64').toString('latin1')).not.toContain('carillon');
    expect(path).toMatch(/^\/push\//);
    expect(headers).toMatchObject({
      urgency: 'high',
      'content-encoding': 'aes128gcm',
      authorization: expect.stringMatching(/^vapid t=.+, k=/),
    });
    expect(Number(headers['ttl'])).toBeGreaterThan(30);
    expect(Number(headers['ttl'])).toBeLessThanOrEqual(45);
    expect(headers).not.toHaveProperty('topic');
  });

  it('that stops a ring is urgent, too; one that tells of a missed call is not, and waits for a day', async () => {
    const now = epochMs(Date.now());
    const stop = await sent(
      aPush({ kind: 'stop', type: 'call.cancelled', notify: false, expiresAt: later(now, 1000) }),
    );
    expect(stop.received[0]?.headers).toMatchObject({ urgency: 'high', ttl: '30' });
    const missed = await sent(aPush({ kind: 'missed', expiresAt: later(now, 86_400_000) }));
    expect(missed.received[0]?.headers).toMatchObject({ urgency: 'normal', ttl: '86400' });
  });

  it.each([
    [201, { kind: 'accepted' }],
    [202, { kind: 'accepted' }],
    [400, { kind: 'refused', status: 400 }],
    [404, { kind: 'unregistered', status: 404 }],
    [413, { kind: 'refused', status: 413 }],
  ])('that is answered with %d comes to %j', async (status, outcome) => {
    const browser = aSubscribedBrowser();
    fakes.script(browser.token, [{ status }]);
    expect((await sent(aRing(), browser)).outcome).toMatchObject(outcome);
  });

  it('is tried again when the service says so', async () => {
    const browser = aSubscribedBrowser();
    fakes.script(browser.token, [{ status: 429, retry_after: 7 }]);
    expect((await sent(aRing(), browser)).outcome).toMatchObject({ kind: 'retryable', retryAfterMs: 7000 });
  });

  it('is refused by the service if the browser subscribed with another key', async () => {
    const { endpoint, keys } = fakes.subscribe(anotherKey);
    const { outcome } = await sent(aRing(), aBrowser({ token: endpoint, keys }));
    expect(outcome).toEqual({ kind: 'refused', status: 403, reason: 'Forbidden', unauthorized: true });
  });

  it('never goes to a host that is no push service, and a redirect is an answer', async () => {
    const { keys } = fakes.subscribe();
    const elsewhere = aBrowser({ token: fakes.webPushOrigin.replace('localhost', '127.0.0.1'), keys });
    expect(await webPush.send(elsewhere, aRing())).toMatchObject({ kind: 'refused', status: 0 });
    expect(
      webPushOutcome({ status: 307, headers: { location: 'https://169.254.169.254/' }, text: '' }, clock()),
    ).toEqual({ kind: 'refused', status: 307, reason: 'Temporary Redirect' });
  });
});

/** What is there if nothing was received. */
const nothing: Pick<PushRecord, 'headers' | 'body' | 'raw' | 'path'> = { headers: {}, body: undefined, path: '' };

/** A key that is not ours. */
const anotherKey = createECDH('prime256v1').generateKeys('base64url');
