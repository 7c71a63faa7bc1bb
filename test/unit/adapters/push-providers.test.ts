import { beforeEach, describe, expect, it } from 'vitest';
import { listedProviders } from '#adapters/secrets/listed-providers.ts';
import { type ProviderBook, providerBook } from '#adapters/secrets/provider-book.ts';
import { parsePushProviders } from '#adapters/secrets/push-providers.ts';
import { type EpochMs, later } from '#domain/time.ts';
import { NOON } from '../../support/builders.ts';
import { ecKeys, rsaKeys } from '../../support/pem-keys.ts';

const [ec, rsa] = [ecKeys(), rsaKeys()];

const anApp = (extra = {}) => ({
  key: ec.privateKey,
  key_id: 'ABCDEFGHIJ',
  team_id: 'KLMNOPQRST',
  bundle_id: 'com.example.app',
  ...extra,
});
const aProject = (extra = {}) => ({
  type: 'service_account',
  project_id: 'example',
  client_email: 'push@example.iam.gserviceaccount.com',
  private_key: rsa.privateKey,
  ...extra,
});
const aKeylessProject = (credential = {}, extra = {}) => ({
  project_id: 'example',
  credential: {
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/pool/providers/aws',
    subject_token_type: 'urn:ietf:params:aws:token-type:aws4_request',
    token_url: 'https://sts.googleapis.com/v1/token',
    credential_source: {
      environment_id: 'aws1',
      regional_cred_verification_url: 'https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15',
    },
    ...credential,
  },
  ...extra,
});
const parsed = (secret: object) => parsePushProviders(JSON.stringify(secret));

describe('the push-providers secret', () => {
  it('may be empty', () => {
    expect(parsePushProviders('{}')).toEqual({ firebase: {}, apn: {}, webpush: {}, faults: {} });
  });

  it('holds any number of providers of either kind', () => {
    const { firebase, apn, faults } = parsed({
      firebase: { default: aProject(), other: aProject({ project_id: 'other' }) },
      apn: { default: anApp(), other: anApp({ bundle_id: 'com.example.other' }) },
    });
    expect(firebase['other']).toMatchObject({ project_id: 'other' });
    expect(apn['other']).toMatchObject({ bundle_id: 'com.example.other', ios_ring: 'voip' });
    expect(faults).toEqual({});
  });

  it('says who sends the pushes of a provider, and how Google knows it', () => {
    const { firebase, apn, faults } = parsed({
      firebase: { default: aProject(), keyless: aKeylessProject(), other: aProject({ engine: 'library' }) },
      apn: { default: anApp(), other: anApp({ engine: 'library' }) },
    });
    expect(faults).toEqual({});
    expect(Object.values(firebase).map(({ engine }) => engine)).toEqual(['carillon', 'carillon', 'library']);
    expect(Object.values(apn).map(({ engine }) => engine)).toEqual(['carillon', 'library']);
    expect(firebase['keyless']).not.toHaveProperty('private_key');
    const otherRegion = { token_url: 'https://sts.europe-west1.rep.googleapis.com/v1/token' };
    expect(parsed({ firebase: { default: aKeylessProject(otherRegion) } }).faults).toEqual({});
  });

  it.each([
    ['apn', anApp({ key: 'SECRET' }), 'key: is not an EC private key in PEM'],
    ['apn', anApp({ key: rsa.privateKey }), 'key: is not an EC private key in PEM'],
    ['apn', anApp({ key_id: 'SECRET' }), 'key_id: '],
    ['apn', anApp({ team_id: undefined }), 'team_id: '],
    [
      'apn',
      anApp({ bundle_id: 'com.SECRET.voip' }),
      'bundle_id: must be the bundle id of the app itself, without .voip',
    ],
    ['apn', anApp({ ios_ring: 'SECRET' }), 'ios_ring: '],
    [
      'firebase',
      aProject({ private_key: '-----BEGIN PRIVATE KEY-----\nSECRET' }),
      'private_key: is not an RSA private key',
    ],
    ['firebase', aProject({ private_key: ec.privateKey }), 'private_key: is not an RSA private key'],
    ['firebase', aProject({ project_id: 5 }), 'project_id: '],
    ['firebase', 'SECRET', 'firebase.bad is not usable: '],
    ['apn', anApp({ engine: 'SECRET' }), 'engine: must be "carillon" or "library"'],
    ['firebase', aProject({ engine: 'SECRET' }), 'engine: must be "carillon" or "library"'],
    ['webpush', { engine: 'library' }, 'engine: must be "carillon": browsers have no other'],
    ['firebase', { project_id: 'p', credential: 'SECRET' }, 'credential: '],
    ['firebase', aKeylessProject({ type: 'SECRET' }), 'credential.type: must be "external_account"'],
    [
      'firebase',
      aKeylessProject({ audience: 'SECRET' }),
      'credential.audience: must be as //iam.googleapis.com/projects/',
    ],
    [
      'firebase',
      aKeylessProject({ subject_token_type: 'SECRET' }),
      'credential.subject_token_type: must be "urn:ietf:',
    ],
    [
      'firebase',
      aKeylessProject({ token_url: 'https://sts.SECRET.example/v1/token' }),
      'credential.token_url: must be as',
    ],
    [
      'firebase',
      aKeylessProject({ token_url: 'http://sts.googleapis.com/v1/token' }),
      'credential.token_url: must be as',
    ],
    [
      'firebase',
      aKeylessProject({ service_account_impersonation_url: 'https://iamcredentials.googleapis.com/SECRET' }),
      'credential.service_account_impersonation_url: must be as https://iamcredentials.googleapis.com/v1/projects/-/',
    ],
    [
      'firebase',
      aKeylessProject({ credential_source: { environment_id: 'azure1', regional_cred_verification_url: 'SECRET' } }),
      'credential.credential_source.regional_cred_verification_url: must be as https://sts.{region}.amazonaws.com',
    ],
    [
      'firebase',
      aKeylessProject({}, { private_key: rsa.privateKey, client_email: 'SECRET' }),
      'client_email: must not stand beside credential; private_key: must not stand beside credential',
    ],
  ])('names the wrong field of %s but not its value, and leaves the other providers usable: %#', (kind, bad, words) => {
    const secret = parsed({ firebase: { good: aProject() }, apn: { good: anApp() }, [kind]: { bad } });
    expect(Object.keys(secret.faults)).toEqual([`${kind}.bad`]);
    expect(secret.faults[`${kind}.bad`]).toContain(words);
    expect(secret.faults[`${kind}.bad`]).not.toMatch(/SECRET|BEGIN/);
    expect(kind === 'apn' ? secret.firebase : secret.apn).toHaveProperty('good');
  });

  it.each([
    ['{"firebase": SECRET', 'the push-providers secret is not JSON'],
    ['["SECRET"]', 'the push-providers secret is not usable: '],
    ['{"apn": "SECRET"}', 'the push-providers secret is not usable: apn: '],
  ])('is refused without being quoted if it is no secret at all: %#', (text, words) => {
    expect(() => parsePushProviders(text)).toThrow(words);
    expect(() => parsePushProviders(text)).not.toThrow('SECRET');
  });
});

