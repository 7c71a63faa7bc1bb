import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { EDGE_ROUTES } from '#infra/edge/routes.ts';
import { viewerFunctionCode } from '#infra/edge/viewer-function.ts';
import { distribution } from '#local/aws/cloudfront/distribution.ts';
import type { Behaviour, DistributionSpec } from '#local/aws/cloudfront/distribution-spec.ts';
import { type FrontDoor, startFrontDoor } from '#local/aws/gateway/front-door.ts';
import { type HttpHost, httpApiHost, webSocketApiHost } from '#local/aws/gateway/http-host.ts';

/** What an origin was asked for. */
interface Asked {
  readonly host: string;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
}

const ORIGINS = ['rest', 'ws', 'socketio', 'rooms'];
const METHODS = ['GET', 'POST', 'OPTIONS'];
const behaviour = (pattern: string, originId: string, viewerRequest = viewerFunctionCode(EDGE_ROUTES)): Behaviour => ({
  pattern,
  originId,
  methods: METHODS,
  viewerRequest,
  responseHeaders: { 'x-frame-options': 'DENY' },
});
const BEHAVIOURS = [...EDGE_ROUTES.map(({ path, stage }) => behaviour(path, stage)), behaviour('*', 'rest')];

const doors: FrontDoor[] = [];
const servers: WebSocketServer[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const door of doors.splice(0)) door.stop();
  for (const server of servers.splice(0)) server.close();
});

/** Opens a port that is the distribution before four origins, which tell what they were asked for. */
async function aDistribution(behaviours: readonly Behaviour[] = BEHAVIOURS, originIdleMs = 60_000) {
  const asked: Asked[] = [];
  const heard = new EventEmitter();
  const server = new WebSocketServer({ noServer: true });
  servers.push(server);
  const noted = (host: string, { url, headers }: IncomingMessage) => asked.push({ host, url, headers });
  const hosts = new Map(
    ORIGINS.map((id): [string, HttpHost] => [
      `${id}.example`,
      id === 'rest'
        ? httpApiHost(async (request) => {
            noted(id, request);
            return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'rest' };
          })
        : webSocketApiHost(async (request, socket, head) => {
            noted(id, request);
            server.handleUpgrade(request, socket, head, (webSocket) => {
              webSocket.on('message', (data) => {
                heard.emit(String(data));
                if (String(data) === 'talk') webSocket.send('here');
              });
            });
          }),
    ]),
  );
  const spec: DistributionSpec = {
    origins: new Map(
      ORIGINS.map((id) => [
        id,
        { id, domainName: `${id}.example`, path: '', headers: { 'x-carillon-edge': 's3cret' } },
      ]),
    ),
    behaviours,
  };
  const door = await startFrontDoor(0, () => {});
  doors.push(door);
  const edge = distribution(spec, hosts, { originIdleMs, log: () => {} });
  door.open({ home: () => {}, control: async () => {}, hostOf: () => edge });
  return { asked, heard, url: door.url, dial: (path: string) => new WebSocket(door.url.replace('http', 'ws') + path) };
}

/** The status with which a handshake is refused. */
async function refusal(socket: WebSocket): Promise<number> {
  const [, response] = await once(socket, 'unexpected-response');
  return response.statusCode;
}

