import { createECDH } from 'node:crypto';
import { createServer } from 'node:http';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Operator, operator, restartFunctions } from '../support/operator.ts';
import { ecKeys, rsaKeys } from '../support/pem-keys.ts';
import { rest, script } from '../support/people.ts';
import { listening, nowhere, run } from '../support/program.ts';

// What the doctor says of a stack whose secrets are wrong.

type Providers = { firebase: { default: object }; apn: { default: object }; webpush: { default: object } };

const doctor = (...args: string[]) => run(process.execPath, ['tools/doctor.ts', ...args]);
const examined = (url = inject('stackUrl')) => doctor('--url', url);

let secrets: Operator;
let good: { TokenKeys: object; PushProviders: Providers; Turn: object };
beforeAll(async () => {
  secrets = await operator();
  good = {
    TokenKeys: await secrets.read('TokenKeys'),
    PushProviders: await secrets.read<Providers>('PushProviders'),
    Turn: await secrets.read('Turn'),
  };
});
afterEach(() => Promise.all(Object.entries(good).map(([name, content]) => secrets.put(name, content))));

/** The providers, with a change in one of them. */
const withFirebase = (change: object) => ({
  ...good.PushProviders,
  firebase: { default: { ...good.PushProviders.firebase.default, ...change } },
});
const withApn = (change: object) => ({
  ...good.PushProviders,
  apn: { default: { ...good.PushProviders.apn.default, ...change } },
});

const withWebPush = (change: object) => ({
  ...good.PushProviders,
  webpush: { default: { ...good.PushProviders.webpush.default, ...change } },
});

const NOBODYS_TOKEN = '0'.repeat(64);

