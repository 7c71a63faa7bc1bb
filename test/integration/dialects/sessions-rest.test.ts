import { describe, expect, it, vi } from 'vitest';
import { parseAgoraToken } from '../../support/agora-token.ts';
import {
  APP_TEST_MS,
  apnsToken,
  codeOf,
  crash,
  dial,
  graceIsOver,
  pushed,
  pushedTypes,
  register,
  startApp,
  two,
  wakeTokenOf,
  withToken,
} from '../../support/apps.ts';
import {
  callPath,
  eventually,
  type Person,
  people,
  rest,
  ring,
  SESSIONS,
  tokenWith,
  unique,
} from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const start = (who: Person, recipient: Person, extra: object = {}) =>
  who.post(SESSIONS, { recipientId: recipient.id, callType: 'VIDEO', ...extra });

const token = (who: Person, id: string, extra: object = {}) =>
  who.post(`${SESSIONS}/${id}/token`, { role: 'AUDIENCE', ...extra });

const statusOf = async (who: Person, id: string): Promise<string> =>
  (await who.get(`${SESSIONS}/${id}`)).body.session.status;

/** Two people in a session. */
async function inSession() {
  const [alice, bob] = await two();
  const { id } = (await start(alice, bob)).body.session;
  const answered = await token(bob, id);
  expect(answered.status).toBe(200);
  return { alice, bob, id };
}

const agora = async () => (await rest().request('GET', '/_local/providers')).body.agora;

/** Checks a credential as Agora does. */
async function expectGood(credential: Record<string, string>, userAccount: string, channelName: string) {
  const { app_id, app_certificate } = await agora();
  const parsed = parseAgoraToken(credential['token'] ?? '');
  expect(parsed.signedWith(app_certificate)).toBe(true);
  expect(parsed.signedWith('0'.repeat(32))).toBe(false);
  expect(parsed.appId).toBe(app_id);
  expect(credential['appId']).toBe(app_id);
  const [rtc] = parsed.services;
  expect(rtc).toMatchObject({ type: 1, channel: channelName, account: userAccount });
  // Join the channel, publish audio, video and data.
  expect([...(rtc?.privileges.keys() ?? [])]).toEqual([1, 2, 3, 4]);
  const ends = (parsed.issuedAt + parsed.expire) * 1000;
  expect(ends - Date.parse(credential['expiresAt'] ?? '')).toBeOneOf([0, 1000]);
  expect(parsed.expire).toBe(3600);
}

