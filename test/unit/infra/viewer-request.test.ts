import { describe, expect, it } from 'vitest';
import { EDGE_ROUTES } from '#infra/edge/routes.ts';
import { viewerFunctionCode } from '#infra/edge/viewer-function.ts';
import type { Origin } from '#local/aws/cloudfront/distribution-spec.ts';
import type { ViewerRequest } from '#local/aws/cloudfront/viewer-event.ts';
import { type Outcome, viewerFunction } from '#local/aws/cloudfront/viewer-function.ts';

const code = viewerFunctionCode(EDGE_ROUTES);
const origins = new Map(
  ['rest', 'ws', 'socketio', 'rooms'].map((id): [string, Origin] => [
    id,
    { id, domainName: `${id}.example`, path: '', headers: {} },
  ]),
);
const run = viewerFunction(code, origins);

type Query = ViewerRequest['querystring'];

/** What the function makes of a request whose behaviour leads to the origin `to`. */
function played(to: string, uri: string, querystring: Query = {}, headers: Query = {}): Outcome {
  const origin = origins.get(to);
  if (!origin) throw new Error(`there is no origin ${to}`);
  const host = { host: { value: 'd111.cloudfront.net' } };
  return run({ request: { method: 'GET', uri, querystring, headers: { ...host, ...headers }, cookies: {} } }, origin);
}

/** Where a request goes: the origin, the path there, and the query. */
function led(outcome: Outcome): { to: string; uri: string; query: Query } {
  if (outcome.kind === 'response') throw new Error(`it was answered with ${outcome.response.statusCode}`);
  const { request, origin } = outcome;
  return { to: origin.id, uri: request.uri, query: request.querystring };
}

const statusOf = (outcome: Outcome) => (outcome.kind === 'response' ? outcome.response.statusCode : undefined);

describe('the function of the edge', () => {
  it('is small enough for CloudFront, and uses nothing that its runtime lacks', () => {
    expect(Buffer.byteLength(code)).toBeLessThan(10_240);
    const body = code.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    for (const lacking of [/\.\.\./, /\bclass\b/, /\bfor \(.* of /, /\?\?/, /\?\./, /const [{[]/, /\bprocess\b/]) {
      expect(body).not.toMatch(lacking);
    }
  });

  it.each(['/', '/api/v2/devices', '/v1/api/callStreams', '/webrtc/config', '/socket.iox', '/wsx', '/ws/calls'])(
    'leaves %s as it is',
    (uri) => {
      const query = { a: { value: '1' }, room_id: { value: 'x' } };
      expect(led(played('rest', uri, query))).toEqual({ to: 'rest', uri, query });
    },
  );

  it('tells the origin which host the viewer asked for, and not what a viewer says of it', () => {
    const outcome = played('rest', '/health', {}, { 'x-forwarded-host': { value: 'evil.example' } });
    expect(outcome).toMatchObject({ request: { headers: { 'x-forwarded-host': { value: 'd111.cloudfront.net' } } } });
  });

  it('leaves the native WebSocket at its stage', () => {
    expect(led(played('ws', '/ws', { token: { value: 't' } }))).toEqual({
      to: 'ws',
      uri: '/ws',
      query: { token: { value: 't' } },
    });
  });

  it.each(['socket.io', 'video-socket'])('moves the path of /%s/ into the query of its WebSocket', (path) => {
    const query = { EIO: { value: '4' }, transport: { value: 'websocket' } };
    expect(led(played('socketio', `/${path}/`, query))).toEqual({
      to: 'socketio',
      uri: '/socketio',
      query: { ...query, path: { value: path } },
    });
  });

  it.each<[string, Query]>([
    ['polling', { transport: { value: 'polling' } }],
    ['an unknown transport', { transport: { value: 'pigeon' } }],
    ['no transport', {}],
    [
      'two transports',
      { transport: { value: 'websocket', multiValue: [{ value: 'polling' }, { value: 'websocket' }] } },
    ],
  ])('leads %s to the HTTP API', (_, query) => {
    expect(led(played('socketio', '/socket.io/', query))).toEqual({ to: 'rest', uri: '/socket.io/', query });
  });

  it.each([
    ['standup', 'standup'],
    ['a.b_c-d', 'a.b_c-d'],
    ['%61b', 'ab'],
    ['x'.repeat(128), 'x'.repeat(128)],
  ])('takes the room id %s from the path', (sent, id) => {
    expect(led(played('rooms', `/webrtc/ws/${sent}`, { token: { value: 't' } }))).toEqual({
      to: 'rooms',
      uri: '/rooms',
      query: { token: { value: 't' }, room_id: { value: id } },
    });
  });

  it.each([
    '',
    'a/b',
    'a%2Fb',
    '%2561',
    'a b',
    'a%20b',
    '%E0%A4%A',
    '%00',
    'ä',
    '%C3%A4',
    'x'.repeat(129),
    'a%0A',
    'room/',
  ])('refuses the room id "%s"', (id) => {
    const outcome = played('rooms', `/webrtc/ws/${id}`);
    expect(statusOf(outcome)).toBe(400);
    expect(outcome.kind === 'response' && JSON.parse(String(outcome.response.body))).toMatchObject({
      status: 400,
      code: 'validation_failed',
      errors: [{ path: 'room_id' }],
    });
  });

  it.each<[string, Query]>([
    ['by its name', { room_id: { value: 'evil' } }],
    ['twice', { room_id: { value: 'evil', multiValue: [{ value: 'evil' }, { value: 'worse' }] } }],
    ['encoded', { 'room%5Fid': { value: 'evil' } }],
    ['encoded throughout', { '%72%6f%6f%6d%5f%69%64': { value: 'evil' } }],
    ['in a name that cannot be decoded', { 'room_id%': { value: 'evil' } }],
  ])('drops a viewer’s own room_id, sent %s', (_, query) => {
    expect(led(played('rooms', '/webrtc/ws/mine', { ...query, token: { value: 't' } })).query).toEqual({
      token: { value: 't' },
      room_id: { value: 'mine' },
    });
  });

  it('does not let a semicolon end a parameter', () => {
    const query = { a: { value: '1;room_id=evil' }, 'b;room_id': { value: 'evil' } };
    expect(led(played('rooms', '/webrtc/ws/mine', query)).query).toEqual({
      a: { value: '1%3Broom_id=evil' },
      'b%3Broom_id': { value: 'evil' },
      room_id: { value: 'mine' },
    });
  });
});