describe('npm run doctor', () => {
  it('finds nothing to fix in a stack that is set up well', async () => {
    await secrets.put('Turn', { urls: ['turns:turn.example.com:5349?transport=tcp'], secrets: ['shared'] });
    const { code, output } = await examined();
    const good = output.split('\n').filter((line) => line.startsWith('ok '));
    expect(good.map((line) => line.slice(6, 40).trim())).toEqual([
      'stack',
      'clock',
      'secret token-keys',
      'secret push-providers',
      'firebase default',
      'firebase stream',
      'apn default, production',
      'apn default, sandbox',
      'webpush default',
      'secret turn',
      'secret webhooks',
    ]);
    expect(output).toContain('This stack can ring.');
    expect(code).toBe(0);
  });

  it.each([
    ['an empty secret', () => ({}), /secret push-providers .*is empty/],
    ['a missing field', () => withApn({ bundle_id: '' }), /push-providers .*apn\.default is not usable: bundle_id: /],
    [
      'a key that is cut off',
      () => withApn({ key: '-----BEGIN PRIVATE KEY-----\nMIG' }),
      /push-providers .*apn\.default is not usable: key: is not an EC private key/,
    ],
    [
      'a key of another kind',
      () => withApn({ key: rsaKeys().privateKey }),
      /push-providers .*apn\.default is not usable: key: is not an EC private key/,
    ],
    [
      'VAPID keys that do not belong together',
      () => withWebPush({ private_key: createECDH('prime256v1').generateKeys().subarray(1, 33).toString('base64url') }),
      /push-providers .*webpush\.default is not usable: public_key: is not the public key of private_key/,
    ],
    [
      'a VAPID key in PEM',
      () => withWebPush({ private_key: ecKeys('prime256v1').privateKey }),
      /push-providers .*webpush\.default is not usable: private_key: is not a P-256 private key of 32 bytes as base64url/,
    ],
    [
      'a VAPID subject that is no address',
      () => withWebPush({ subject: 'push@example.com' }),
      /push-providers .*webpush\.default is not usable: subject: must be a mailto: or an https: address/,
    ],
    [
      'keys of the app’s own that are too large for FCM',
      () =>
        withFirebase({ format: { event: '{type}', ring: '{ring_id}', token: '{wake_token}', x: 'x'.repeat(3000) } }),
      /push-providers .*firebase\.default is not usable: format: takes up to \d+ bytes with the longest names and ids; FCM leaves 4096/,
    ],
    [
      'a key on another curve',
      () => withApn({ key: ecKeys('secp384r1').privateKey }),
      /apn default, production .*P-256/,
    ],
    [
      'the key of another team',
      () => withApn({ key: ecKeys().privateKey }),
      /apn default, sandbox .*do not belong together.*InvalidProviderToken/,
    ],
    [
      'another team',
      () => withApn({ team_id: 'OTHERTEAM1' }),
      /apn default, production .*team_id.*InvalidProviderToken/,
    ],
    [
      'another app',
      () => withApn({ bundle_id: 'com.example.other' }),
      /apn default, production .*may not push to com\.example\.other.*TopicDisallowed/,
    ],
    [
      'another project',
      () => withFirebase({ project_id: 'other-project' }),
      /firebase default .*may not send for the project other-project.*403/,
    ],
    [
      'a service account that does not exist',
      () => withFirebase({ client_email: 'nobody@example.com' }),
      /firebase default .*refuses the service account/,
    ],
    [
      'a revoked key of a service account',
      () => withFirebase({ private_key: rsaKeys().privateKey }),
      /firebase default .*refuses the service account/,
    ],
    [
      'a private key without line breaks',
      () => withFirebase({ private_key: '-----BEGIN PRIVATE KEY-----\\nMIG' }),
      /push-providers .*firebase\.default is not usable: private_key: is not an RSA private key/,
    ],
  ])('names %s', async (_, providers, fault) => {
    await secrets.put('PushProviders', providers());
    const { code, output } = await examined();
    expect(
      output
        .split('\n')
        .filter((line) => line.startsWith('FIX '))
        .join('\n'),
    ).toMatch(fault);
    expect(output).toMatch(/^\d to fix\.$/m);
    expect(code).toBe(1);
  });

  it('accepts only BadDeviceToken as a sign that all is well', async () => {
    await script(NOBODYS_TOKEN, { status: 200, environment: 'production' }, { status: 410, environment: 'sandbox' });
    const { code, output } = await examined();
    expect(output).toMatch(/FIX +apn default, production .*the server that answered is not APNs/);
    expect(output).toMatch(/FIX +apn default, sandbox .*410 Unregistered/);
    expect(code).toBe(1);
  });

  it('tries an alert if the app rings by alerts', async () => {
    await secrets.put('PushProviders', withApn({ ios_ring: 'alert' }));
    expect((await examined()).output).toMatch(
      /ok +apn default, production +accepts pushes to com\.example\.carillon$/m,
    );
  });

  it('only notes that a key cannot push to development builds', async () => {
    await script(NOBODYS_TOKEN, { status: 403, reason: 'BadEnvironmentKeyIdInToken', environment: 'sandbox' });
    const { code, output } = await examined();
    expect(output).toMatch(/note +apn default, sandbox .*development builds cannot be rung/);
    expect(code).toBe(0);
  });

  it.each([
    ['secrets that are missing', { urls: ['turn:turn.example.com'] }, 'secrets is empty'],
    ['urls of the wrong type', { urls: 'turn:turn.example.com', secrets: ['shared'] }, 'urls: '],
    ['a url that is none', { urls: ['turn.example.com'], secrets: ['shared'] }, 'turn.example.com is not the address'],
  ])('names %s of the TURN server', async (_, turn, fault) => {
    await secrets.put('Turn', turn);
    const { code, output } = await examined();
    expect(output).toMatch(new RegExp(`FIX +secret turn .*${fault}`));
    expect(code).toBe(1);
  });

  it.each([
    ['a missing current key', { current: 'k9', k1: 'a-key-that-is-long-enough' }, 'no key k9'],
    ['a key that is too short', { current: 'k1', k1: 'short' }, 'k1: '],
  ])('names %s of the token keys', async (_, keys, fault) => {
    await secrets.put('TokenKeys', keys);
    const { code, output } = await examined();
    expect(output).toMatch(new RegExp(`FIX +secret token-keys .*${fault}`));
    expect(code).toBe(1);
  });

  it('says that the stack does not know the keys yet', async () => {
    await rest().request('GET', '/api/v2/devices');
    const { current } = await secrets.read('TokenKeys');
    await secrets.put('TokenKeys', { current, [String(current)]: 'another-key-under-the-same-id' });
    const { code, output } = await examined();
    expect(output).toMatch(/FIX +secret token-keys .*wait five minutes/);
    expect(code).toBe(1);
    await secrets.put('TokenKeys', good.TokenKeys);
    await restartFunctions();
  });

  it('says that this machine’s clock is wrong', async () => {
    const server = createServer(async ({ method = '', url = '', headers: { authorization = '' } }, response) => {
      const answer = await rest().request(method, url, { ...(authorization && { headers: { authorization } }) });
      response.writeHead(answer.status, { date: new Date(Date.now() - 600_000).toUTCString() });
      response.end(JSON.stringify(answer.body));
    });
    const { code, output } = await examined(await listening(server));
    server.close();
    expect(output).toMatch(/FIX +clock .*10 min ahead of the stack/);
    expect(code).toBe(1);
  });

  it('says that no stack answers', async () => {
    const url = await nowhere();
    const { code, output } = await examined(url);
    expect([code, output]).toEqual([1, expect.stringMatching(/no stack answers at .*npm start/)]);
  });

  it.each([
    ['an unknown option', ['--loud'], "Unknown option '--loud'"],
    ['a URL that is not one', ['--url', 'localhost:8181'], '--url: must be an http or https URL'],
    ['a stage and a URL', ['--stage', 'prod', '--url', 'http://127.0.0.1'], '--stage takes the place of --url'],
  ])('refuses %s', async (_, args, problem) => {
    const { code, output } = await doctor(...args);
    expect(output).toContain(problem);
    expect(output).toContain('npm run doctor [-- options]');
    expect(code).toBe(2);
  });
});
