import { describe, expect, it, vi } from 'vitest';
import { APP_TEST_MS, RING_MS, settled, startApp } from '../../support/apps.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { eventually, keysOf, people, pushOf, rest, ring, SESSIONS } from '../../support/people.ts';
import { callsClient, onPhone, sessionsClient, startSession, videoClient } from '../../support/socket-io.ts';

// Sessions between phones that know them: clients of this dialect, and native ones. Whatever else a user has stays silent.

vi.setConfig({ testTimeout: APP_TEST_MS });

const offer = { type: 'offer', sdp: 'v=0 offer' };

const tokenFor = (id: string, token: string, body: object) =>
  rest().request('POST', `${SESSIONS}/${id}/token`, { token, body });

const about = (id: string) => (frame: { readonly [field: string]: unknown }) => frame['call_id'] === id;

describe.concurrent('sessions call sessions', () => {
  it('is cut short by the deadline: both are told once', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = await Promise.all([sessionsClient(alice), sessionsClient(bob)]);
    const { id } = await startSession(alice, bob);
    await his.next('call_invitation');
    const isOver = async () => (await alice.get(`${SESSIONS}/${id}`)).body.session.status === 'MISSED';
    await eventually(isOver, 'the deadline', RING_MS + PATIENCE_MS);
    const told = [{ sessionId: id, reason: 'missed' }];
    expect([await hers.next('call_ended'), await his.next('call_ended')]).toEqual([told, told]);
    await settled();
    expect([hers.of('call_ended').length, his.of('call_ended').length]).toEqual([1, 1]);
  });

  it('is busy if the recipient talks to somebody else', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const [carols, his, inSessions] = await Promise.all([callsClient(carol), callsClient(bob), sessionsClient(bob)]);
    await carols.ask('callUser', { to: bob.id, signalData: offer });
    await his.next('incomingCall');
    await his.ask('answerCall', { to: carol.id, signalData: { type: 'answer', sdp: 'v=0 answer' } });
    expect(await startSession(alice, bob)).toMatchObject({ status: 'REJECTED' });
    await settled();
    expect(inSessions.of('call_invitation')).toEqual([]);
    expect(his.of('callEnded')).toEqual([]);
  });

  it('wakes a phone whose app is closed: it connects, is invited, and answers by its wake token', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const push = await bob.android({ hardware_id: 'b' });
    const hers = await sessionsClient(alice);
    const { id } = await startSession(alice, bob);
    const token = keysOf(await pushOf(push, 'call.ring'))['wake_token'] ?? '';
    const his = await sessionsClient({ ...bob, token });
    expect(await his.next('call_invitation')).toMatchObject([{ sessionId: id, initiatorId: alice.id }]);
    expect(await tokenFor(id, token, { role: 'AUDIENCE' })).toMatchObject({ status: 200 });
    expect(await hers.next('call_answered')).toEqual([{ sessionId: id, userId: bob.id }]);
    await alice.post(`${SESSIONS}/${id}/end`);
    expect(await his.next('call_ended')).toEqual([{ sessionId: id, reason: 'completed' }]);
  });
});

describe.concurrent('sessions call native', () => {
  it('rings, is answered by accept, and ends; a phone of another dialect stays silent', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, app, calls, video] = await Promise.all([
      sessionsClient(alice),
      startApp(bob),
      callsClient(bob),
      videoClient(bob),
    ]);
    const { id, channelName } = await startSession(alice, bob);
    const rung = await app.next('call.ring', about(id));
    expect(rung).toMatchObject({ call: { custom: { agora: { session_id: id, channel_name: channelName } } } });
    await app.ask({ type: 'call.accept', call_cid: `agora:${id}` });
    expect(await hers.next('call_answered')).toEqual([{ sessionId: id, userId: bob.id }]);
    await app.ask({ type: 'call.end', call_cid: `agora:${id}` });
    expect(await hers.next('call_ended')).toEqual([{ sessionId: id, reason: 'completed' }]);
    await settled();
    expect([...calls.heard, ...video.heard].map(({ name }) => name).toSorted()).toEqual([
      'connect',
      'connect',
      'ice_config',
    ]);
  });

  it('is declined, cancelled, and answered on the other phone, whichever that is', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, app, his] = await Promise.all([
      sessionsClient(alice),
      startApp(bob, { hardwareId: 'native' }),
      sessionsClient(bob, onPhone('other')),
    ]);
    const declined = await startSession(alice, bob);
    await Promise.all([app.next('call.ring', about(declined.id)), his.next('call_invitation')]);
    await app.ask({ type: 'call.reject', call_cid: `agora:${declined.id}` });
    const rejected = [{ sessionId: declined.id, reason: 'rejected' }];
    expect([await hers.next('call_ended'), await his.next('call_ended')]).toEqual([rejected, rejected]);

    const cancelled = await startSession(alice, bob);
    await Promise.all([app.next('call.ring', about(cancelled.id)), his.next('call_invitation')]);
    await alice.post(`${SESSIONS}/${cancelled.id}/end`);
    await app.next('call.cancelled', about(cancelled.id));
    expect(await his.next('call_ended')).toEqual([{ sessionId: cancelled.id, reason: 'cancelled' }]);

    const byNative = await startSession(alice, bob);
    await app.next('call.ring', about(byNative.id));
    await app.ask({ type: 'call.accept', call_cid: `agora:${byNative.id}` });
    expect(await his.next('call_answered')).toEqual([{ sessionId: byNative.id, userId: bob.id }]);

    const bySession = await startSession(alice, bob);
    await app.next('call.ring', about(bySession.id));
    expect((await tokenFor(bySession.id, bob.token, { hardware_id: 'other' })).status).toBe(200);
    await app.next('call.accepted', about(bySession.id));
    const late = await app.ask({ type: 'call.accept', call_cid: `agora:${bySession.id}` });
    expect(late).toMatchObject({ error: { code: 'already_answered' } });
  });

  it('wakes a phone whose app is closed: it answers by its wake token, and hears of the end', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const push = await bob.android({ hardware_id: 'b' });
    const hers = await sessionsClient(alice);
    const { id } = await startSession(alice, bob);
    const token = keysOf(await pushOf(push, 'call.ring'))['wake_token'] ?? '';
    const app = await startApp(bob, { token });
    await app.next('call.ring', about(id));
    await app.ask({ type: 'call.accept', call_cid: `agora:${id}` });
    expect(await hers.next('call_answered')).toEqual([{ sessionId: id, userId: bob.id }]);
    await alice.post(`${SESSIONS}/${id}/end`);
    await app.next('call.ended', about(id));
  });
});

describe.concurrent('calls with SDP', () => {
  it.each(['native', 'calls', 'video'] as const)(
    'of a %s caller ring no client of sessions, but the other phone',
    async (dialect) => {
      const [alice, bob] = await people('alice', 'bob');
      const [inSessions, app] = await Promise.all([sessionsClient(bob), startApp(bob)]);
      if (dialect === 'native') await ring(alice, bob);
      if (dialect === 'calls') await (await callsClient(alice)).ask('callUser', { to: bob.id, signalData: offer });
      if (dialect === 'video') await (await videoClient(alice)).ask('call_user', { toUserId: bob.id, offer });
      await app.next('call.ring');
      await settled();
      expect(inSessions.heard.map(({ name }) => name)).toEqual(['connect']);
    },
  );
});
