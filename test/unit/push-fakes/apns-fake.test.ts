import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type ClientHttp2Session, constants, type OutgoingHttpHeaders } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PushFakes, startPushFakes } from '#local/push/push-fakes.ts';
import { apnsKey, openHttp2, overHttp2, providerToken } from './raw-clients.ts';

let fakes: PushFakes;
let authorization: string;
let session: ClientHttp2Session;
beforeAll(async () => {
  fakes = await startPushFakes();
  authorization = `bearer ${await providerToken(fakes)}`;
});
beforeEach(() => {
  session = openHttp2(fakes.apnsEndpoint, fakes);
});
afterEach(() => session.destroy());
afterAll(() => fakes.close());

const voip = (): OutgoingHttpHeaders => ({
  authorization,
  'apns-topic': `${apnsKey(fakes).bundle_id}.voip`,
  'apns-push-type': 'voip',
  'apns-priority': '10',
  'apns-expiration': '1900000000',
  'apns-id': randomUUID(),
});
const alert = (): OutgoingHttpHeaders => ({
  ...voip(),
  'apns-topic': apnsKey(fakes).bundle_id,
  'apns-push-type': 'alert',
});
const push = (token: string, headers: OutgoingHttpHeaders = {}, body = '{"aps":{}}', over = session) =>
  overHttp2(over, { ':path': `/3/device/${token}`, ...voip(), ...headers }, body);

describe('a push', () => {
  it('is answered with 200, no body and its id, and kept', async () => {
    const id = randomUUID();
    const answer = await push('a1', { 'apns-id': id }, '{"aps":{},"type":"call.ring"}');
    expect(answer).toMatchObject({ status: 200, body: null });
    expect(answer.headers['apns-id']).toBe(id);
    expect(answer.headers['apns-unique-id']).toBeUndefined();
    expect(fakes.pushes('a1')).toEqual([
      expect.objectContaining({
        provider: 'apns',
        path: '/3/device/a1',
        status: 200,
        body: { aps: {}, type: 'call.ring' },
      }),
    ]);
    expect(fakes.pushes('a1')[0]?.headers['authorization']).toBe('bearer');
  });

  it('gets an id if it has none, and a second one in the sandbox', async () => {
    const sandbox = openHttp2(fakes.apnsSandboxEndpoint, fakes);
    const { authorization: _, 'apns-id': __, ...rest } = voip();
    const answer = await overHttp2(sandbox, { ':path': '/3/device/a2', authorization, ...rest }, '{"aps":{}}');
    sandbox.destroy();
    expect(answer.headers['apns-id']).toMatch(/^[\da-f-]{36}$/);
    expect(answer.headers['apns-unique-id']).toMatch(/^[\da-f-]{36}$/);
    expect(fakes.pushes('a2')[0]?.provider).toBe('apns-sandbox');
  });

  it('is kept under the decoded token', async () => {
    expect((await push(encodeURIComponent('any/token:1'))).status).toBe(200);
    expect(fakes.pushes('any/token:1')).toHaveLength(1);
  });

  it('is kept and counted as a violation when it is refused', async () => {
    await push('a3', { 'apns-priority': '7' });
    expect(fakes.pushes('a3')[0]?.status).toBe(400);
    expect(fakes.violations()).toContainEqual({
      at: expect.any(String),
      provider: 'apns',
      rule: 'BadPriority',
      detail: '7',
    });
  });

  it.each([
    ['a PUT', { ':method': 'PUT' }, 405, 'MethodNotAllowed'],
    ['another path', { ':path': '/4/device/x' }, 404, 'BadPath'],
    ['no token', { ':path': '/3/device/' }, 400, 'MissingDeviceToken'],
    ['an id in capitals', { 'apns-id': randomUUID().toUpperCase() }, 400, 'BadMessageId'],
    ['an expiration that is a date', { 'apns-expiration': '2026-11-20' }, 400, 'BadExpirationDate'],
    ['an expiration in milliseconds', { 'apns-expiration': '1900000000000' }, 400, 'BadExpirationDate'],
    ['a priority of 7', { 'apns-priority': '7' }, 400, 'BadPriority'],
    ['an unknown push type', { 'apns-push-type': 'ring' }, 400, 'InvalidPushType'],
    ['no topic', { 'apns-topic': '' }, 400, 'MissingTopic'],
    ['the topic of another app', { 'apns-topic': 'com.example.other.voip' }, 400, 'TopicDisallowed'],
    ['a VoIP push to the app itself', { 'apns-topic': 'com.example.carillon' }, 400, 'BadTopic'],
    ['an alert to the VoIP topic', { 'apns-push-type': 'alert' }, 400, 'BadTopic'],
    ['a collapse id of 65 bytes', { 'apns-collapse-id': 'x'.repeat(65) }, 400, 'BadCollapseId'],
    ['a header sent twice', { 'apns-collapse-id': ['a', 'b'] as unknown as string }, 400, 'DuplicateHeaders'],
    ['no provider token', { authorization: '' }, 403, 'MissingProviderToken'],
    ['a forged provider token', { authorization: 'bearer a.b.c' }, 403, 'InvalidProviderToken'],
  ])('with %s is refused', async (_, headers, status, reason) => {
    const answer = await push('refused', headers);
    expect(answer).toMatchObject({ status, body: { reason } });
    expect(answer.headers['apns-id']).toBeDefined();
  });

  it('in the background needs priority 5', async () => {
    const background = { ...alert(), 'apns-push-type': 'background' };
    expect((await push('b1', background)).body).toEqual({ reason: 'BadPriority' });
    expect((await push('b1', { ...background, 'apns-priority': '5' })).status).toBe(200);
  });

  it.each([
    ['voip', 5120],
    ['alert', 4096],
  ])('of type %s may have %i bytes and no more', async (type, limit) => {
    const headers = type === 'voip' ? voip() : alert();
    const body = (bytes: number) => JSON.stringify({ x: 'x'.repeat(bytes - 8) });
    expect((await push('size', headers, body(limit))).status).toBe(200);
    expect(await push('size', headers, body(limit + 1))).toMatchObject({
      status: 413,
      body: { reason: 'PayloadTooLarge' },
    });
    expect((await push('size', headers, '')).body).toEqual({ reason: 'PayloadEmpty' });
    expect((await push('size', headers, '[1]')).status).toBe(400);
  });
});