describe('a session', () => {
  it('rings the recipient and gives the initiator what they join with', async () => {
    const [alice, bob] = await two();
    const { status, body } = await start(alice, bob);
    expect([status, body]).toEqual([
      201,
      {
        session: {
          id: expect.any(String),
          channelName: expect.stringMatching(/^[\x21-\x7e]{1,64}$/),
          initiatorId: alice.id,
          recipientId: bob.id,
          callType: 'VIDEO',
          status: 'INITIATED',
          createdAt: expect.any(String),
        },
        credential: {
          appId: expect.any(String),
          channelName: body.session.channelName,
          token: expect.stringMatching(/^007/),
          userAccount: alice.id,
          role: 'HOST',
          expiresAt: expect.any(String),
        },
      },
    ]);
    await expectGood(body.credential, alice.id, body.session.channelName);
  });

  it('has a channel of its own, however long the ids of its users are', async () => {
    const long = async (name: string) => {
      const id = `${name}|${'~'.repeat(100)}@+=`;
      const bearer = await tokenWith({ user_id: id });
      return { id, post: (path: string, body: object) => withToken(bearer)('POST', path, body) };
    };
    const [alice, bob] = await Promise.all([long(unique('alice')), long(unique('bob'))]);
    const sessions = await Promise.all([1, 2].map(() => alice.post(SESSIONS, { recipientId: bob.id })));
    const channels = sessions.map(({ body }) => body.session.channelName);
    expect(new Set(channels).size).toBe(2);
    for (const channel of channels) expect(Buffer.byteLength(channel)).toBeLessThanOrEqual(64);
  });

  it('is answered by the first token of the recipient', async () => {
    const [alice, bob] = await two();
    const app = await startApp(alice);
    const { session } = (await start(alice, bob, { callType: 'AUDIO' })).body;
    const { status, body } = await token(bob, session.id);
    expect([status, body]).toMatchObject([
      200,
      {
        session: { ...session, callType: 'AUDIO', status: 'RINGING', answeredAt: expect.any(String) },
        credential: { userAccount: bob.id, role: 'AUDIENCE' },
      },
    ]);
    await expectGood(body.credential, bob.id, session.channelName);
    expect(await app.next('call.accepted')).toMatchObject({
      call_type: 'agora',
      call_id: session.id,
      user: { id: bob.id },
    });
    expect(await statusOf(alice, session.id)).toBe('ACTIVE');
    const [again, hers] = [await token(bob, session.id), await token(alice, session.id, { role: 'HOST' })];
    expect([again, hers]).toMatchObject([
      { status: 200, body: { session: { status: 'ACTIVE' }, credential: { role: 'AUDIENCE' } } },
      { status: 200, body: { session: { status: 'ACTIVE' }, credential: { role: 'HOST', userAccount: alice.id } } },
    ]);
    await expectGood(hers.body.credential, alice.id, session.channelName);
  });

  it('is answered by one phone of the recipient', async () => {
    const [alice, bob] = await two();
    const { id } = (await start(alice, bob)).body.session;
    expect((await token(bob, id, { hardware_id: 'phone-1' })).status).toBe(200);
    expect(codeOf(await token(bob, id, { hardware_id: 'phone-2' }))).toBe('already_answered');
    expect((await token(bob, id, { hardware_id: 'phone-1' })).status).toBe(200);
  });

  it.each([
    ['end', 'ENDED'],
    ['decline', 'ENDED'],
  ])('of two who talk: %s', async (act, status) => {
    const { alice, bob, id } = await inSession();
    const answer = await bob.post(`${SESSIONS}/${id}/${act}`, {});
    if (act === 'decline') {
      expect(codeOf(answer)).toBe('already_answered');
      return;
    }
    expect(answer).toMatchObject({ status: 200, body: { session: { status, endedAt: expect.any(String) } } });
    expect(codeOf(await token(alice, id))).toBe('call_ended');
    expect(codeOf(await token(bob, id))).toBe('call_ended');
  });

  it('is rejected by the recipient, by decline or by end', async () => {
    const [alice, bob] = await two();
    for (const act of ['decline', 'end']) {
      const { id } = (await start(alice, bob)).body.session;
      expect(await bob.post(`${SESSIONS}/${id}/${act}`)).toMatchObject({ body: { session: { status: 'REJECTED' } } });
      expect(codeOf(await token(alice, id))).toBe('call_ended');
    }
  });

  it('is cancelled by the initiator, by decline or by end', async () => {
    const [alice, bob] = await two();
    for (const act of ['decline', 'end']) {
      const { id } = (await start(alice, bob)).body.session;
      expect(await alice.post(`${SESSIONS}/${id}/${act}`)).toMatchObject({
        body: { session: { status: 'CANCELLED' } },
      });
    }
  });

  it('is for its participants alone', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const { id } = (await start(alice, bob)).body.session;
    for (const answer of await Promise.all([
      token(carol, id),
      carol.get(`${SESSIONS}/${id}`),
      carol.post(`${SESSIONS}/${id}/end`),
    ])) {
      const detail = answer.body.detail;
      expect(answer.body).toMatchObject({ status: 403, code: 'not_a_member', statusCode: 403, message: detail });
    }
    const missing = await token(alice, 'nobody-made-it');
    expect(missing.body).toMatchObject({ status: 404, code: 'not_found', statusCode: 404 });
  });

  it('is no call of another kind, though its type is the same', async () => {
    const [alice, bob] = await two();
    const id = unique('call');
    await alice.post(`/api/v2/video/call/agora/${id}`, { members: [{ user_id: bob.id }], ring: true });
    expect(codeOf(await alice.get(`${SESSIONS}/${id}`))).toBe('not_found');
    expect(codeOf(await bob.post(`${SESSIONS}/${id}/decline`))).toBe('not_found');
  });

  it('refuses what is no request for one, in the words of the dialect', async () => {
    const [alice, bob] = await two();
    const wrong = [{}, { recipientId: alice.id }, { recipientId: bob.id, callType: 'HOLOGRAM' }];
    for (const body of wrong) {
      const answer = await alice.post(SESSIONS, body);
      expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed', statusCode: 400 });
      expect(answer.body.message).toBe(answer.body.detail);
      expect(answer.body.errors[0].path).toBe('callType' in body ? 'callType' : 'recipientId');
    }
    const nobody = await rest().request('POST', SESSIONS, { body: { recipientId: bob.id } });
    expect(nobody.body).toMatchObject({ statusCode: 401, code: 'unauthenticated', reason: 'missing' });
  });

  it('is an ordinary call in histories and traces', async () => {
    const { alice, bob, id } = await inSession();
    const { body } = await bob.get('/api/v2/video/calls?limit=1');
    expect(body.calls[0].call).toMatchObject({ type: 'agora', id, status: 'active', video: true });
    const { trace } = (await alice.get(`/api/v2/video/call/agora/${id}/trace`)).body;
    expect(trace.map(({ event }: { event: string }) => event)).toEqual(
      expect.arrayContaining(['call.created', 'call.accepted']),
    );
  });

  it('takes nobody in but the two', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const { id } = (await start(alice, bob)).body.session;
    const added = await alice.post(`/api/v2/video/call/agora/${id}/members`, { members: [{ user_id: carol.id }] });
    expect(codeOf(added)).toBe('not_allowed');
  });
});

