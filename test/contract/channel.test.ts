import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { constants, type ServerHttp2Session } from 'node:http2';
import { createServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { afterEach, expect, it, vi } from 'vitest';
import { type Channel, http2Channel } from '#adapters/http2/channel.ts';
import { aService, type Received, type Service, trusted } from '../support/push/a-service.ts';
import { aLinkTo } from '../support/push/silent-link.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0).toReversed()) await close();
});

type Serve = (request: Received, service: Service) => void;

async function serviceThat(serve: Serve, options: { maxConcurrentStreams?: number; port?: number } = {}) {
  const service = await aService(serve, options);
  closing.push(service.close);
  return service;
}

async function channelTo(serve: Serve, options: { maxConcurrentStreams?: number } = {}) {
  const service = await serviceThat(serve, options);
  return { service, channel: http2Channel(service.endpoint) };
}

const answering: Serve = ({ answer }) => answer();

/** A channel to a service that answers, over a link that can go silent. */
async function channelOverLink(options?: { silent: number }) {
  const service = await serviceThat(answering);
  const link = await aLinkTo(service.endpoint, options);
  closing.push(link.close);
  return { service, link, channel: http2Channel(link.endpoint) };
}

/** Enough for a busy machine; no request waits for it unless a test says so. */
const PATIENCE_MS = 10_000;

const post = (channel: Channel, path = '/', timeoutMs = PATIENCE_MS) =>
  channel.send({ path, headers: {}, body: '{}' }, timeoutMs);

/** Posts to every path in `paths` at once. */
const burst = (channel: Channel, paths: readonly string[]) => Promise.all(paths.map((path) => post(channel, path)));

const eventually = (check: () => void) => vi.waitFor(check, { timeout: PATIENCE_MS });

const paths = (count: number): string[] => Array.from({ length: count }, (_, index) => `/${index}`);

const pathsOf = ({ received }: Service): string[] => received.map(({ path }) => path).toSorted();

function sessionOf({ sessions: [first] }: Service): ServerHttp2Session {
  if (!first) throw new Error('no client has connected');
  return first;
}

/** Puts the clock of connections `ms` ahead, as if nothing had happened for that long. */
function passIdly(ms: number): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
}

async function took<T>(work: Promise<T>): Promise<{ ms: number; result: T }> {
  const startedAt = process.hrtime.bigint();
  const result = await work;
  return { result, ms: Number(process.hrtime.bigint() - startedAt) / 1e6 };
}

it('sends all requests over one connection, opened before the first request', async () => {
  const { service, channel } = await channelTo(answering);
  channel.warm();
  await eventually(() => expect(service.sessions).toHaveLength(1));
  for (const path of paths(3)) expect(await post(channel, path)).toMatchObject({ status: 200 });
  expect(service.sessions).toHaveLength(1);
});

it('returns the status, the headers and the body of an answer', async () => {
  const { channel } = await channelTo(({ answer, text }) => answer(429, `got ${text}`, { 'retry-after': '7' }));
  expect(await post(channel)).toMatchObject({ status: 429, text: 'got {}', headers: { 'retry-after': '7' } });
});

it('never has more requests open than the service allows, and sends all of them as soon as it allows them', async () => {
  const { service, channel } = await channelTo(
    ({ answer, session, stream }) => {
      if (stream.id === 1) session.settings({ maxConcurrentStreams: 100 });
      answer();
    },
    { maxConcurrentStreams: 1 },
  );
  const answers = await burst(channel, paths(20));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(service.received).toHaveLength(20);
  expect(service.mostAtOnce()).toBeGreaterThan(1);
  expect(service.sessions).toHaveLength(1);
});

it('has one request open at a time if no more are allowed, and none is refused', async () => {
  const { service, channel } = await channelTo(answering, { maxConcurrentStreams: 1 });
  expect((await burst(channel, paths(10))).every(({ status }) => status === 200)).toBe(true);
  expect(service.mostAtOnce()).toBe(1);
});

it('opens another connection if a request that is never answered leaves no room beside it', async () => {
  const { service, channel } = await channelTo(({ path, answer }) => path !== '/slow' && answer(), {
    maxConcurrentStreams: 1,
  });
  const slow = post(channel, '/slow', 3000);
  await eventually(() => expect(service.received).toHaveLength(1));
  expect(await Promise.race([slow, post(channel, '/quick')])).toMatchObject({ status: 200 });
  expect(await slow).toMatchObject({ status: 0, text: 'timeout' });
});

