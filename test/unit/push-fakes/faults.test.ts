import { randomUUID } from 'node:crypto';
import { type EventEmitter, once } from 'node:events';
import { type ClientHttp2Session, constants } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type PushFakes, startPushFakes } from '#local/push/push-fakes.ts';
import { accessTokenOf, apnsKey, assertionOf, exchange, openHttp2, overHttp2, providerToken } from './raw-clients.ts';

let fakes: PushFakes;
let authorization: string;
let session: ClientHttp2Session;
const sessions: ClientHttp2Session[] = [];
beforeAll(async () => {
  fakes = await startPushFakes();
  authorization = `bearer ${await providerToken(fakes)}`;
});
beforeEach(() => {
  session = connect();
});
afterEach(() => {
  fakes.clearFaults();
  for (const each of sessions.splice(0)) each.destroy();
});
afterAll(() => fakes.close());

function connect(endpoint = fakes.apnsEndpoint, of = fakes): ClientHttp2Session {
  const opened = openHttp2(endpoint, of);
  sessions.push(opened);
  return opened;
}

const headers = (token: string) => ({
  ':method': 'POST',
  ':path': `/3/device/${token}`,
  authorization,
  'apns-topic': `${apnsKey(fakes).bundle_id}.voip`,
  'apns-push-type': 'voip',
  'apns-id': randomUUID(),
});
const push = (token: string, over = session) => overHttp2(over, headers(token), '{"aps":{}}');

/** Unlike `once`, this accepts an error before the end. */
const closing = (of: EventEmitter): Promise<void> => new Promise((resolve) => of.once('close', () => resolve()));

/** A connection that may carry many requests at a time. */
async function trusted(over = session): Promise<void> {
  await once(over, 'remoteSettings');
  const raised = once(over, 'remoteSettings');
  await push('trust', over);
  await raised;
}

/** How a request without an answer ends: `REFUSED_STREAM`, or another HTTP/2 error code. */
async function codeOf(over: ClientHttp2Session, token: string): Promise<number | undefined> {
  const stream = over.request(headers(token));
  stream.on('error', () => undefined).end('{"aps":{}}');
  await closing(stream);
  return stream.rstCode;
}

const isAlive = (over: ClientHttp2Session, withinMs: number): Promise<boolean> =>
  Promise.race([
    new Promise<boolean>((resolve) => over.ping((error) => resolve(!error))),
    sleep(withinMs).then(() => false),
  ]);

