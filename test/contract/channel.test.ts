import { once } from 'node:events';
import { constants, type ServerHttp2Session } from 'node:http2';
import { createServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
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

const post = (channel: Channel, path = '/', timeoutMs = 3000) =>
  channel.send({ path, headers: {}, body: '{}' }, timeoutMs);

/** Every path in `paths` at once. */
const burst = (channel: Channel, paths: readonly string[], timeoutMs = 3000) =>
  Promise.all(paths.map((path) => post(channel, path, timeoutMs)));

const paths = (count: number): string[] => Array.from({ length: count }, (_, index) => `/${index}`);

const pathsOf = ({ received }: Service): string[] => received.map(({ path }) => path).toSorted();

function sessionOf({ sessions: [first] }: Service): ServerHttp2Session {
  if (!first) throw new Error('nobody has connected');
  return first;
}

/** From now on the clock of connections is `ms` ahead, as if nothing had happened for so long. */
function passIdly(ms: number): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
}

async function took<T>(work: Promise<T>): Promise<{ ms: number; result: T }> {
  const startedAt = process.hrtime.bigint();
  const result = await work;
  return { result, ms: Number(process.hrtime.bigint() - startedAt) / 1e6 };
}

it('keeps one connection for all requests, opened before the first', async () => {
  const { service, channel } = await channelTo(answering);
  channel.warm();
  await vi.waitFor(() => expect(service.sessions).toHaveLength(1));
  for (const path of paths(3)) expect(await post(channel, path)).toMatchObject({ status: 200 });
  expect(service.sessions).toHaveLength(1);
});

it('brings the status, the headers and the body of an answer', async () => {
  const { channel } = await channelTo(({ answer, text }) => answer(429, `got ${text}`, { 'retry-after': '7' }));
  expect(await post(channel)).toMatchObject({ status: 429, text: 'got {}', headers: { 'retry-after': '7' } });
});