describe('the distribution', () => {
  it('shows the origin its own host, its secret and the host that was asked for', async () => {
    const { asked, url } = await aDistribution();
    const headers = { 'x-carillon-edge': 'forged', 'x-forwarded-host': 'evil.example', cookie: 'a=1; b=2' };
    const response = await fetch(`${url}/health?b=2&a=1&b=3`, { headers });
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(asked).toMatchObject([{ host: 'rest', url: '/health?b=2&a=1&b=3' }]);
    expect(asked[0]?.headers).toMatchObject({
      host: 'rest.example',
      'x-carillon-edge': 's3cret',
      'x-forwarded-host': new URL(url).host,
      cookie: 'a=1; b=2',
    });
  });

  it('passes a body on', async () => {
    const { url } = await aDistribution();
    expect(await (await fetch(`${url}/socket.io/?transport=polling`, { method: 'POST', body: 'x' })).text()).toBe(
      'rest',
    );
  });

  it('refuses a method that its behaviour does not allow', async () => {
    const { asked, url } = await aDistribution();
    expect((await fetch(`${url}/health`, { method: 'PUT' })).status).toBe(403);
    expect(asked).toEqual([]);
  });

  it.each([
    ['/ws?token=t', 'ws', '/ws?token=t'],
    ['/socket.io/?EIO=4&transport=websocket', 'socketio', '/socketio?EIO=4&transport=websocket&path=socket.io'],
    ['/video-socket/?EIO=4&transport=websocket', 'socketio', '/socketio?EIO=4&transport=websocket&path=video-socket'],
    ['/webrtc/ws/%73tandup?token=a.b-c_d', 'rooms', '/rooms?token=a.b-c_d&room_id=standup'],
    ['/webrtc/ws/mine?room_id=evil&token=t', 'rooms', '/rooms?token=t&room_id=mine'],
    ['/webrtc/ws/mine?room%5fid=evil&room_id=a&room_id=b', 'rooms', '/rooms?room_id=mine'],
    ['/webrtc/ws/mine?a=1;room_id=evil', 'rooms', '/rooms?a=1%3Broom_id=evil&room_id=mine'],
    ['/socket.io/?path=video-socket&transport=websocket', 'socketio', '/socketio?transport=websocket&path=socket.io'],
  ])('leads the WebSocket %s to %s', async (path, host, url) => {
    const { asked, dial } = await aDistribution();
    const socket = dial(path);
    await once(socket, 'open');
    expect(asked).toMatchObject([{ host, url }]);
    expect(asked[0]?.headers).toMatchObject({ host: `${host}.example`, 'x-carillon-edge': 's3cret' });
    socket.terminate();
  });

  it.each(['/webrtc/ws/a%2fb', '/webrtc/ws/%2561', '/webrtc/ws/', '/webrtc/ws/a/b', `/webrtc/ws/${'x'.repeat(129)}`])(
    'refuses the room of %s with 400, and asks nobody',
    async (path) => {
      const { asked, url, dial } = await aDistribution();
      expect(await refusal(dial(path))).toBe(400);
      const response = await fetch(url + path);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'validation_failed', errors: [{ path: 'room_id' }] });
      expect(asked).toEqual([]);
    },
  );

  it('answers an upgrade with what an HTTP API says to it', async () => {
    const { asked, dial } = await aDistribution();
    expect(await refusal(dial('/socket.io/?EIO=4&transport=pigeon'))).toBe(200);
    expect(asked).toMatchObject([{ host: 'rest', url: '/socket.io/?EIO=4&transport=pigeon' }]);
  });

  it('answers 426 to a request that asks a WebSocket API for no upgrade', async () => {
    const { url } = await aDistribution();
    expect((await fetch(`${url}/ws`)).status).toBe(426);
  });

  it('cuts a WebSocket on which the origin has said nothing for so long, whatever its viewer says', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { heard, dial } = await aDistribution(BEHAVIOURS, 600_000);
    const socket = dial('/ws');
    await once(socket, 'open');
    const closed = once(socket, 'close');
    vi.advanceTimersByTime(599_000);
    socket.send('talk');
    await once(socket, 'message');
    vi.advanceTimersByTime(599_000);
    socket.send('ignored');
    await once(heard, 'ignored');
    expect(socket.readyState).toBe(socket.OPEN);
    vi.advanceTimersByTime(1000);
    expect((await closed)[0]).toBe(1006);
  });

  it.each([
    [
      "cf.updateRequestOrigin({ domainName: 'rooms.example', originPath: '/x', customHeaders: { k: 'v' } });",
      'rooms',
      '/x/ws',
    ],
    ["cf.selectRequestOriginById('socketio');", 'socketio', '/ws'],
    ['', 'ws', '/ws'],
  ])('lets a function choose the origin: %s', async (code, host, url) => {
    const source = `import cf from 'cloudfront';\nfunction handler(event) { ${code} return event.request; }`;
    const { asked, dial } = await aDistribution([behaviour('*', 'ws', source)]);
    const socket = dial('/ws');
    await once(socket, 'open');
    expect(asked).toMatchObject([{ host, url }]);
    socket.terminate();
  });

  it.each([
    'throw new Error("no");',
    "cf.selectRequestOriginById('nobody');",
    "event.request.uri = 'no-slash'; return event.request;",
  ])('answers 503 where a function fails: %s', async (code) => {
    const source = `import cf from 'cloudfront';\nfunction handler(event) { ${code} }`;
    const { asked, url } = await aDistribution([behaviour('*', 'ws', source)]);
    expect((await fetch(`${url}/ws`)).status).toBe(503);
    expect(asked).toEqual([]);
  });
});