describe('a native phone', () => {
  it('is rung with what it needs to answer, and answers by accept', async () => {
    const [alice, bob] = await two();
    const [app, push] = [await startApp(bob), await bob.android()];
    const { session } = (await start(alice, bob)).body;
    expect(await app.next('call.ring')).toMatchObject({
      call_cid: `agora:${session.id}`,
      video: true,
      call: { custom: { agora: { session_id: session.id, channel_name: session.channelName } } },
    });
    await pushed(push, 'call.ring');
    const answer = await app.ask({ type: 'call.accept', call_cid: `agora:${session.id}` });
    expect(codeOf(answer)).toBe('ok');
    expect(await statusOf(alice, session.id)).toBe('ACTIVE');
  });

  it('that was woken answers by a token of the session, and falls silent if another one does', async () => {
    const [alice, bob] = await two();
    const [first, second] = [await bob.android({ hardware_id: 'one' }), await bob.android({ hardware_id: 'two' })];
    const { id } = (await start(alice, bob)).body.session;
    const wake = await wakeTokenOf(first);
    const answered = await withToken(wake)('POST', `${SESSIONS}/${id}/token`, {});
    expect(answered).toMatchObject({
      status: 200,
      body: {
        session: { status: 'RINGING' },
        credential: { role: 'AUDIENCE', userAccount: bob.id },
        callToken: expect.any(String),
      },
    });
    await pushed(second, 'call.accepted');
    expect(await pushedTypes(first)).toEqual(['call.ring']);
    const late = await withToken(await wakeTokenOf(second))('POST', `${SESSIONS}/${id}/token`, {});
    expect(codeOf(late)).toBe('already_answered');
    const ended = await withToken(answered.body.callToken)('POST', `${SESSIONS}/${id}/end`, {});
    expect(ended).toMatchObject({ status: 200, body: { session: { status: 'ENDED' } } });
  });

  it('declines by a wake token', async () => {
    const [alice, bob] = await two();
    const push = await register(bob, { id: apnsToken(), push_provider: 'apn', voip_token: true });
    const { id } = (await start(alice, bob)).body.session;
    const declined = await withToken(await wakeTokenOf(push))('POST', `${SESSIONS}/${id}/decline`, {});
    expect(declined).toMatchObject({ status: 200, body: { session: { status: 'REJECTED' } } });
  });
});