describe('GOAWAY', () => {
  it('comes in the middle of a burst and says which requests were never received', async () => {
    await trusted();
    fakes.fault({ provider: 'apn', fault: 'goaway', after: 2, processed: false });
    const said = once(session, 'goaway');
    const burst = await Promise.allSettled(['g1', 'g2', 'g3', 'g4', 'g5'].map((token) => push(token)));
    const [code, lastStreamId, data] = await said;
    expect([code, JSON.parse(String(data))]).toEqual([0, { reason: 'Shutdown' }]);
    expect(lastStreamId).toBe(5);
    expect(burst.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected', 'rejected']);
    const received = ['g1', 'g2', 'g3', 'g4', 'g5'].map((token) => fakes.pushes(token).length);
    expect(received).toEqual([1, 1, 0, 0, 0]);
    expect((await push('g3', connect())).status).toBe(200);
  });

  it('arrives even if it refuses everything in progress', async () => {
    await trusted();
    fakes.fault({ provider: 'apn', fault: 'goaway', processed: false });
    const said = once(session, 'goaway');
    const codes = await Promise.all(['g8', 'g9', 'g10'].map((token) => codeOf(session, token)));
    expect((await said)[0]).toBe(0);
    expect(codes).toEqual(codes.map(() => constants.NGHTTP2_REFUSED_STREAM));
  });

  it('lets the request that triggered it finish', async () => {
    fakes.fault({ provider: 'apn', fault: 'goaway', reason: 'ServiceUnavailable' });
    const said = once(session, 'goaway');
    const closed = closing(session);
    expect((await push('g6')).status).toBe(200);
    expect(JSON.parse(String((await said)[2]))).toEqual({ reason: 'ServiceUnavailable' });
    await closed;
  });

  it('affects the open connections, and none that come later', async () => {
    await push('g7');
    const said = once(session, 'goaway');
    fakes.fault({ provider: 'apn', fault: 'goaway', on: 'open' });
    await said;
    expect((await push('g7', connect())).status).toBe(200);
  });
});

describe('a connection', () => {
  it('is cut, and the request with it', async () => {
    fakes.fault({ provider: 'apn', fault: 'reset' });
    const closed = closing(session);
    push('r1').catch(() => undefined);
    await closed;
    expect(fakes.pushes('r1')).toEqual([]);
  });

  it('refuses a stream, and carries the next one', async () => {
    fakes.fault({ provider: 'apn', fault: 'refuse_stream' });
    expect(await codeOf(session, 'r2')).toBe(constants.NGHTTP2_REFUSED_STREAM);
    expect(fakes.pushes('r2')).toEqual([]);
    expect((await push('r2')).status).toBe(200);
  });

  it('goes silent, without an answer, a PING or an end, while others go on', async () => {
    await push('r3');
    fakes.fault({ provider: 'apn', fault: 'silence', on: 'open' });
    let ended = false;
    session.on('close', () => {
      ended = true;
    });
    push('r3').catch(() => undefined);
    expect(await isAlive(session, 300)).toBe(false);
    expect([ended, fakes.pushes('r3').length]).toEqual([false, 1]);
    const other = connect();
    expect((await push('r3', other)).status).toBe(200);
    expect(await isAlive(other, 300)).toBe(true);
  });

  it('is never established if new ones are silent', async () => {
    await push('r4');
    fakes.fault({ provider: 'apn', fault: 'silence', on: 'new' });
    const deaf = connect();
    const settled = await Promise.race([once(deaf, 'connect'), sleep(300, 'nothing')]);
    expect(settled).toBe('nothing');
    expect((await push('r4')).status).toBe(200);
    expect((await push('r4', connect())).status).toBe(200);
  });

  it('is ended with GOAWAY when it has been idle for too long', async () => {
    const own = await startPushFakes();
    own.fault({ provider: 'apn', fault: 'idle_close', idle_ms: 100 });
    const idle = openHttp2(own.apnsEndpoint, own);
    const [, , data] = await once(idle, 'goaway');
    expect(JSON.parse(String(data))).toEqual({ reason: 'IdleTimeout' });
    await own.close();
  });

  it('is cut, old or new, while the service is down', async () => {
    await push('r5');
    const closed = closing(session);
    fakes.fault({ provider: 'apn', environment: 'production', fault: 'down', for_ms: 60_000 });
    await closed;
    const refused = connect();
    await closing(refused);
    expect((await push('r5', connect(fakes.apnsSandboxEndpoint))).status).toBe(200);
    fakes.clearFaults();
    expect((await push('r5', connect())).status).toBe(200);
  });
});

describe('an answer', () => {
  it('counts as lost only if its connection is cut right after it', async () => {
    await push('n3', connect(fakes.apnsSandboxEndpoint));
    await Promise.all([push('n1'), push('n2', connect())]);
    fakes.fault({ provider: 'apn', environment: 'production', fault: 'reset', on: 'open' });
    await vi.waitFor(() => expect(['n1', 'n2'].map((token) => fakes.pushes(token)[0]?.status)).toEqual([0, 0]));
    expect(fakes.pushes('n3')[0]).toMatchObject({ status: 200, delivered_at: expect.any(String) });
  });

  it('is an error, once or for a while', async () => {
    fakes.fault({ provider: 'apn', fault: 'answer', status: 429, retry_after: 3 });
    const answer = await push('a1');
    expect(answer).toMatchObject({ status: 429, body: { reason: 'TooManyRequests' } });
    expect(answer.headers['retry-after']).toBe('3');
    expect((await push('a2')).status).toBe(200);
    fakes.fault({ provider: 'apn', fault: 'answer', status: 503, for_ms: 60_000 });
    expect([(await push('a3')).status, (await push('a4')).status]).toEqual([503, 503]);
  });

  it('is an error at random, in the same places for the same seed', async () => {
    const round = async (): Promise<number[]> => {
      fakes.fault({ provider: 'apn', fault: 'answer', status: 503, probability: 0.3, seed: 7 });
      const statuses: number[] = [];
      for (let count = 0; count < 30; count += 1) statuses.push((await push(randomUUID())).status);
      fakes.clearFaults();
      return statuses;
    };
    const first = await round();
    expect(await round()).toEqual(first);
    const errors = first.filter((status) => status === 503).length;
    expect(errors).toBeGreaterThan(3);
    expect(errors).toBeLessThan(20);
  });

  it('is slow, or lost after the push was delivered, or before', async () => {
    fakes.fault({ provider: 'apn', fault: 'slow', delay_ms: 200 });
    const started = performance.now();
    await push('a5');
    expect(performance.now() - started).toBeGreaterThan(190);
    await trusted(connect());
    fakes.fault({ provider: 'apn', fault: 'no_answer' });
    fakes.fault({ provider: 'apn', fault: 'no_answer', delivered: false });
    push('a6').catch(() => undefined);
    push('a7').catch(() => undefined);
    await push('a8');
    expect(fakes.pushes('a6')).toEqual([
      expect.objectContaining({ status: 0, delivered_at: expect.stringContaining('T') }),
    ]);
    expect(fakes.pushes('a7')[0]).not.toHaveProperty('delivered_at');
  });

  it('can be scripted for one token in spite of a fault', async () => {
    fakes.script('a9', [{ status: 410 }]);
    fakes.fault({ provider: 'apn', fault: 'answer', status: 503 });
    expect((await push('a9')).status).toBe(410);
  });
});

describe('FCM', () => {
  const send = async (token: string, android = {}) => {
    const headersOf = {
      ':path': '/v1/projects/carillon-local/messages:send',
      authorization: `Bearer ${await accessTokenOf(fakes)}`,
    };
    return overHttp2(connect(fakes.fcmEndpoint), headersOf, JSON.stringify({ message: { token, data: {}, android } }));
  };

  it('says in seconds when to retry', async () => {
    fakes.fault({ provider: 'fcm', fault: 'answer', status: 503, retry_after: 2 });
    const answer = await send('f1');
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '2']);
    expect(answer.body.error.details[0]?.errorCode).toBe('UNAVAILABLE');
  });

  it('keeps a message for an offline phone unless its time to live is zero, and wakes a dozing phone if it is urgent', async () => {
    fakes.setPhone('f2', 'offline');
    await send('f2', { ttl: '45s', priority: 'high' });
    await send('f2', { ttl: '0s', priority: 'high' });
    fakes.setPhone('f2', 'dozing');
    await send('f2', { ttl: '45s' });
    const delivered = () => fakes.pushes('f2').map(({ delivered_at: at }) => at !== undefined);
    expect(delivered()).toEqual([true, false, false]);
    fakes.setPhone('f2', 'online');
    expect(delivered()).toEqual([true, false, true]);
  });

  it('does not know the token of a phone that is gone', async () => {
    fakes.setPhone('f3', 'gone');
    const { status, body } = await send('f3');
    expect([status, body.error.details[0]?.errorCode]).toEqual([404, 'UNREGISTERED']);
  });

  it('issues no access token, or a late one', async () => {
    fakes.fault({ provider: 'oauth', fault: 'answer', status: 401 });
    fakes.fault({ provider: 'oauth', fault: 'slow', delay_ms: 150 });
    expect((await exchange(fakes, await assertionOf(fakes))).status).toBe(401);
    const started = performance.now();
    expect((await exchange(fakes, await assertionOf(fakes))).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(140);
  });

  it('cuts the connection of a request for an access token', async () => {
    fakes.fault({ provider: 'oauth', fault: 'reset' });
    await expect(exchange(fakes, await assertionOf(fakes))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('the phone of a token', () => {
  it('gets a push when it is back, but only the latest one of each app', async () => {
    fakes.setPhone('p1', 'offline');
    await trusted();
    const kept = async (expiration: number) =>
      overHttp2(session, { ...headers('p1'), 'apns-expiration': `${expiration}` }, '{"aps":{}}');
    for (const expiration of [1_900_000_000, 1_900_000_000, 0]) expect((await kept(expiration)).status).toBe(200);
    const delivered = () => fakes.pushes('p1').map(({ delivered_at: at }) => at !== undefined);
    expect(delivered()).toEqual([false, false, false]);
    fakes.setPhone('p1', 'online');
    expect(delivered()).toEqual([false, true, false]);
  });

  it('can be gone for good, with a dead token at either service', async () => {
    const before = Date.now();
    fakes.setPhone('p2', 'gone');
    for (let count = 0; count < 2; count += 1) {
      const { status, body } = await push('p2');
      expect(status).toBe(410);
      expect(body.timestamp).toBeGreaterThanOrEqual(before);
    }
  });
});

describe('the statistics', () => {
  it('count connections, requests, faults, provider tokens and access tokens', async () => {
    const own = await startPushFakes();
    const [first, second] = [connect(own.apnsEndpoint, own), connect(own.apnsEndpoint, own)];
    const topic = `${apnsKey(own).bundle_id}.voip`;
    const sendBy = async (over: ClientHttp2Session, ageS: number) =>
      overHttp2(
        over,
        { ':path': '/3/device/s1', authorization: `bearer ${await providerToken(own, { ageS })}`, 'apns-topic': topic },
        '{}',
      );
    await sendBy(first, 0);
    await sendBy(second, 60);
    own.fault({ provider: 'apn', fault: 'answer', status: 500 });
    expect((await sendBy(connect(own.apnsEndpoint, own), 120)).status).toBe(500);
    await accessTokenOf(own);
    expect(own.stats()).toMatchObject({
      apns: { connections: 3, open_connections: 3, requests: 3, faults: 1, provider_tokens: 3 },
      'apns-sandbox': { connections: 0, requests: 0 },
      webpush: { connections: 0, requests: 0 },
      fcm: { connections: 1, requests: 0, oauth_exchanges: 1 },
    });
    first.close();
    second.destroy();
    await vi.waitFor(() => expect(own.stats().apns).toMatchObject({ connections: 3, open_connections: 1 }));
    await own.close();
  });
});

describe('an impossible fault', () => {
  it.each([
    [{ provider: 'apn', fault: 'rain' }, 'fault: Invalid'],
    [{ provider: 'apn', fault: 'answer', status: 200 }, 'status: '],
    [{ provider: 'apn', fault: 'slow', delay: 5 }, 'delay_ms: '],
    [{ provider: 'oauth', fault: 'reset', on: 'open' }, 'oauth has faults of requests alone'],
    [{ provider: 'apn', fault: 'down' }, 'for_ms: '],
  ])('%j is refused, and the field is named', (fault, message) => {
    expect(() => fakes.fault(fault)).toThrow(message);
  });
});
