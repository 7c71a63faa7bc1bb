import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  android,
  answerCall,
  apnsToken,
  arrives,
  asServer,
  callOf,
  candidate,
  codeOf,
  dial,
  memberIn,
  membersOf,
  openApp,
  startApp,
  talking,
  three,
  two,
  wakeTokenOf,
  withToken,
} from '../../support/apps.ts';
import { callPath, person, rest, ring, tokenWith, unique } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const NO_ANSWER = { hardware_id: null, ring_id: null, answer: null };

describe('an optional field that is null counts as absent', () => {
  it('in a ring by REST', async () => {
    const [alice, bob] = await two();
    const id = unique('call');
    const answer = await alice.post(callPath(id), {
      members: [{ user_id: bob.id, role: null }],
      ring: true,
      hardware_id: null,
      video: null,
      data: null,
      settings_override: null,
      offer: null,
    });
    expect(answer).toMatchObject({ status: 201, body: { call: { status: 'ringing' } } });
  });

  it.each([
    ['settings_override.ring', { settings_override: { ring: null } }],
    ['the time to ring', { settings_override: { ring: { auto_cancel_timeout_ms: null, busy: null } } }],
    ['custom', { data: { custom: null } }],
    ['ring', { ring: null }],
  ])('in a nested field: %s', async (_, extra) => {
    const [alice, bob] = await two();
    const answer = await alice.post(callPath(unique('call')), { members: membersOf(bob), ring: true, ...extra });
    expect(answer.status).toBe(201);
  });

  it('in a ring by socket', async () => {
    const [alice, bob] = await two();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const nulls = { call_type: null, video: null, custom: null, settings_override: null, offer: null };
    const { cid, answer } = await dial(hers, bob, nulls);
    expect(answer).toMatchObject({ ok: true, call: { cid, type: 'default', status: 'ringing' } });
    await his.next('call.ring');
  });

  it('in accept, by REST and by socket', async () => {
    for (const by of ['REST', 'socket']) {
      const [alice, bob] = await two();
      const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
      const { id, cid } = await dial(hers, bob);
      await his.next('call.ring');
      const code =
        by === 'REST'
          ? codeOf(await bob.post(callPath(id, '/accept'), NO_ANSWER))
          : codeOf(await his.ask({ type: 'call.accept', call_cid: cid, ...NO_ANSWER }));
      expect([by, code]).toEqual([by, 'ok']);
    }
  });

  it('in reject, by REST, by socket and by a phone that was woken', async () => {
    for (const by of ['REST', 'socket', 'phone']) {
      const [alice, bob] = await two();
      const phone = await android(bob);
      const his = await startApp(bob);
      const { id, cid } = await ring(alice, bob);
      await his.next('call.ring');
      const body = { reason: null, hardware_id: null, ring_id: null };
      const send = {
        REST: () => bob.post(callPath(id, '/reject'), body),
        socket: () => his.ask({ type: 'call.reject', call_cid: cid, ...body }),
        phone: async () => withToken(await wakeTokenOf(phone))('POST', callPath(id, '/reject'), body),
      }[by];
      expect([by, send && codeOf(await send())]).toEqual([by, 'ok']);
      expect(await memberIn(bob, id)).toMatchObject({ state: 'rejected', reason: 'decline' });
    }
  });

  it('in ringing, ring, members, leave and mark_ended', async () => {
    const { alice, bob, hers, id } = await talking();
    const [carol, dave] = await two('carol', 'dave');
    const added = await alice.post(callPath(id, '/members'), {
      members: [{ user_id: carol.id, role: null }],
      ring: null,
    });
    expect(added.status).toBe(200);
    expect((await alice.post(callPath(id, '/ring'), { ring_id: null, member_ids: null })).status).toBe(200);
    expect((await carol.post(callPath(id, '/ringing'), { hardware_id: null })).status).toBe(200);
    await alice.post(callPath(id, '/members'), { members: membersOf(dave) });
    expect((await bob.post(callPath(id, '/leave'), { end_call: null, hardware_id: null })).status).toBe(200);
    expect(codeOf(await hers.ask({ type: 'call.end', call_cid: `default:${id}`, hardware_id: null }))).toBe('ok');
  });

  it('in signals', async () => {
    const { alice, hers, his, id, cid } = await talking();
    const [one, other] = [candidate('socket'), candidate('rest')];
    const nulls = { sdpMid: null, sdpMLineIndex: null, target_user_id: null, seq: null, usernameFragment: null };
    expect(codeOf(await hers.ask({ type: 'ice.candidate', call_cid: cid, ...one, ...nulls }))).toBe('ok');
    await arrives(his, one.candidate);
    expect((await alice.post(callPath(id, '/ice'), { ...other, ...nulls, candidates: null })).status).toBe(202);
    await arrives(his, other.candidate);
    const sdp = { sdp: 'v=0 nulls', target_user_id: null, seq: null };
    expect((await alice.post(callPath(id, '/sdp/offer'), { type: 'offer', ...sdp })).status).toBe(202);
    await his.next('sdp.offer');
    expect(codeOf(await his.ask({ type: 'sdp.answer', call_cid: cid, ...sdp }))).toBe('ok');
    await hers.next('sdp.answer');
  });

  it('in a device and in a mint', async () => {
    const bob = await person('bob');
    const device = {
      push_provider_name: null,
      voip_token: null,
      hardware_id: null,
      app_version: null,
      sandbox: null,
      id_type: null,
      keys: null,
      user_id: null,
    };
    const android = await bob.post('/api/v2/devices', { id: unique('fcm'), push_provider: 'firebase', ...device });
    expect(android).toMatchObject({ status: 201, body: { device: { push_provider_name: 'default' } } });
    expect((await bob.post('/api/v2/devices', { id: apnsToken(), push_provider: 'apn', ...device })).status).toBe(201);
    const mint = await rest().request('POST', '/v1/api/callStreams', { body: { userId: unique('u'), name: null } });
    expect(mint.status).toBe(200);
  });

  it('as the id of a frame, which is then obeyed but not answered', async () => {
    const [alice, bob] = await two();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    hers.send({ type: 'call.ring', id: null, call_id: unique('call'), members: membersOf(bob) });
    await his.next('call.ring');
    hers.send({ type: 'ping' });
    await hers.next('pong');
    expect(hers.heard('error')).toEqual([]);
  });

  it('but a required field that is null is reported as missing', async () => {
    const [alice, bob] = await two();
    const hers = await startApp(alice);
    const { cid } = await dial(hers, bob);
    const device = await bob.post('/api/v2/devices', { id: null, push_provider: 'firebase' });
    expect(device.body).toMatchObject({ code: 'validation_failed', errors: [{ path: 'id' }] });
    const mint = await rest().request('POST', '/v1/api/callStreams', { body: { userId: null } });
    expect(mint.body).toMatchObject({ status: 400, error: 'userId is required' });
    expect(await hers.ask({ type: 'sdp.offer', call_cid: cid, sdp: null })).toMatchObject({
      error: { code: 'validation_failed', errors: [{ path: 'sdp' }] },
    });
  });
});