it('keeps a connection on which one answer is slow if others come', async () => {
  const { service, channel } = await channelTo(({ path, answer }) => path !== '/slow' && answer());
  const slow = post(channel, '/slow', 1500);
  await post(channel, '/quick');
  expect(await slow).toMatchObject({ status: 0, text: 'timeout' });
  expect(await post(channel)).toMatchObject({ status: 200 });
  expect(service.sessions).toHaveLength(1);
});

it('leaves a connection that acknowledges requests but answers none', async () => {
  const { service, channel } = await channelTo(
    ({ session, answer }, { sessions }) => session !== sessions[0] && answer(),
  );
  expect(await post(channel, '/', 1000)).toMatchObject({ status: 0, text: 'timeout' });
  expect(await post(channel)).toMatchObject({ status: 200 });
  expect(service.sessions).toHaveLength(2);
});

it('pings a connection that was idle, and uses it if it answers', async () => {
  const { service, channel } = await channelTo(answering);
  await post(channel);
  const pinged = once(sessionOf(service), 'ping');
  passIdly(2000);
  expect(await post(channel)).toMatchObject({ status: 200 });
  await pinged;
  // If the proof takes its time, another connection is opened beside this one, and not used.
  expect(service.received.at(-1)?.session).toBe(sessionOf(service));
});

it('does not ping a connection that was heard just now', async () => {
  const { service, channel } = await channelTo(answering);
  await post(channel);
  vi.spyOn(performance, 'now').mockReturnValue(performance.now());
  let pings = 0;
  sessionOf(service).on('ping', () => {
    pings += 1;
  });
  await post(channel);
  expect(pings).toBe(0);
});

it('loses a fraction of a second if the idle connection has died silently', async () => {
  const { service, link, channel } = await channelOverLink();
  const overNewConnection = await took(post(http2Channel(service.endpoint)));
  await post(channel);
  link.goSilent();
  passIdly(2000);
  const { ms, result } = await took(post(channel));
  expect(result.status).toBe(200);
  // The new connection was opened beside the old one, not after the 400 ms that it takes to give up the old one.
  expect(ms).toBeLessThan(400 + overNewConnection.ms);
});

it('notices long before the time-out that a connection died silently under a request, and sends the next request over another one', async () => {
  const { link, channel } = await channelOverLink();
  await post(channel);
  link.goSilent();
  const { ms, result } = await took(post(channel, '/lost'));
  expect(result).toMatchObject({ status: 0, text: 'it went silent' });
  expect(ms).toBeLessThan(PATIENCE_MS / 2);
  expect(await post(channel)).toMatchObject({ status: 200 });
});

it.each([
  ['without an error', constants.NGHTTP2_NO_ERROR],
  ['with an error', constants.NGHTTP2_INTERNAL_ERROR],
])('repeats at once the requests that a GOAWAY %s says were not processed', async (_, code) => {
  let arrived = 0;
  const { service, channel } = await channelTo(({ session, stream, answer }, { sessions }) => {
    if (session !== sessions[0]) return answer();
    arrived += 1;
    if (stream.id === 1) answer();
    if (arrived === 5) session.goaway(code, 1);
  });
  const answers = await burst(channel, paths(5));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  // The first was answered and is not repeated.
  expect(service.received.filter(({ path }) => path === '/0')).toHaveLength(1);
  expect(service.sessions).toHaveLength(2);
});

it('does not repeat a request that may have been processed before a GOAWAY, and returns its reason', async () => {
  const { service, channel } = await channelTo(({ session, stream }) =>
    session.goaway(constants.NGHTTP2_INTERNAL_ERROR, stream.id, Buffer.from('{"reason":"Shutdown"}')),
  );
  expect(await post(channel)).toMatchObject({ status: 0, text: 'Shutdown' });
  expect(service.received).toHaveLength(1);
});

it('repeats a refused request at once on another connection', async () => {
  const { service, channel } = await channelTo(({ session, stream, answer }, { sessions }) => {
    if (session === sessions[0]) stream.close(constants.NGHTTP2_REFUSED_STREAM);
    else answer();
  });
  expect(await post(channel)).toMatchObject({ status: 200 });
  expect(service.sessions).toHaveLength(2);
});

