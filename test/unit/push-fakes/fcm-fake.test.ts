import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PushFakes, startPushFakes } from '#local/push/push-fakes.ts';
import { accessTokenOf, assertionOf, exchange, openHttp2, overHttp2, post, serviceAccount } from './raw-clients.ts';

let fakes: PushFakes;
let accessToken: string;
beforeAll(async () => {
  fakes = await startPushFakes();
  accessToken = await accessTokenOf(fakes);
});
afterAll(() => fakes.close());

const path = () => `/v1/projects/${serviceAccount(fakes).project_id}/messages:send`;
const sendBody = (body: unknown) =>
  post(
    fakes,
    path(),
    { authorization: `Bearer ${accessToken}` },
    typeof body === 'string' ? body : JSON.stringify(body),
  );
const send = (message: object) => sendBody({ message });

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';

describe('the token endpoint', () => {
  it('issues a bearer token for an hour', async () => {
    const { status, body } = await exchange(fakes, await assertionOf(fakes));
    expect(status).toBe(200);
    expect(body).toMatchObject({ expires_in: 3600, token_type: 'Bearer' });
  });

  it.each([
    ['another issuer', { iss: 'someone@else.example' }, 'invalid_grant'],
    ['another audience', { aud: 'https://example.com/' }, 'invalid_grant'],
    ['a life of more than an hour', { lifeS: 3601 }, 'invalid_grant'],
    ['an assertion that has expired', { ageS: 7200 }, 'invalid_grant'],
    ['an assertion from the future', { ageS: -600 }, 'invalid_grant'],
    ['a scope that does not send', { scope: 'https://www.googleapis.com/auth/drive' }, 'invalid_scope'],
  ])('refuses %s', async (_, changes, error) => {
    const answer = await exchange(fakes, await assertionOf(fakes, changes));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error });
  });

  it('refuses a signature of another key, and what is not a JWT', async () => {
    const signed = await assertionOf(fakes);
    const forged = `${signed.slice(0, signed.lastIndexOf('.'))}.${Buffer.alloc(256).toString('base64url')}`;
    expect((await exchange(fakes, forged)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await exchange(fakes, 'not a token')).body).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('who may send', () => {
  const body = JSON.stringify({ message: { token: 'callers' } });

  it('answers 401 without a token or with an unknown one', async () => {
    for (const headers of [{}, { authorization: 'Bearer nobody' }] as Record<string, string>[]) {
      const answer = await post(fakes, path(), headers, body);
      expect(answer.status).toBe(401);
      expect(answer.body.error).toMatchObject({ code: 401, status: 'UNAUTHENTICATED' });
    }
    expect(fakes.pushes('callers').map(({ status }) => status)).toEqual([401, 401]);
    expect(fakes.violations()).toContainEqual(expect.objectContaining({ provider: 'fcm', rule: 'access-token' }));
  });

  it('answers 403 for a project of someone else, 404 elsewhere', async () => {
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await post(fakes, '/v1/projects/other/messages:send', headers, body)).status).toBe(403);
    expect((await post(fakes, '/fcm/send', headers, body)).status).toBe(404);
  });
});