describe('a decline in the app’s own words', () => {
  const REASONS = [
    ['timeout', 'timeout'],
    ['no-answer', 'no-answer'],
    ['a sentence', 'User pressed "Später"'],
    ['a word of ours', 'missed'],
    ['Japanese', '拒否'],
    ['an emoji', '🙅'],
    ['64 characters', 'x'.repeat(64)],
  ] as const;

  it.each(REASONS)('%s by REST is a decline', async (_, reason) => {
    const [alice, bob] = await two();
    const hers = await startApp(alice);
    const { id } = await dial(hers, bob);
    const answer = await bob.post(callPath(id, '/reject'), { reason });
    expect(answer.body.call).toMatchObject({ status: 'ended', ended_reason: 'rejected' });
    expect(await hers.next('call.rejected')).toMatchObject({ reason });
    expect(await memberIn(alice, id, bob.id)).toMatchObject({ state: 'rejected', reason });
  });

  it.each(REASONS)('%s by socket is a decline', async (_, reason) => {
    const [alice, bob] = await two();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const { cid } = await dial(hers, bob);
    await his.next('call.ring');
    expect(codeOf(await his.ask({ type: 'call.reject', call_cid: cid, reason }))).toBe('ok');
    expect(await hers.next('call.rejected')).toMatchObject({ reason });
    expect(await hers.next('call.ended')).toMatchObject({ reason: 'rejected' });
  });

  it('by a phone that was woken is a decline', async () => {
    const [alice, bob] = await two();
    const phone = await android(bob);
    const { id } = await ring(alice, bob);
    const woken = withToken(await wakeTokenOf(phone));
    expect((await woken('POST', callPath(id, '/reject'), { reason: 'timeout' })).status).toBe(200);
    expect(await callOf(alice, id)).toMatchObject({ ended_reason: 'rejected' });
  });

  it('leaves the others in a group ringing', async () => {
    const [alice, bob, carol] = await three();
    const { id } = await ring(alice, [bob, carol]);
    expect((await bob.post(callPath(id, '/reject'), { reason: 'in a meeting' })).status).toBe(200);
    expect(await memberIn(carol, id)).toMatchObject({ state: 'ringing' });
  });

  it('cancels the call if it comes from the caller', async () => {
    const [alice, bob] = await two();
    const { id } = await ring(alice, bob);
    const answer = await alice.post(callPath(id, '/reject'), { reason: 'changed my mind' });
    expect(answer.body.call).toMatchObject({ ended_reason: 'cancelled' });
  });

  it.each([
    ['65 characters', 'x'.repeat(65)],
    ['a number', 7],
    ['true', true],
    ['an object', {}],
  ])('%s is refused as a reason, and the phone keeps ringing', async (_, reason) => {
    const [alice, bob] = await two();
    const his = await startApp(bob);
    const { id, cid } = await ring(alice, bob);
    const answer = await bob.post(callPath(id, '/reject'), { reason });
    expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed', errors: [{ path: 'reason' }] });
    expect(await his.ask({ type: 'call.reject', call_cid: cid, reason })).toMatchObject({
      error: { code: 'validation_failed', errors: [{ path: 'reason' }] },
    });
    expect(await memberIn(bob, id)).toMatchObject({ state: 'ringing' });
  });
});

