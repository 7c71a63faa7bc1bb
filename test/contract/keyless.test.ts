import { randomUUID } from 'node:crypto';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fcmLibrarySender } from '#adapters/fcm/library-sender.ts';
import { fcmSender } from '#adapters/fcm/sender.ts';
import { parsePushProviders } from '#adapters/secrets/push-providers.ts';
import { epochMs, later } from '#domain/time.ts';
import type { AwsKey } from '#local/aws/iam/signature.ts';
import { AUDIENCE } from '#local/push/fcm/federation.ts';
import { type PushFakes, startPushFakes } from '#local/push/push-fakes.ts';
import { anAndroidPhone, aPush } from '../support/builders.ts';
import { keylessCredential } from '../support/push/keyless.ts';

// FCM without a service account's key: Google's STS takes a request to AWS's STS, signed with the key of the function's role.

const ROLE: AwsKey = {
  accessKeyId: 'ASIARINGWORKER',
  secretAccessKey: randomUUID(),
  sessionToken: randomUUID(),
  arn: 'arn:aws:sts::111122223333:assumed-role/Carillon-RingWorkerRole/RingWorker',
};
const OTHER: AwsKey = {
  accessKeyId: 'ASIAOTHER',
  secretAccessKey: randomUUID(),
  arn: 'arn:aws:sts::111122223333:assumed-role/Other/other',
};

const clock = () => epochMs(Date.now());
const aRing = () => aPush({ ringId: randomUUID(), expiresAt: later(clock(), 45_000) });

let fakes: PushFakes;
beforeAll(async () => {
  const keys = [ROLE, OTHER];
  fakes = await startPushFakes({ awsKeyOf: (id) => keys.find(({ accessKeyId }) => accessKeyId === id) });
  setDefaultCACertificates([...getCACertificates('default'), fakes.caPem]);
});
afterAll(() => fakes.close());

/** What Lambda puts into a function's environment. */
function sign({ accessKeyId, secretAccessKey, sessionToken }: AwsKey): void {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', sessionToken);
}
beforeEach(() => sign(ROLE));
afterEach(() => vi.unstubAllEnvs());

const senderFor = (engine: 'carillon' | 'library', change: object = {}) => {
  const settings = { project_id: 'carillon-local', engine, credential: keylessCredential(change) };
  const { firebase, faults } = parsePushProviders(JSON.stringify({ firebase: { default: settings } }));
  expect(faults).toEqual({});
  const open = engine === 'carillon' ? fcmSender : fcmLibrarySender;
  return open({ account: async (name) => firebase[name], clock, endpoint: fakes.fcmEndpoint });
};

describe.each([['carillon'], ['library']] as const)('keyless FCM by the engine %s', (engine) => {
  const sendTo = (change: object = {}) => {
    const phone = anAndroidPhone({ token: randomUUID() });
    return senderFor(engine, change).send(phone, aRing());
  };

  it('pushes as the service account that the role may act as', async () => {
    expect(await sendTo()).toMatchObject({ kind: 'accepted' });
  });

  it('pushes as the role itself if no service account is named', async () => {
    expect(await sendTo({ service_account_impersonation_url: undefined })).toMatchObject({ kind: 'accepted' });
  });

  it('gets one token for all pushes', async () => {
    const sender = senderFor(engine);
    await sender.warm('default');
    // A push that has waited too long for its token on a slow machine fails, and the next one fetches another.
    const first = () => sender.send(anAndroidPhone({ token: randomUUID() }), aRing());
    let before = fakes.stats().fcm.oauth_exchanges;
    while ((await first()).kind !== 'accepted') before = fakes.stats().fcm.oauth_exchanges;
    await Promise.all(Array.from({ length: 5 }, () => sender.send(anAndroidPhone({ token: randomUUID() }), aRing())));
    expect(fakes.stats().fcm.oauth_exchanges - before).toBeLessThanOrEqual(2);
  });

  it.each([
    ['a role that the pool does not take', () => sign(OTHER)],
    ['a key that AWS does not know', () => sign({ ...ROLE, accessKeyId: 'ASIANOBODY' })],
    ['another secret', () => sign({ ...ROLE, secretAccessKey: 'another' })],
    ['a session that has ended', () => sign({ ...ROLE, sessionToken: 'an old one' })],
  ])('is refused with %s, since no retry would help', async (_, change) => {
    change();
    expect(await sendTo()).toEqual({ kind: 'refused', status: 0, reason: 'bad credentials', misconfigured: true });
  });

  it.each([
    ['another pool', { audience: AUDIENCE.replace('carillon', 'other') }],
    [
      'a service account that the role may not act as',
      {
        service_account_impersonation_url: keylessCredential().service_account_impersonation_url.replace(
          'push',
          'admin',
        ),
      },
    ],
  ])('is refused for %s', async (_, change) => {
    expect(await sendTo(change)).toMatchObject({ kind: 'refused', reason: 'bad credentials', misconfigured: true });
  });
});

// The last ones: Google's package goes on asking for a token after we have given up.
it.each([['carillon'], ['library']] as const)(
  'keyless FCM by the engine %s is tried again if Google has no token at the moment',
  async (engine) => {
    fakes.fault({ provider: 'oauth', fault: 'answer', status: 503, count: 20 });
    const phone = anAndroidPhone({ token: randomUUID() });
    expect(await senderFor(engine).send(phone, aRing())).toMatchObject({ kind: 'retryable', status: 0 });
    fakes.clearFaults();
  },
);
