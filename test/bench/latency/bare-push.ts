import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2';
import { importPKCS8, SignJWT } from 'jose';

/** The addresses of the push services, and how to verify them. */
export interface PushAddress {
  readonly fcm: string;
  readonly apns: string;
  /** PEM of the authority that signed their certificates. */
  readonly ca: string;
}

/** The credentials of one app, as the stack's secret has them. */
export interface PushCredentials {
  readonly firebase: {
    readonly default: { readonly project_id: string; readonly client_email: string; readonly private_key: string };
  };
  readonly apn: {
    readonly default: {
      readonly key: string;
      readonly key_id: string;
      readonly team_id: string;
      readonly bundle_id: string;
    };
  };
}

/** Bare requests to FCM and APNs over one open connection each. */
export interface BarePush {
  fcm(token: string): Promise<void>;
  apns(token: string): Promise<void>;
  close(): void;
}

/** About the size of a push's payload. */
const DATA = { type: 'call.ring', filling: 'x'.repeat(900) };

/** Connects to both, with an access token and a provider token that outlast the bench. */
export async function openBarePush(at: PushAddress, { firebase, apn }: PushCredentials): Promise<BarePush> {
  const [google, apple] = await Promise.all([opened(at.fcm, at.ca), opened(at.apns, at.ca)]);
  const accessToken = await accessTokenFrom(google, firebase.default);
  const providerToken = await providerTokenOf(apn.default);
  return {
    async fcm(token) {
      const path = `/v1/projects/${firebase.default.project_id}/messages:send`;
      const message = { token, data: DATA, android: { priority: 'high', ttl: '45s' } };
      await post(google, path, { authorization: `Bearer ${accessToken}` }, JSON.stringify({ message }));
    },
    async apns(token) {
      const headers = {
        authorization: `bearer ${providerToken}`,
        'apns-id': randomUUID(),
        'apns-topic': `${apn.default.bundle_id}.voip`,
        'apns-push-type': 'voip',
        'apns-priority': '10',
        'apns-expiration': String(Math.floor(Date.now() / 1000) + 45),
      };
      await post(apple, `/3/device/${token}`, headers, JSON.stringify({ aps: {}, ...DATA }));
    },
    close() {
      google.close();
      apple.close();
    },
  };
}

async function opened(url: string, ca: string): Promise<ClientHttp2Session> {
  const session = connect(url, { ca });
  await once(session, 'connect');
  return session;
}

async function post(
  session: ClientHttp2Session,
  path: string,
  headers: OutgoingHttpHeaders,
  body: string,
): Promise<string> {
  const type = { 'content-type': 'application/json' };
  const stream = session.request({ ':method': 'POST', ':path': path, ...type, ...headers });
  stream.end(body);
  let status: unknown;
  stream.once('response', (answer) => {
    status = answer[':status'];
  });
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  if (status !== 200) throw new Error(`${path} was answered with ${String(status)}: ${text}`);
  return text;
}

async function accessTokenFrom(
  google: ClientHttp2Session,
  { client_email, private_key }: PushCredentials['firebase']['default'],
): Promise<string> {
  const assertion = await new SignJWT({ scope: 'https://www.googleapis.com/auth/firebase.messaging' })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(client_email)
    .setAudience('https://oauth2.googleapis.com/token')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await importPKCS8(private_key, 'RS256'));
  const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return JSON.parse(await post(google, '/token', type, String(form))).access_token;
}

const providerTokenOf = async ({ key, key_id, team_id }: PushCredentials['apn']['default']): Promise<string> =>
  new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: key_id })
    .setIssuer(team_id)
    .setIssuedAt()
    .sign(await importPKCS8(key, 'ES256'));
