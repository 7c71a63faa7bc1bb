import type * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { ServiceError } from '#domain/errors.ts';
import { asPerson, isOfTheApp, type Principal } from '#domain/identity.ts';
import { DAY_MS, type EpochMs, epochMs, iso, later, toEpochSeconds } from '#domain/time.ts';
import { parsed } from '#kit/entry/parsed.ts';
import { bearerToken } from '#kit/http/bearer.ts';
import { bodyOf } from '#kit/http/body.ts';
import { authenticated } from '#kit/http/principal.ts';
import { json, type Reply } from '#kit/http/reply.ts';
import { type HttpRequest, type Route, route } from '#kit/http/route.ts';
import { clock, httpUseCases } from '#kit/wiring/wiring.ts';
import type { roomConfig } from '#wire/rest/answers.ts';
import { operations } from '#wire/rest/operations.ts';
import { document } from './documents.ts';

const LOGIN_MS = DAY_MS;

/** Routes for everything but calls and devices: health, the documents of this API, login tokens and ICE servers. */
export const serviceRoutes = (): Route[] => [
  {
    ...operations.getHealth,
    handle: async () => json(200, { status: 'ok', version: httpUseCases().version }),
  },
  { ...operations.getOpenApi, handle: () => document('openapi.json') },
  { ...operations.getAsyncApi, handle: () => document('asyncapi.json') },
  { ...operations.mintToken, handle: mintToken },
  route(httpUseCases().verifier.verify)(operations.connect, connectUser),
  route(httpUseCases().verifier.verify)(operations.listIceServers, async ({ user }) =>
    json(200, { ice_servers: await httpUseCases().iceServers(user().userId) }),
  ),
  route(httpUseCases().verifier.verify)(operations.getRoomConfig, async ({ user }) =>
    json(200, {
      ice_servers: await httpUseCases().iceServers(user().userId),
      ice_transport_policy: 'all',
      bundle_policy: 'balanced',
      rtcp_mux_policy: 'require',
    } satisfies z.input<typeof roomConfig>),
  ),
];

const mintToken: Route['handle'] = async ({ event }) => {
  const { verifier, mint, openMint } = httpUseCases();
  // A bearer that is sent is judged, even if none is needed.
  const isAsked = !openMint || bearerToken(event.headers['authorization']) !== undefined;
  const minter = isAsked ? await authenticated(event, verifier.verify) : undefined;
  if (minter) assertMints(minter, openMint);
  const { userId, name } = parsed(operations.mintToken.body(), bodyOf(event));
  if (minter) assertMintsFor(minter, userId);
  const expiresAt = later(clock(), LOGIN_MS);
  const token = await mint.login({ userId, ...defined({ name, issuedAt: minter && followedBy(minter) }) }, expiresAt);
  return json(200, { apiKey: 'carillon', userId, token, expiresAt: toEpochSeconds(expiresAt) });
};

/** When a token counts as issued that follows another one: a sign-out in between must not miss it. */
const followedBy = (minter: Principal): EpochMs | undefined =>
  isOfTheApp(minter) ? undefined : (minter.issuedAt ?? epochMs(0));

/** Where the mint is open, a login of the deployment itself is no worse than none. */
function assertMints({ kind, issuer }: Principal, openMint: boolean): void {
  if (kind === 'server' || (kind === 'login' && (openMint || issuer !== undefined))) return;
  throw new ServiceError('not_allowed', 'only a server token, or one of an identity provider, may mint tokens');
}

/** Who comes from an identity provider mints for themselves alone. */
function assertMintsFor({ kind, issuer, userId: own }: Principal, userId: string): void {
  if (kind === 'server' || issuer === undefined || own === userId) return;
  throw new ServiceError('not_allowed', 'a token of an identity provider may mint only for its own user');
}

/** Tells a user who they are, and where to open a WebSocket. */
async function connectUser({ user, headers }: HttpRequest<unknown>): Promise<Reply> {
  const { iceServers, deps, webSocketUrl } = httpUseCases();
  const me = user();
  const id = me.userId;
  const [servers, connections] = await Promise.all([iceServers(id), deps.presence.connections(id)]);
  return json(200, {
    me: { ...asPerson(me), online: connections.length > 0 },
    connection: { url: webSocketUrlFor(webSocketUrl, headers['x-forwarded-host']) },
    ice_servers: servers,
    server_time: iso(clock()),
  });
}

const HOST = /^[A-Za-z0-9.-]{1,253}(?::\d{1,5})?$/;

/** Where a client opens its WebSocket: at the host that it came to, if there is an edge that says so, and else at the API itself. */
function webSocketUrlFor(api: string, host: string | undefined): string {
  if (host === undefined || !HOST.test(host)) return api;
  const { protocol, pathname } = new URL(api);
  return `${protocol}//${host}${pathname}`;
}
