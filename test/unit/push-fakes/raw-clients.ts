import { once } from 'node:events';
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2';
import { request } from 'node:https';
import { importPKCS8, SignJWT } from 'jose';
import type { PushFakes } from '#local/push/push-fakes.ts';

/** An answer, with its body parsed if there is one. */
export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: AnswerBody;
}

/** The fields of every body that the fakes answer with. Each test reads the ones it needs. */
interface AnswerBody {
  access_token: string;
  name: string;
  reason: string;
  timestamp: number;
  error: { message: string; details: { errorCode: string }[] };
}

interface Secret {
  firebase: { default: { project_id: string; private_key: string; client_email: string } };
  apn: { default: { key: string; key_id: string; team_id: string; bundle_id: string } };
  webpush: { default: { public_key: string; private_key: string; subject: string } };
}

export const serviceAccount = (fakes: PushFakes) => (fakes.providersSecret as Secret).firebase.default;
export const vapidKeys = (fakes: PushFakes) => (fakes.providersSecret as Secret).webpush.default;
export const apnsKey = (fakes: PushFakes) => (fakes.providersSecret as Secret).apn.default;

const parse = (text: string): AnswerBody => JSON.parse(text || 'null');

/** POSTs over HTTP/1.1. */
export async function post(
  fakes: PushFakes,
  path: string,
  headers: Record<string, string>,
  body: string,
): Promise<Answer> {
  const sent = request(new URL(path, fakes.fcmEndpoint), { method: 'POST', ca: fakes.caPem, agent: false, headers });
  sent.end(body);
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, body: parse(text) };
}

/** Sends one request over an open HTTP/2 connection. */
export async function overHttp2(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body: string,
): Promise<Answer> {
  const stream = session.request({ ':method': 'POST', ...headers });
  stream.end(body);
  const [received] = await once(stream, 'response');
  let text = '';
  for await (const chunk of stream) text += chunk;
  return { status: received[':status'], headers: received, body: parse(text) };
}

export const openHttp2 = (endpoint: string, fakes: PushFakes): ClientHttp2Session =>
  connect(endpoint, { ca: fakes.caPem }).on('error', () => undefined);

export interface AssertionChanges {
  iss?: string;
  aud?: string;
  scope?: string;
  lifeS?: number;
  ageS?: number;
}

/** The signed assertion of the service account. */
export async function assertionOf(fakes: PushFakes, changes: AssertionChanges = {}): Promise<string> {
  const account = serviceAccount(fakes);
  const iat = Math.floor(Date.now() / 1000) - (changes.ageS ?? 0);
  return new SignJWT({ scope: changes.scope ?? 'https://www.googleapis.com/auth/firebase.messaging' })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(changes.iss ?? account.client_email)
    .setAudience(changes.aud ?? 'https://oauth2.googleapis.com/token')
    .setIssuedAt(iat)
    .setExpirationTime(iat + (changes.lifeS ?? 3600))
    .sign(await importPKCS8(account.private_key, 'RS256'));
}

/** Exchanges an assertion at the fake's token endpoint. */
export const exchange = (fakes: PushFakes, assertion: string): Promise<Answer> =>
  post(
    fakes,
    '/token',
    { 'content-type': 'application/x-www-form-urlencoded' },
    new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString(),
  );

export async function accessTokenOf(fakes: PushFakes): Promise<string> {
  const { body } = await exchange(fakes, await assertionOf(fakes));
  return body.access_token;
}

/** A provider token for APNs; `ageS` seconds old. */
export async function providerToken(
  fakes: PushFakes,
  changes: { ageS?: number; kid?: string; iss?: string } = {},
): Promise<string> {
  const { key, key_id: keyId, team_id: teamId } = apnsKey(fakes);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: changes.kid ?? keyId })
    .setIssuer(changes.iss ?? teamId)
    .setIssuedAt(Math.floor(Date.now() / 1000) - (changes.ageS ?? 0))
    .sign(await importPKCS8(key, 'ES256'));
}
