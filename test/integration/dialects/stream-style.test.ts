import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it, vi } from 'vitest';
import { APP_TEST_MS, codeOf, pushed, settled, startApp, two } from '../../support/apps.ts';
import { callPath, type Person, people, pushes, rest, ring, tokenWith } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

// Requests as clients of Stream Video send them: the bare JWT, and a header that says so.

const streamHeaders = (token: string) => ({ authorization: token, 'stream-auth-type': 'jwt' });

/** Sends a request as such a client does. */
const stream =
  (token: string) =>
  (method: string, path: string, body?: object): ReturnType<ReturnType<typeof rest>['request']> =>
    rest().request(method, path, { headers: streamHeaders(token), ...(body && { body }) });

const both = (a: Person, b: Person) => [{ user_id: a.id }, { user_id: b.id }];

describe('POST /api/v2/connect', () => {
  it('says who the user is, and where to open a WebSocket', async () => {
    const [alice] = await people('alice');
    const { status, body } = await stream(alice.token)('POST', '/api/v2/connect', {});
    expect([status, body]).toEqual([
      200,
      {
        me: { id: alice.id, name: 'alice', online: false },
        connection: { url: expect.stringMatching(/^wss?:\/\/[^/]+\/ws$/) },
        ice_servers: expect.any(Array),
        server_time: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    expect(Math.abs(Date.parse(body.server_time) - Date.now())).toBeLessThan(60_000);
  });

  it('gives an address at which a WebSocket opens, after which the user is online', async () => {
    const [alice] = await people('alice');
    const { body } = await stream(alice.token)('POST', '/api/v2/connect');
    const app = await startApp(alice, { origin: body.connection.url.replace(/^ws(s?):(.*)\/ws$/, 'http$1:$2') });
    expect(app.heard('user.connected')).toMatchObject([{ user: { id: alice.id, name: 'alice', online: true } }]);
    const again = await stream(alice.token)('POST', '/api/v2/connect');
    expect(again.body.me.online).toBe(true);
  });

  it('refuses a forged token in the words that these clients know', async () => {
    const [alice] = await people('alice');
    const forged = await tokenWith({ user_id: alice.id }, { bad_signature: true });
    const { status, body } = await stream(forged)('POST', '/api/v2/connect', {});
    expect([status, body]).toMatchObject([401, { detail: 'Token signature is invalid', reason: 'bad_signature' }]);
  });

  it('names the host that the client came to, whatever the client says of it', async () => {
    const [alice] = await people('alice');
    const headers = { ...streamHeaders(alice.token), 'x-forwarded-host': 'elsewhere.example.com' };
    const { body } = await rest().request('POST', '/api/v2/connect', { headers });
    expect(body.connection.url).toBe(`${inject('stackUrl').replace(/^http/, 'ws')}/ws`);
  });
});

describe('a call as the document has it', () => {
  it('rings, is accepted, exchanges SDP and candidates, and ends', async () => {
    const [alice, bob] = await two();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const id = randomUUID();
    const request = { members: both(alice, bob), ring: true, data: { created_by_id: alice.id } };
    const created = await stream(alice.token)('POST', callPath(id), request);
    expect(created).toMatchObject({
      status: 201,
      body: {
        call: {
          id,
          type: 'default',
          cid: `default:${id}`,
          created_by: { id: alice.id, name: 'alice' },
          status: 'ringing',
        },
        members: [
          { user_id: alice.id, role: 'admin' },
          { user_id: bob.id, role: 'user' },
        ],
      },
    });
    const rung = await stream(alice.token)('POST', callPath(id, '/ring'), { ring: true });
    expect(rung).toMatchObject({
      status: 200,
      body: { call: { status: 'ringing', version: created.body.call.version } },
    });
    await his.next('call.ring');

    const accepted = await stream(bob.token)('POST', callPath(id, '/accept'), {});
    expect(accepted).toMatchObject({ status: 200, body: { call: { status: 'active' } } });
    expect(await hers.next('call.accepted')).toMatchObject({
      call_cid: `default:${id}`,
      user: { id: bob.id, name: 'bob' },
    });

    const sdp = 'v=0\no=- 1234567890 2 IN IP4 127.0.0.1\ns=-';
    expect((await stream(alice.token)('POST', callPath(id, '/sdp/offer'), { sdp, type: 'offer' })).status).toBe(202);
    expect(await his.next('sdp.offer')).toMatchObject({ call_cid: `default:${id}`, sdp });
    expect((await stream(bob.token)('POST', callPath(id, '/sdp/answer'), { sdp, type: 'answer' })).status).toBe(202);
    expect(await hers.next('sdp.answer')).toMatchObject({ call_cid: `default:${id}`, sdp });
    const candidate = {
      candidate: 'candidate:1 1 UDP 2130706431 192.168.1.100 54321 typ host',
      sdpMid: '0',
      sdpMLineIndex: 0,
    };
    expect((await stream(alice.token)('POST', callPath(id, '/ice'), candidate)).status).toBe(202);
    expect(await his.next('ice.candidate')).toMatchObject(candidate);

    const left = await stream(alice.token)('POST', callPath(id, '/leave'));
    expect(left.status).toBe(200);
    expect(await his.next('call.member_left')).toMatchObject({ user: { id: alice.id, name: 'alice' } });
    expect(await his.next('call.ended')).toMatchObject({ reason: 'completed' });
  });

  it('rings a phone once, though it is rung by two requests', async () => {
    const [alice, bob] = await two();
    const token = await bob.android();
    const id = randomUUID();
    await stream(alice.token)('POST', callPath(id), { members: both(alice, bob), ring: true });
    await stream(alice.token)('POST', callPath(id, '/ring'), { ring: true });
    await pushed(token, 'call.ring');
    await settled();
    expect(await pushes(token)).toHaveLength(1);
  });

  it('is over for the second request, if the callee is busy', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    await ring(carol, bob);
    const id = randomUUID();
    const created = await stream(alice.token)('POST', callPath(id), { members: both(alice, bob), ring: true });
    expect(created.body).toMatchObject({ call: { status: 'ended', ended_reason: 'rejected' } });
    expect(codeOf(await stream(alice.token)('POST', callPath(id, '/ring'), { ring: true }))).toBe('call_ended');
  });
});

describe('data.created_by_id', () => {
  it('is the user of the token, or refused', async () => {
    const [alice, bob] = await two();
    const request = { members: both(alice, bob), data: { created_by_id: bob.id } };
    expect(codeOf(await stream(alice.token)('POST', callPath(randomUUID()), request))).toBe('not_allowed');
  });

  it('is honoured if a server token says it', async () => {
    const [alice, bob] = await two();
    const server = await tokenWith({ role: 'server' });
    const request = { members: both(alice, bob), ring: true, data: { created_by_id: alice.id, custom: { a: 1 } } };
    expect(await stream(server)('POST', callPath(randomUUID()), request)).toMatchObject({
      status: 201,
      body: { call: { created_by: { id: alice.id }, custom: { a: 1 }, status: 'ringing' } },
    });
  });
});

describe('POST …/leave', () => {
  it.each(['end_call', 'endCall'])('ends the call for all with %s', async (field) => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const { id } = await ring(alice, [bob, carol]);
    for (const callee of [bob, carol]) await stream(callee.token)('POST', callPath(id, '/accept'), {});
    const left = await stream(alice.token)('POST', callPath(id, '/leave'), { [field]: true });
    expect(left).toMatchObject({ status: 200, body: { call: { status: 'ended', ended_reason: 'completed' } } });
  });

  it('takes out one member without it', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const { id } = await ring(alice, [bob, carol]);
    for (const callee of [bob, carol]) await stream(callee.token)('POST', callPath(id, '/accept'), {});
    const left = await stream(alice.token)('POST', callPath(id, '/leave'), { end_call: false });
    expect(left).toMatchObject({ status: 200, body: { call: { status: 'active' } } });
  });
});

describe('POST /v1/api/callStreams', () => {
  it('makes the token with which all this works', async () => {
    const minted = await rest().request('POST', '/v1/api/callStreams', { body: { userId: randomUUID() } });
    expect(minted.status).toBe(200);
    const claims = JSON.parse(Buffer.from(minted.body.token.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ user_id: minted.body.userId, exp: minted.body.expiresAt });
    expect((await stream(minted.body.token)('POST', '/api/v2/connect')).body.me.id).toBe(minted.body.userId);
  });

  it('says what is missing', async () => {
    expect(await rest().request('POST', '/v1/api/callStreams', { body: {} })).toMatchObject({
      status: 400,
      body: { error: 'userId is required' },
    });
  });
});
