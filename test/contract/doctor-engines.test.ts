import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { afterEach, expect, it } from 'vitest';
import { epochMs } from '#domain/time.ts';
import { checkPush } from '../../tools/doctor/check-push.ts';
import { rsaKeys } from '../support/pem-keys.ts';
import { trusted } from '../support/push/a-service.ts';

// The doctor pushes by both engines. This FCM takes messages of one of them alone.

let server: Http2SecureServer;
/** Whether each message came by the library. */
let seen: boolean[];
afterEach(() => server.close());

const account = { project_id: 'p', client_email: 'c@p', private_key: rsaKeys().privateKey };

async function findingWith(engine: 'carillon' | 'library', refuses: (isLibrary: boolean) => boolean) {
  seen = [];
  const { keyPem: key, certificatePem: cert } = await trusted();
  server = createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => {
    request.resume();
    const isLibrary = request.headers['x-firebase-client'] !== undefined;
    const body =
      request.url === '/token' ? { access_token: 't', expires_in: 3600 } : { error: { status: 'PERMISSION_DENIED' } };
    if (request.url !== '/token') seen.push(isLibrary);
    const taken = { name: 'projects/p/messages/1' };
    const isRefused = request.url !== '/token' && refuses(isLibrary);
    response.writeHead(isRefused ? 403 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isRefused || request.url === '/token' ? body : taken));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const findings = await checkPush(
    {
      url: 'http://unused',
      hasEdge: false,
      secret: async () => JSON.stringify({ firebase: { default: { ...account, engine } } }),
      pushEndpoints: { fcm: `https://localhost:${typeof address === 'object' ? address?.port : ''}` },
    },
    () => epochMs(Date.now()),
  );
  return findings.find(({ about }) => about === 'firebase default');
}

it('has both engines push, and finds nothing if both may', async () => {
  expect(await findingWith('carillon', () => false)).toMatchObject({
    state: 'good',
    says: 'accepts messages for the project p',
  });
  expect(seen.toSorted()).toEqual([false, true]);
});

it('says that a refusal of both is not about the engine', async () => {
  expect(await findingWith('library', () => true)).toMatchObject({
    state: 'fix',
    says: expect.stringMatching(
      /may not send for the project p .*Carillon’s engine is refused, too, so the engine is not at fault$/,
    ),
  });
});

it.each([
  [
    'carillon',
    (isLibrary: boolean) => !isLibrary,
    /403.* firebase-admin is not refused, so Carillon’s engine is at fault: set .*"engine": "library"/,
  ],
  [
    'library',
    (isLibrary: boolean) => isLibrary,
    /403.* Carillon’s engine is not refused, so firebase-admin is at fault: set .*"engine": "carillon"/,
  ],
] as const)(
  'says that the engine in use is at fault if the other one is not refused: %s',
  async (engine, refuses, says) => {
    expect(await findingWith(engine, refuses)).toMatchObject({ state: 'fix', says: expect.stringMatching(says) });
  },
);

it('warns of the other engine if only that one is refused', async () => {
  expect(await findingWith('carillon', (isLibrary) => isLibrary)).toMatchObject({
    state: 'note',
    says: expect.stringMatching(
      /by Carillon’s engine, which is in use. firebase-admin finds: .*do not set "engine": "library"/,
    ),
  });
});