describe('a message', () => {
  it('is accepted over HTTP/1.1 and HTTP/2, and kept with its headers', async () => {
    const message = {
      token: 'kept',
      data: { type: 'call.ring' },
      android: { priority: 'high', ttl: '45s', direct_boot_ok: true },
    };
    const session = openHttp2(fakes.fcmEndpoint, fakes);
    const second = await overHttp2(
      session,
      { ':path': path(), authorization: `Bearer ${accessToken}` },
      JSON.stringify({ message }),
    );
    session.close();
    for (const { status, body } of [await send(message), second]) {
      expect(status).toBe(200);
      expect(body.name).toMatch(/^projects\/carillon-local\/messages\/.+/);
    }
    const pushes = fakes.pushes('kept');
    expect(pushes).toHaveLength(2);
    expect(pushes[1]).toMatchObject({ provider: 'fcm', path: path(), status: 200, body: { message } });
    expect(pushes[1]?.headers['authorization']).toBe('Bearer');
  });

  it('is kept under its installation id as well', async () => {
    expect((await send({ fid: 'an-installation' })).status).toBe(200);
    expect(fakes.pushes('an-installation')).toHaveLength(1);
  });

  it('is only checked if validate_only asks for it', async () => {
    const answer = await sendBody({ validate_only: true, message: { token: 't' } });
    expect(answer.body.name).toMatch(/fake_message_id$/);
  });

  it.each([
    ['a number in data', { token: 't', data: { a: 'b', n: 1 } }, 'message.data[1].value', 'TYPE_STRING'],
    ['an unknown field', { token: 't', colour: 'red' }, 'message', 'Unknown name "colour"'],
    ['an unknown field of android', { token: 't', android: { sound: 'x' } }, 'message.android', 'Cannot find field'],
    ['a name of every object', { token: 't', constructor: 'x' }, 'message', 'Cannot find field'],
    ['a ttl without its unit', { token: 't', android: { ttl: '45' } }, 'message.android.ttl', 'Duration'],
    ['a ttl as a number', { token: 't', android: { ttl: 45 } }, 'message.android.ttl', 'Duration'],
    [
      'a priority of APNs',
      { token: 't', android: { priority: '10' } },
      'message.android.priority',
      'AndroidMessagePriority',
    ],
    [
      'a boolean as text',
      { token: 't', android: { direct_boot_ok: 'true' } },
      'message.android.direct_boot_ok',
      'TYPE_BOOL',
    ],
  ])('is unreadable with %s', async (_, message, field, words) => {
    const { status, body } = await send(message);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(body.error.message).toContain(words);
    expect(body.error.details).toEqual([
      { '@type': BAD_REQUEST, fieldViolations: [{ field, description: expect.stringContaining(words) }] },
    ]);
  });

  it.each([
    ['no target', { data: {} }, 'message'],
    ['two targets', { token: 't', fid: 'f' }, 'message'],
    ['an empty token', { token: '' }, 'message.token'],
    ['a reserved key', { token: 't', data: { from: 'x' } }, 'message.data.from'],
    ['a key of Google', { token: 't', data: { 'google.x': 'x' } }, 'message.data.google.x'],
    ['a ttl of more than 28 days', { token: 't', android: { ttl: '2419201s' } }, 'message.android.ttl'],
    ['a negative ttl', { token: 't', android: { ttl: '-1s' } }, 'message.android.ttl'],
    ['4097 bytes', { token: 't', data: { k: 'é'.repeat(2048) } }, 'message'],
  ])('is invalid with %s', async (_, message, field) => {
    const { status, body } = await send(message);
    expect(status).toBe(400);
    expect(body.error.details).toEqual([
      { '@type': BAD_REQUEST, fieldViolations: [{ field, description: expect.any(String) }] },
      { '@type': FCM_ERROR, errorCode: 'INVALID_ARGUMENT' },
    ]);
  });

  it.each([
    ['4096 bytes', { token: 't', data: { ab: 'é'.repeat(2047) } }],
    ['a fraction of a second', { token: 't', android: { ttl: '3.5s' } }],
    ['a ttl of zero', { token: 't', android: { ttl: '0s' } }],
    ['a name in camel case', { token: 't', android: { directBootOk: true } }],
    ['a priority in capitals', { token: 't', android: { priority: 'HIGH' } }],
  ])('may have %s', async (_, message) => {
    expect((await send(message)).status).toBe(200);
  });

  it('must be JSON, and must be there', async () => {
    expect((await sendBody('{')).status).toBe(400);
    expect((await sendBody({})).status).toBe(400);
  });

  it('is refused as the 241st of one device within a minute', async () => {
    const body = JSON.stringify({ message: { token: 'busy' } });
    const headers = { ':path': path(), authorization: `Bearer ${accessToken}` };
    const session = openHttp2(fakes.fcmEndpoint, fakes);
    for (let count = 0; count < 240; count += 1) await overHttp2(session, headers, body);
    const answer = await overHttp2(session, headers, body);
    session.close();
    expect(answer.status).toBe(429);
    expect(answer.body.error.details[1]?.errorCode).toBe('QUOTA_EXCEEDED');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(50);
  });
});

describe('a scripted outcome', () => {
  it.each([
    [400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT'],
    [403, 'PERMISSION_DENIED', 'SENDER_ID_MISMATCH'],
    [429, 'RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED'],
    [500, 'INTERNAL', 'INTERNAL'],
    [503, 'UNAVAILABLE', 'UNAVAILABLE'],
  ])('of %i looks like the real answer', async (status, errorStatus, errorCode) => {
    fakes.script(`scripted-${status}`, [{ status, retry_after: 3 }]);
    const first = await send({ token: `scripted-${status}` });
    expect(first.status).toBe(status);
    expect(first.headers['retry-after']).toBe('3');
    expect(first.body.error).toMatchObject({
      code: status,
      status: errorStatus,
      details: [{ '@type': FCM_ERROR, errorCode }],
    });
    expect((await send({ token: `scripted-${status}` })).status).toBe(200);
  });

  it('of a bare 404 says nothing about the token, unlike UNREGISTERED', async () => {
    fakes.script('gone', [{ status: 404 }, { status: 404, reason: 'UNREGISTERED' }]);
    expect((await send({ token: 'gone' })).body.error).not.toHaveProperty('details');
    expect((await send({ token: 'gone' })).body.error).toMatchObject({
      code: 404,
      details: [{ errorCode: 'UNREGISTERED' }],
    });
  });

  it('with a reason that FCM does not have is in error.status, without an FcmError', async () => {
    fakes.script('bare', [{ status: 404, reason: 'NOT_FOUND' }]);
    const { body } = await send({ token: 'bare' });
    expect(body.error).toEqual({ code: 404, message: 'Requested entity was not found.', status: 'NOT_FOUND' });
  });

  it('is not used up by a request that breaks a rule', async () => {
    fakes.script('patient', [{ status: 500 }]);
    await send({ token: 'patient', android: { ttl: 1 } });
    expect((await send({ token: 'patient' })).status).toBe(500);
  });

  it('may come late', async () => {
    fakes.script('late', [{ delay_ms: 150 }]);
    const start = performance.now();
    expect((await send({ token: 'late' })).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(140);
  });

  it('may close the connection', async () => {
    fakes.script('dropped', [{ drop: true }]);
    await expect(send({ token: 'dropped' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(fakes.pushes('dropped')[0]?.status).toBe(0);
  });

  it('may be no answer at all', async () => {
    fakes.script('silent', [{ drop: 'silent' }]);
    const answer = send({ token: 'silent' }).then(
      () => 'answered',
      () => 'closed',
    );
    const timeout = new Promise((resolve) => setTimeout(resolve, 200, 'nothing'));
    expect(await Promise.race([answer, timeout])).toBe('nothing');
    expect(fakes.pushes('silent')[0]?.status).toBe(0);
  });
});