it('never has more requests open than the service allows, and all as soon as it allows them', async () => {
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

it('has one request open at a time where no more are allowed, and no second one elsewhere refused', async () => {
  const { service, channel } = await channelTo(answering, { maxConcurrentStreams: 1 });
  expect((await burst(channel, paths(10))).every(({ status }) => status === 200)).toBe(true);
  expect(service.mostAtOnce()).toBe(1);
});

it('goes around a request that is never answered, by another connection where there is no room beside it', async () => {
  const { service, channel } = await channelTo(({ path, answer }) => path !== '/slow' && answer(), {
    maxConcurrentStreams: 1,
  });
  const slow = post(channel, '/slow', 1500);
  await vi.waitFor(() => expect(service.received).toHaveLength(1));
  const { ms, result } = await took(post(channel, '/quick'));
  expect(result.status).toBe(200);
  expect(ms).toBeLessThan(1000);
  expect(await slow).toMatchObject({ status: 0, text: 'timeout' });
});

it('keeps a connection on which one answer was slow and others came', async () => {
  const { service, channel } = await channelTo(({ path, answer }) => path !== '/slow' && answer());
  const slow = post(channel, '/slow', 300);
  await post(channel, '/quick');
  expect(await slow).toMatchObject({ status: 0, text: 'timeout' });
  expect(await post(channel)).toMatchObject({ status: 200 });
  expect(service.sessions).toHaveLength(1);
});

it('leaves a connection that acknowledges and answers nothing', async () => {
  const { service, channel } = await channelTo(
    ({ session, answer }, { sessions }) => session !== sessions[0] && answer(),
  );
  expect(await post(channel, '/', 300)).toMatchObject({ status: 0, text: 'timeout' });
  expect(await post(channel)).toMatchObject({ status: 200 });
  expect(service.sessions).toHaveLength(2);
});

it('has a connection prove itself after it was idle, and uses it', async () => {
  const { service, channel } = await channelTo(answering);
  await post(channel);
  const pinged = once(sessionOf(service), 'ping');
  passIdly(2000);
  expect(await post(channel)).toMatchObject({ status: 200 });
  await pinged;
  expect(service.sessions).toHaveLength(1);
});

it('asks no connection to prove itself that was just heard', async () => {
  const { service, channel } = await channelTo(answering);
  await post(channel);
  let pings = 0;
  sessionOf(service).on('ping', () => {
    pings += 1;
  });
  await post(channel);
  expect(pings).toBe(0);
});

it('loses a fraction of a second where the idle connection has died in silence', async () => {
  const service = await serviceThat(answering);
  const link = await aLinkTo(service.endpoint);
  closing.push(link.close);
  const channel = http2Channel(link.endpoint);
  await post(channel);
  link.goSilent();
  passIdly(2000);
  const { ms, result } = await took(post(channel));
  expect(result.status).toBe(200);
  // Sooner than the 400 ms after which the old one is given up: the new one was opened beside it.
  expect(ms).toBeLessThan(390);
});

it('finds a connection that dies in silence under a request within a second or so, and later requests another one', async () => {
  const service = await serviceThat(answering);
  const link = await aLinkTo(service.endpoint);
  closing.push(link.close);
  const channel = http2Channel(link.endpoint);
  await post(channel);
  link.goSilent();
  const { ms, result } = await took(post(channel, '/lost'));
  expect(result).toMatchObject({ status: 0, text: 'it went silent' });
  expect(ms).toBeLessThan(2000);
  expect(await post(channel)).toMatchObject({ status: 200 });
});

it.each([
  ['without an error', constants.NGHTTP2_NO_ERROR],
  ['with an error', constants.NGHTTP2_INTERNAL_ERROR],
])('repeats at once what a GOAWAY %s says was not looked at', async (_, code) => {
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

it('does not repeat what may have been looked at before a GOAWAY, and tells its reason', async () => {
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

it('does not repeat what was under way when the connection was reset; what follows takes another', async () => {
  const { service, channel } = await channelTo(({ path, session, answer }) =>
    path === '/reset' ? session.destroy() : answer(),
  );
  expect(await post(channel, '/reset')).toMatchObject({ status: 0 });
  expect(await post(channel)).toMatchObject({ status: 200 });
  expect(pathsOf(service)).toEqual(['/', '/reset']);
});

it('tells at once that nobody listens, and finds who listens later', async () => {
  const service = await aService(answering);
  await service.close();
  const channel = http2Channel(service.endpoint);
  channel.warm();
  expect(await post(channel)).toMatchObject({ status: 0, text: 'ECONNREFUSED' });
  await serviceThat(answering, { port: Number(new URL(service.endpoint).port) });
  expect(await post(channel)).toMatchObject({ status: 200 });
});

it('knocks less and less often where nobody is let in, holds up no request meanwhile, and is back with the service', async () => {
  let knocks = 0;
  const shut = createTcpServer((socket) => {
    knocks += 1;
    socket.resetAndDestroy();
  });
  await once(shut.listen(0, '127.0.0.1'), 'listening');
  const address = shut.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const channel = http2Channel(`https://localhost:${port}`);
  const until = performance.now() + 1000;
  let sent = 0;
  while (performance.now() < until) {
    await burst(channel, paths(10));
    sent += 10;
  }
  // After 0, 25, 75, 175, 375, 775 and 1175 ms, on a machine that is fast enough.
  expect(knocks).toBeLessThanOrEqual(7);
  expect(sent).toBeGreaterThan(10);
  await new Promise((done) => shut.close(done));
  await serviceThat(answering, { port: port ?? 0 });
  expect(await post(channel)).toMatchObject({ status: 200 });
});

it('does not wait for a connection that never opens', async () => {
  const service = await serviceThat(answering);
  const link = await aLinkTo(service.endpoint, { silent: 1 });
  closing.push(link.close);
  expect(await post(http2Channel(link.endpoint))).toMatchObject({ status: 200 });
});

it.each([
  ['says so', {}],
  // What does not take part in the choice of a protocol is taken for HTTP/1.1.
  ['does not say what it speaks', { ALPNProtocols: [] }],
])('speaks HTTP/1.1 with a service that knows nothing else and %s', async (_, options) => {
  const { keyPem, certificatePem } = await trusted();
  const server = createServer({ key: keyPem, cert: certificatePem, ...options }, async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    response.writeHead(503, { 'retry-after': '7' }).end(`${request.method} ${request.url} ${text}`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => server.close());
  const address = server.address();
  const channel = http2Channel(`https://localhost:${typeof address === 'object' ? address?.port : ''}`);
  for (const path of ['/a', '/b'])
    expect(await post(channel, path)).toMatchObject({
      status: 503,
      text: `POST ${path} {}`,
      headers: { 'retry-after': '7' },
    });
});