describe('an answered session', () => {
  it('keeps nobody busy', async () => {
    const { alice, bob } = await inSession();
    const [carol, dave] = await people('carol', 'dave');
    for (const [caller, callee] of [
      [carol, bob],
      [dave, alice],
    ] as const) {
      expect((await ring(caller, callee)).answer.body.call.status).toBe('ringing');
    }
  });

  it('goes on without any connection, after every grace', async () => {
    const [alice, bob] = await two();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const { id } = (await start(alice, bob)).body.session;
    await his.next('call.ring');
    await his.ask({ type: 'call.accept', call_cid: `agora:${id}` });
    await hers.next('call.accepted');
    const other = await inSession();
    await Promise.all([crash(hers), crash(his)]);
    await graceIsOver();
    expect(await statusOf(alice, id)).toBe('ACTIVE');
    expect(await statusOf(other.alice, other.id)).toBe('ACTIVE');
  });

  it('ends for another session between the same two, whoever starts it, also after calls with others', async () => {
    const { alice, bob, id } = await inSession();
    const [carol] = await people('carol');
    const app = await startApp(alice);
    const between = await ring(carol, bob);
    await bob.post(callPath(between.id, '/reject'));
    const second = (await start(bob, alice)).body.session;
    expect(await statusOf(alice, id)).toBe('ENDED');
    expect(await app.next('call.ended')).toMatchObject({ call_id: id, reason: 'replaced' });
    expect(await statusOf(alice, second.id)).toBe('INITIATED');
    expect((await token(alice, second.id)).status).toBe(200);
    const third = (await start(alice, bob)).body.session;
    expect(await Promise.all([second.id, third.id].map((one) => statusOf(bob, one)))).toEqual(['ENDED', 'INITIATED']);
  });

  it('does not end for a session with somebody else', async () => {
    const { alice, id } = await inSession();
    const [carol] = await people('carol');
    await start(alice, carol);
    expect(await statusOf(alice, id)).toBe('ACTIVE');
  });
});

describe('beside calls with SDP', () => {
  it('who is rung by a session is busy for a call of their initiator’s, and the other way round', async () => {
    const [alice, bob] = await two();
    await start(alice, bob);
    expect((await ring(bob, alice)).answer.body.call).toMatchObject({ status: 'ended', ended_reason: 'rejected' });
    const [carol, dave] = await people('carol', 'dave');
    await ring(carol, dave);
    const { status, body } = await start(dave, carol);
    expect([status, body.session.status]).toEqual([201, 'REJECTED']);
  });

  it('who talks is busy for a session of the same person', async () => {
    const [alice, bob] = await two();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const { cid, id } = await dial(hers, bob);
    await his.next('call.ring');
    await his.ask({ type: 'call.accept', call_cid: cid });
    expect((await start(alice, bob)).body.session.status).toBe('REJECTED');
    expect((await alice.get(callPath(id))).body.call.status).toBe('active');
  });

  it('two who start a session with each other get glare', async () => {
    const [alice, bob] = await two();
    const { id } = (await start(alice, bob)).body.session;
    const answer = await start(bob, alice);
    expect(answer.body).toMatchObject({ status: 409, code: 'glare', statusCode: 409, call: { id } });
  });

  it('a session that rings again replaces the one before', async () => {
    const [alice, bob] = await two();
    const first = (await start(alice, bob)).body.session;
    const second = (await start(alice, bob)).body.session;
    expect(await statusOf(alice, first.id)).toBe('CANCELLED');
    expect(await statusOf(alice, second.id)).toBe('INITIATED');
  });
});

describe('a server token', () => {
  it('starts a session for any user', async () => {
    const [alice, bob] = await two();
    const server = await tokenWith({ role: 'server' });
    const { status, body } = await withToken(server)('POST', `${SESSIONS}?user_id=${encodeURIComponent(alice.id)}`, {
      recipientId: bob.id,
    });
    expect([status, body.session.initiatorId]).toEqual([201, alice.id]);
  });
});

describe('the deadline', () => {
  it('makes a session that nobody answers missed', async () => {
    const [alice, bob] = await two();
    const { id } = (await start(alice, bob)).body.session;
    await eventually(async () => (await statusOf(alice, id)) === 'MISSED', 'MISSED', 90_000);
    expect(codeOf(await token(bob, id))).toBe('call_ended');
  });
});