it('gives up on a service that refuses everything', async () => {
  const { service, channel } = await channelTo(({ stream }) => stream.close(constants.NGHTTP2_REFUSED_STREAM));
  expect(await post(channel)).toMatchObject({ status: 0, text: 'refused' });
  expect(service.received).toHaveLength(3);
});

it('does not repeat a request that was open when the connection was reset, and sends the next one over another connection', async () => {
  const { service, channel } = await channelTo(({ path, session, answer }) =>
    path === '/reset' ? session.destroy() : answer(),
  );
  expect(await post(channel, '/reset')).toMatchObject({ status: 0 });
  expect(await post(channel)).toMatchObject({ status: 200 });
  expect(pathsOf(service)).toEqual(['/', '/reset']);
});

it('says at once that nobody listens, and finds a service that listens later', async () => {
  const service = await aService(answering);
  await service.close();
  const channel = http2Channel(service.endpoint);
  channel.warm();
  expect(await post(channel)).toMatchObject({ status: 0, text: 'ECONNREFUSED' });
  await serviceThat(answering, { port: Number(new URL(service.endpoint).port) });
  expect(await post(channel)).toMatchObject({ status: 200 });
});

it('connects less and less often to a service that resets connections, fails requests at once meanwhile, and recovers with the service', async () => {
  let knocks = 0;
  const shut = createTcpServer((socket) => {
    knocks += 1;
    socket.resetAndDestroy();
  });
  await once(shut.listen(0, '127.0.0.1'), 'listening');
  const address = shut.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const channel = http2Channel(`https://localhost:${port}`);
  const startedAt = performance.now();
  let sent = 0;
  while (performance.now() < startedAt + 1000) {
    await burst(channel, paths(10));
    sent += 10;
  }
  const elapsedMs = performance.now() - startedAt;
  // Twice as long a pause after each attempt, and then 400 ms each time.
  const earliest = [0, 25, 75, 175, ...Array.from({ length: 100 }, (_, i) => 375 + i * 400)];
  expect(knocks).toBeLessThanOrEqual(earliest.filter((ms) => ms <= elapsedMs).length);
  expect(sent).toBeGreaterThan(10);
  await new Promise((done) => shut.close(done));
  await serviceThat(answering, { port: port ?? 0 });
  expect(await post(channel)).toMatchObject({ status: 200 });
});

it('gives up a connection that never opens, and uses another', async () => {
  const { channel } = await channelOverLink({ silent: 1 });
  expect(await post(channel, '/', 5000)).toMatchObject({ status: 200 });
});

/** A channel to a service that speaks nothing but HTTP/1.1. */
async function channelOverHttp1(serve: RequestListener, options: TlsOptions = {}): Promise<Channel> {
  const { keyPem, certificatePem } = await trusted();
  const server = createServer({ key: keyPem, cert: certificatePem, ...options }, serve);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => server.close());
  const address = server.address();
  return http2Channel(`https://localhost:${typeof address === 'object' ? address?.port : ''}`);
}

it.each([
  ['says so', {}],
  // A server that does not negotiate a protocol speaks HTTP/1.1.
  ['does not say what it speaks', { ALPNProtocols: [] }],
])('speaks HTTP/1.1 with a service that supports nothing else and %s', async (_, options) => {
  const channel = await channelOverHttp1(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    response.writeHead(503, { 'retry-after': '7' }).end(`${request.method} ${request.url} ${text}`);
  }, options);
  for (const path of ['/a', '/b'])
    expect(await post(channel, path)).toMatchObject({
      status: 503,
      text: `POST ${path} {}`,
      headers: { 'retry-after': '7' },
    });
});

it.each([
  ['never answers', () => undefined, { status: 0, text: 'timeout' }],
  ['never ends its answer', drip, { status: 200 }],
])('waits no longer than it may for a service that speaks HTTP/1.1 and %s', async (_, serve, answer) => {
  const channel = await channelOverHttp1(serve);
  expect(await post(channel, '/', 1000)).toMatchObject(answer);
});

/** Answers a byte at a time, so that the connection is never idle. */
function drip(_: IncomingMessage, response: ServerResponse): void {
  const timer = setInterval(() => response.write('.'), 100);
  response.on('close', () => clearInterval(timer));
}
