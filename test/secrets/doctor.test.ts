import { createECDH } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import type { Finding } from '#ports/checkup-store.ts';
import { findingLine } from '../../tools/doctor/finding.ts';
import { type Operator, operator, restartFunctions } from '../support/operator.ts';
import { ecKeys, rsaKeys } from '../support/pem-keys.ts';
import { rest, script, tokenWith } from '../support/people.ts';
import { listening, nowhere, run } from '../support/program.ts';

// What the doctor says of a stack whose secrets are wrong.

type Providers = { firebase: { default: object }; apn: { default: object }; webpush: { default: object } };

const doctor = (...args: string[]) => run(process.execPath, ['tools/doctor.ts', ...args]);
const examined = (name = 'Olga') => doctor('--url', inject('stackUrl'), '--name', name);

/** What the stack keeps of the doctor's findings, and the lines in which the doctor has printed them. */
async function checkup() {
  const token = await tokenWith({ name: 'Jana' }, { kind: 'operator' });
  const { body } = await rest().request('GET', '/api/v2/doctor', { token });
  const findings: Finding[] = body.findings;
  return { ...body, fixes: findings.filter(({ state }) => state === 'fix').length, lines: findings.map(findingLine) };
}

/** The address of a server before the stack. It answers what the stack does, with `headers`, unless `answers` has answered. */
async function standIn(
  answers: (request: IncomingMessage, response: ServerResponse) => unknown,
  headers: Record<string, string> = {},
): Promise<string> {
  const server = createServer(async (request, response) => {
    if (answers(request, response) !== undefined) return;
    const { method = '', url = '', headers: sent } = request;
    const { authorization = '' } = sent;
    const answer = await rest().request(method, url, { ...(authorization && { headers: { authorization } }) });
    response.writeHead(answer.status, headers).end(JSON.stringify(answer.body));
  });
  onTestFinished(() => void server.close());
  return listening(server);
}

const isKept = ({ method, url }: IncomingMessage): boolean => method === 'PUT' && url === '/api/v2/doctor';

let secrets: Operator;
let good: { TokenKeys: object; PushProviders: Providers; Turn: object; Webhooks: object };
beforeAll(async () => {
  secrets = await operator();
  good = {
    TokenKeys: await secrets.read('TokenKeys'),
    PushProviders: await secrets.read<Providers>('PushProviders'),
    Turn: await secrets.read('Turn'),
    Webhooks: await secrets.read('Webhooks'),
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

  it('has the stack keep what it printed, by the name of whoever ran it, in the place of what it found before', async () => {
    await secrets.put('PushProviders', withApn({ bundle_id: 'com.example.other' }));
    const ill = await examined('Olga');
    const found = await checkup();
    expect(found).toMatchObject({ by: 'Olga', at: expect.any(String), fixes: 2 });
    expect(ill.output).toBe(`${found.lines.join('\n')}\n\n2 to fix.\n`);
    await secrets.put('PushProviders', good.PushProviders);
    const well = await examined('Pavel');
    const later = await checkup();
    expect(later).toMatchObject({ by: 'Pavel', fixes: 0 });
    expect(well.output).toBe(`${later.lines.join('\n')}\n\nThis stack can ring.\n`);
  });

  it('has the stack keep no value of a secret, whatever is wrong with it', async () => {
    const hush = 'hush-hush-nobody-may-read-this';
    const { firebase, apn } = good.PushProviders;
    await secrets.put('PushProviders', {
      firebase: { default: { ...firebase.default, private_key: hush }, other: { ...firebase.default, engine: hush } },
      apn: { default: { ...apn.default, key: hush, key_id: hush, team_id: hush, ios_ring: hush } },
      webpush: { default: { public_key: hush, private_key: hush, subject: hush } },
    });
    await secrets.put('Turn', { urls: ['turn:turn.example.com'], secrets: hush });
    await secrets.put('Webhooks', [{ url: hush, secret: hush, events: [hush] }]);
    const { output } = await examined();
    expect(output).toContain('6 to fix.');
    const { lines, fixes } = await checkup();
    expect(fixes).toBe(6);
    expect(lines.join('\n')).not.toContain(hush);
  });

  it.each([
    [
      'does not answer',
      (request: IncomingMessage) => isKept(request) && request.socket.destroy(),
      'could not be reached',
    ],
    [
      'is older and knows no such route',
      (request: IncomingMessage, response: ServerResponse) =>
        isKept(request) && response.writeHead(404).end(JSON.stringify({ code: 'not_found', detail: 'no such route' })),
      'no such route',
    ],
  ])('says in one line that a stack that %s will not show it, and ends as it would', async (_, answers, why) => {
    const url = await standIn((request, response) => answers(request, response) || undefined);
    const { code, output } = await doctor('--url', url);
    expect(output).toMatch(new RegExp(`\nThis stack can ring\\.\nThe console will not show this: .*${why}\\.\n$`));
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
    expect(output).toMatch(new RegExp(`\n1 to fix\\.\nThe console will not show this: .*${fault}.*\n$`));
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
    const url = await standIn(() => undefined, { date: new Date(Date.now() - 600_000).toUTCString() });
    const { code, output } = await doctor('--url', url);
    expect(output).toMatch(/FIX +clock .*10 min ahead of the stack/);
    expect(code).toBe(1);
  });

  it('says that no stack answers', async () => {
    const { code, output } = await doctor('--url', await nowhere());
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