describe('a provider token', () => {
  it.each([
    ['older than an hour', { ageS: 3601 }, 'ExpiredProviderToken'],
    ['of another key', { kid: 'OTHERKEY01' }, 'InvalidProviderToken'],
    ['of another team', { iss: 'OTHERTEAM1' }, 'InvalidProviderToken'],
  ])('%s is refused', async (_, changes, reason) => {
    const answer = await push('t1', { authorization: `bearer ${await providerToken(fakes, changes)}` });
    expect(answer).toMatchObject({ status: 403, body: { reason } });
  });

  it('may not change within 20 minutes of one connection, but may on another', async () => {
    const another = `bearer ${await providerToken(fakes, { ageS: 60 })}`;
    expect((await push('t2')).status).toBe(200);
    expect((await push('t2')).status).toBe(200);
    expect(await push('t2', { authorization: another })).toMatchObject({
      status: 429,
      body: { reason: 'TooManyProviderTokenUpdates' },
    });
    const second = openHttp2(fakes.apnsEndpoint, fakes);
    expect((await push('t2', { authorization: another }, undefined, second)).status).toBe(200);
    second.destroy();
  });

  it('may change at once if the script has declared it expired', async () => {
    fakes.script('t3', [{ status: 403, reason: 'ExpiredProviderToken' }]);
    expect((await push('t3')).body).toEqual({ reason: 'ExpiredProviderToken' });
    expect((await push('t3', { authorization: `bearer ${await providerToken(fakes, { ageS: 5 })}` })).status).toBe(200);
  });
});