describe('an empty query parameter counts as absent', () => {
  it.each(['hardware_id=', 'session_id=', 'hardware_id=&session_id=', 'session_id=one&hardware_id='])(
    'at the socket: %s',
    async (query) => {
      const [alice, bob] = await two();
      const his = await openApp(`token=${bob.token}&${query}`);
      await his.next('user.connected');
      const hers = await startApp(alice);
      const { cid } = await dial(hers, bob);
      await answerCall(hers, his, cid);
    },
  );

  it('does not turn two browsers into one handset', async () => {
    const [alice, bob] = await two();
    const [one, other] = [
      await openApp(`token=${bob.token}&hardware_id=`),
      await openApp(`token=${await tokenWith({ user_id: bob.id, other: true })}&hardware_id=`),
    ];
    await Promise.all([one.next('user.connected'), other.next('user.connected')]);
    const hers = await startApp(alice);
    const { cid } = await dial(hers, bob);
    await answerCall(hers, one, cid);
    expect(codeOf(await other.ask({ type: 'call.accept', call_cid: cid }))).toBe('already_answered');
  });

  it.each(['status=', 'limit=', 'next=', 'status=&limit=&next=', 'limit=1&next='])(
    'in the list of calls: %s',
    async (query) => {
      const [alice, bob] = await two();
      await ring(alice, bob);
      const { status, body } = await alice.get(`/api/v2/video/calls?${query}`);
      expect([status, body.calls?.length]).toEqual([200, 1]);
    },
  );

  it('as the user to act for', async () => {
    const bob = await person('bob');
    expect((await bob.get('/api/v2/devices?user_id=')).status).toBe(200);
    const nobody = await asServer('GET', '/api/v2/devices?user_id=');
    expect(nobody.body).toMatchObject({ code: 'validation_failed', errors: [{ path: 'user_id' }] });
  });
});

describe('an unknown field', () => {
  it('is ignored in frames, bodies and queries', async () => {
    const [alice, bob] = await two();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const extra = { platform: 'ios', 'x-trace': [1, { deep: null }] };
    const { id, cid, answer } = await dial(hers, bob, extra);
    expect(codeOf(answer)).toBe('ok');
    await his.next('call.ring');
    expect((await bob.post(callPath(id, '/ringing?utm=x'), extra)).status).toBe(200);
    expect(codeOf(await his.ask({ type: 'call.accept', call_cid: cid, ...extra }))).toBe('ok');
  });
});