describe('the providers of a function', () => {
  let now: EpochMs;
  let stored: string;
  let cached: string;
  let reads: number;
  let faults: string[];
  let book: ProviderBook;
  const put = (secret: object) => {
    stored = JSON.stringify(secret);
  };
  beforeEach(() => {
    [now, reads, faults] = [NOON, 0, []];
    put({ apn: { default: anApp() } });
    cached = stored;
    book = providerBook({
      read: async (options) => {
        if (options?.fresh) {
          reads += 1;
          cached = stored;
        }
        return cached;
      },
      clock: () => now,
      onFault: (fault) => faults.push(fault),
    });
  });

  it('are found by their names, and no others are found', async () => {
    expect(await book.apn('default')).toMatchObject({ bundle_id: 'com.example.app' });
    expect(await book.names()).toEqual({ firebase: [], apn: ['default'] });
    expect(await book.faultOf('apn', 'default')).toBeUndefined();
    expect(await book.faultOf('apn', 'toString')).toEqual({ reason: 'no apn provider toString', unconfigured: true });
    expect(await book.faultOf('firebase', 'default')).toMatchObject({ reason: 'no firebase provider default' });
    expect(await book.faultOf('webpush', 'default')).toMatchObject({ reason: 'no webpush provider default' });
  });

  it('are read again if one is unknown, at most every ten seconds', async () => {
    put({ apn: { default: anApp(), late: anApp() } });
    expect(await book.faultOf('apn', 'late')).toBeUndefined();
    await book.faultOf('apn', 'nobody');
    now = later(NOON, 9999);
    await book.faultOf('apn', 'nobody');
    expect(reads).toBe(1);
    now = later(NOON, 10_000);
    await book.faultOf('apn', 'nobody');
    expect(reads).toBe(2);
  });

  it('have a version each, which changes only with their own settings', async () => {
    const before = await book.versionOf('apn', 'default');
    put({ apn: { default: anApp(), other: anApp() } });
    await book.refresh();
    expect(await book.versionOf('apn', 'default')).toBe(before);
    put({ apn: { default: anApp({ key_id: 'NEWNEWNEWN' }) } });
    now = later(NOON, 10_000);
    await book.refresh();
    expect(await book.versionOf('apn', 'default')).not.toBe(before);
    expect(await book.versionOf('apn', 'other')).toBeUndefined();
  });

  it('include the names of those that ring by an alert', async () => {
    put({ apn: { default: anApp(), extension: anApp({ ios_ring: 'alert' }) } });
    await book.refresh();
    expect([...(await book.ringingByAlert())]).toEqual(['extension']);
  });

  it('report a fault once for each version of the secret', async () => {
    put({ apn: { default: anApp({ key_id: '' }) } });
    await book.refresh();
    const words = (await book.faultOf('apn', 'default'))?.reason;
    expect(words).toMatch(/^apn\.default is not usable: key_id: /);
    await book.faultOf('apn', 'default');
    expect(faults).toEqual([words]);
    stored = 'no JSON';
    now = later(NOON, 10_000);
    expect(await book.faultOf('apn', 'default')).toEqual({ reason: 'the push-providers secret is not JSON' });
    expect(faults).toEqual([words, 'the push-providers secret is not JSON']);
  });
});

it('tells clients the names of providers and the key of browsers, and nothing else', () => {
  const secret = { webpush: { default: { public_key: 'B1', private_key: 'SECRET' }, torn: { private_key: 'SECRET' } } };
  expect(listedProviders(JSON.stringify({ ...secret, apn: { default: anApp() } }))).toEqual([
    { push_provider: 'apn', name: 'default' },
    { push_provider: 'webpush', name: 'default', public_key: 'B1' },
  ]);
  for (const text of ['no JSON', '[]', '{"apn": 1}', '{}']) expect(listedProviders(text)).toEqual([]);
});