describe('a connection', () => {
  it('must speak HTTP/2', async () => {
    const { hostname, port } = new URL(fakes.apnsEndpoint);
    const socket = connectTls({ host: hostname, port: Number(port), ca: fakes.caPem, ALPNProtocols: ['http/1.1'] });
    await expect(once(socket, 'secureConnect')).rejects.toThrow();
    socket.destroy();
  });

  it('carries one request at a time until its token was accepted, then many', async () => {
    const [first] = await once(session, 'remoteSettings');
    expect(first.maxConcurrentStreams).toBe(1);
    await push('c1', { authorization: 'bearer a.b.c' });
    expect(session.remoteSettings.maxConcurrentStreams).toBe(1);
    const raised = once(session, 'remoteSettings');
    await push('c1');
    expect((await raised)[0].maxConcurrentStreams).toBe(1000);
    const answers = await Promise.all(Array.from({ length: 50 }, () => push('c1')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it('survives a request that its client aborts', async () => {
    const broken = session.request({ ':method': 'POST', ':path': '/3/device/c3', ...voip() });
    broken.on('error', () => undefined).write('{');
    broken.close(constants.NGHTTP2_CANCEL);
    await once(broken, 'close');
    expect((await push('c3')).status).toBe(200);
  });

  it('refuses the requests that a client sends at once too early', async () => {
    await once(session, 'connect');
    const answers = await Promise.allSettled([push('c2'), push('c2'), push('c2')]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('a scripted outcome', () => {
  it.each([
    [400, 'BadDeviceToken'],
    [410, 'Unregistered'],
    [429, 'TooManyRequests'],
    [500, 'InternalServerError'],
    [503, 'ServiceUnavailable'],
  ])('of %i has the usual reason', async (status, reason) => {
    fakes.script(`s${status}`, [{ status, retry_after: 2 }]);
    const answer = await push(`s${status}`);
    expect(answer).toMatchObject({ status, body: { reason } });
    expect(answer.headers['retry-after']).toBe('2');
    expect((await push(`s${status}`)).status).toBe(200);
  });

  it('has a timestamp only if it is a 410', async () => {
    fakes.script('gone', [
      { status: 410, reason: 'ExpiredToken', timestamp: 1_700_000_000_000 },
      { status: 410 },
      { status: 400, reason: 'DeviceTokenNotForTopic', timestamp: 1 },
    ]);
    expect((await push('gone')).body).toEqual({ reason: 'ExpiredToken', timestamp: 1_700_000_000_000 });
    expect((await push('gone')).body.timestamp).toBeGreaterThan(Date.now() - 5000);
    expect((await push('gone')).body).toEqual({ reason: 'DeviceTokenNotForTopic' });
  });

  it('may be of one environment only', async () => {
    fakes.script('elsewhere', [{ status: 400, environment: 'production' }]);
    const sandbox = openHttp2(fakes.apnsSandboxEndpoint, fakes);
    expect((await push('elsewhere', {}, undefined, sandbox)).status).toBe(200);
    sandbox.destroy();
    expect((await push('elsewhere')).body).toEqual({ reason: 'BadDeviceToken' });
  });

  it('may close the connection', async () => {
    fakes.script('dropped', [{ drop: true }]);
    const closed = once(session, 'close');
    push('dropped').catch(() => undefined);
    await closed;
    expect(fakes.pushes('dropped')[0]?.status).toBe(0);
  });
});

describe('a second VoIP push for one ring', () => {
  const ring = JSON.stringify({ aps: {}, call_cid: 'default:1', ring_id: 'r1' });
  const breaches = () => fakes.violations().filter(({ rule }) => rule === 'second-voip-push').length;

  it('is a violation, unless it is a retry with the same id', async () => {
    const retried = { 'apns-id': randomUUID() };
    await push('v1', retried, ring);
    await push('v1', retried, ring);
    expect(breaches()).toBe(0);
    await push('v1', {}, ring);
    expect(breaches()).toBe(1);
  });

  it('is no violation if the first was not accepted', async () => {
    const before = breaches();
    fakes.script('v2', [{ status: 503 }]);
    await push('v2', {}, ring);
    await push('v2', {}, ring);
    expect(breaches()).toBe(before);
  });
});
