import { describe, expect, it } from 'vitest';
import {
  callPath,
  connectWith,
  eventually,
  keysOf,
  LONG_RING,
  people,
  pushes,
  pushOf,
  rest,
  ring,
  script,
} from '../support/people.ts';

const wakeTokenOf = async (token: string): Promise<string> =>
  keysOf(await pushOf(token, 'call.ring'))['wake_token'] ?? '';
const withToken = (token: string) => ({
  get: (path: string) => rest().request('GET', path, { token }),
  post: (path: string, body: object = {}) => rest().request('POST', path, { token, body }),
});

describe('a reason of the app’s own', () => {
  it.each(['in a meeting', 'x'.repeat(64), '忙しい', 'timeout'])(
    'counts as a decline and is passed on: %s',
    async (reason) => {
      const [alice, bob] = await people('alice', 'bob');
      const caller = await alice.connect();
      const { id, cid } = await ring(alice, bob);
      const phone = await bob.connect();
      expect(await phone.ask({ type: 'call.reject', call_cid: cid, reason })).toMatchObject({
        ok: true,
        call: { ended_reason: 'rejected' },
      });
      expect(await caller.next('call.rejected')).toMatchObject({ reason, user: { id: bob.id } });
      const { members } = (await alice.get(callPath(id))).body;
      expect(members[1]).toMatchObject({ user_id: bob.id, state: 'rejected', reason });
      await Promise.all([caller.close(), phone.close()]);
    },
  );
});

describe('accept', () => {
  it('has one winner, which may repeat it, and silences the other phones', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [pixel, galaxy, iphone] = [
      await bob.android({ hardware_id: 'pixel' }),
      await bob.android({ hardware_id: 'galaxy' }),
      await bob.iphone(),
    ];
    const [caller, tablet] = [await alice.connect(), await bob.connect({ hardwareId: 'tablet' })];
    const { id, cid } = await ring(alice, bob);
    await Promise.all([pixel, galaxy, iphone].map((token) => pushOf(token, 'call.ring')));
    const won = await bob.post(callPath(id, '/accept'), { hardware_id: 'pixel' });
    expect(won.status).toBe(200);
    expect(won.body.call).toMatchObject({ status: 'active', version: 2 });
    expect(won.body.members[1]).toMatchObject({ state: 'accepted', answered_on: { hardware_id: 'pixel' } });
    expect(won.body).not.toHaveProperty('call_token');
    expect((await bob.post(callPath(id, '/accept'), { hardware_id: 'pixel' })).status).toBe(200);
    expect((await bob.post(callPath(id, '/accept'), { hardware_id: 'galaxy' })).body.code).toBe('already_answered');

    expect(await caller.next('call.accepted')).toMatchObject({
      call_cid: cid,
      answered_by: { user_id: bob.id },
      user: { id: bob.id },
      version: 2,
    });
    const seen = await tablet.next('call.accepted');
    expect(seen['members']).toMatchObject([{}, { answered_on: { hardware_id: 'pixel' } }]);
    const stop = await pushOf(galaxy, 'call.accepted');
    expect(keysOf(stop)).toMatchObject({ reason: 'answered_elsewhere', call_cid: cid });
    expect(keysOf(stop)).not.toHaveProperty('wake_token');
    expect(stop.body.message.android).toMatchObject({ priority: 'high', ttl: '30s' });
    expect((await pushes(pixel)).map((push) => keysOf(push)['type'])).toEqual(['call.ring']);
    expect((await pushes(iphone)).map((push) => keysOf(push)['type'])).toEqual(['call.ring']);
    await Promise.all([caller.close(), tablet.close()]);
  });

  it('shows the answering handset to its own user only', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const { id } = await ring(alice, bob);
    await bob.post(callPath(id, '/accept'), { hardware_id: 'pixel' });
    expect((await alice.get(callPath(id))).body.members[1]).not.toHaveProperty('answered_on');
    expect((await bob.get(callPath(id))).body.members[1].answered_on).toEqual({ hardware_id: 'pixel' });
  });

  it('has one winner when three devices race', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [alice, bob] = await people('alice', 'bob');
      const { id } = await ring(alice, bob);
      const answers = await Promise.all(
        ['a', 'b', 'c'].map((hardware_id) => bob.post(callPath(id, '/accept'), { hardware_id })),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    }
  });
});

describe('reject, cancel and end', () => {
  it('silences all phones of the callee who declines, without a notice', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const android = await bob.android({ hardware_id: 'pixel' });
    const caller = await alice.connect();
    const { id } = await ring(alice, bob);
    await pushOf(android, 'call.ring');
    expect(
      (await bob.post(callPath(id, '/reject'), { reason: 'busy', hardware_id: 'tablet' })).body.call,
    ).toMatchObject({ status: 'ended', ended_reason: 'rejected' });
    expect(await caller.next('call.rejected')).toMatchObject({ reason: 'busy', user: { id: bob.id } });
    expect(await caller.next('call.ended')).toMatchObject({ reason: 'rejected' });
    const stop = keysOf(await pushOf(android, 'call.rejected'));
    expect(stop).toMatchObject({ reason: 'declined_elsewhere' });
    expect(stop).not.toHaveProperty('notify');
    expect((await bob.post(callPath(id, '/reject'))).status).toBe(200);
    await caller.close();
  });

  it('is announced to the callee’s phones and connections if the caller hangs up first', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const android = await bob.android();
    const [caller, callee] = [await alice.connect(), await bob.connect()];
    const rung = await caller.ask({
      type: 'call.ring',
      call_id: `c-${bob.id}`,
      members: [{ user_id: bob.id }],
      ...LONG_RING,
    });
    const cid = `default:c-${bob.id}`;
    expect(rung).toMatchObject({ type: 'response', ok: true, call: { cid } });
    await callee.next('call.ring');
    await pushOf(android, 'call.ring');
    expect(await caller.ask({ type: 'call.cancel', call_cid: cid })).toMatchObject({
      ok: true,
      call: { ended_reason: 'cancelled', ended_by: alice.id },
    });
    expect(await callee.next('call.cancelled')).toMatchObject({ call_cid: cid, user: { id: alice.id } });
    expect(await callee.next('call.ended')).toMatchObject({ reason: 'cancelled' });
    expect(keysOf(await pushOf(android, 'call.cancelled'))).toMatchObject({ reason: 'cancelled', notify: 'true' });
    await Promise.all([caller.close(), callee.close()]);
  });

  it('silences a phone whose push was accepted after the end of the ring', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const android = await bob.android();
    await script(android, { status: 200, delay_ms: 2000 });
    const { id } = await ring(alice, bob);
    await eventually(async () => (await pushes(android)).length === 1, 'the slow push');
    await alice.post(callPath(id, '/leave'));
    expect(keysOf(await pushOf(android, 'call.cancelled'))).toMatchObject({ notify: 'true' });
    expect((await pushes(android)).map((push) => keysOf(push)['type'])).toEqual(['call.ring', 'call.cancelled']);
  });

  it('retries the stop if the push service is down, and sends one to a phone that may have got the ring', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [down, unsure] = [await bob.android(), await bob.android()];
    await script(down, { status: 200 }, { status: 503 });
    await script(unsure, { drop: true });
    const { id } = await ring(alice, bob);
    await Promise.all([pushOf(down, 'call.ring'), pushOf(unsure, 'call.ring')]);
    await alice.post(callPath(id, '/leave'));
    await eventually(
      async () => (await pushes(down)).map(({ status }) => status).join() === '200,503,200',
      'a second stop',
    );
    expect(keysOf(await pushOf(unsure, 'call.cancelled'))).toMatchObject({ reason: 'cancelled', notify: 'true' });
  });

  it('completes the call if one of two members leaves', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const caller = await alice.connect();
    const { id } = await ring(alice, bob);
    await bob.post(callPath(id, '/accept'));
    expect((await bob.post(callPath(id, '/leave'))).body.call).toMatchObject({
      status: 'ended',
      ended_reason: 'completed',
      ended_by: bob.id,
    });
    expect(await caller.next('call.member_left')).toMatchObject({ user_id: bob.id });
    expect(await caller.next('call.ended')).toMatchObject({ reason: 'completed' });
    await caller.close();
  });
});

describe('a phone that was woken by a push', () => {
  it('answers with the wake token only, and continues with a call token', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const iphone = await bob.iphone({ hardware_id: 'iphone' });
    const { id, cid } = await ring(alice, bob, { offer: { type: 'offer', sdp: 'v=0 the-offer' } });
    const wake = await wakeTokenOf(iphone);
    const phone = withToken(wake);
    expect((await phone.get(callPath(id))).body.call.status).toBe('ringing');
    expect((await phone.post(callPath(id, '/ringing'))).status).toBe(200);
    for (const [path, body] of [
      ['/leave', {}],
      ['/mark_ended', {}],
      ['/sdp/answer', { type: 'answer', sdp: 'v=0 x' }],
    ] as const) {
      expect((await phone.post(callPath(id, path), body)).body.code).toBe('not_allowed');
    }
    expect((await phone.get('/api/v2/devices')).body.code).toBe('not_allowed');
    expect((await phone.get(callPath(`${id}x`))).body.code).toBe('not_allowed');

    const socket = await connectWith(wake);
    expect(await socket.next('user.connected')).toMatchObject({
      user: { id: bob.id, online: true },
      ice_servers: [{ urls: [expect.stringMatching(/^stun:/)] }],
    });
    expect(await socket.next('call.ring')).toMatchObject({ call_cid: cid });
    expect(await socket.next('sdp.offer')).toMatchObject({ sdp: 'v=0 the-offer', from_user_id: alice.id });
    const accepted = await socket.ask({ type: 'call.accept', call_cid: cid });
    expect(accepted).toMatchObject({ ok: true, call: { status: 'active' }, call_token: expect.any(String) });
    expect((await phone.post(callPath(id, '/accept'))).body).toMatchObject({ call_token: expect.any(String) });

    await socket.close();
    const again = await connectWith(String(accepted['call_token']));
    expect(await again.next('user.connected')).toMatchObject({ call_token: expect.any(String) });
    await alice.post(callPath(id, '/ice'), { candidate: 'candidate:c', sdpMid: '0', sdpMLineIndex: 0 });
    expect(await again.next('ice.candidate')).toMatchObject({
      candidate: 'candidate:c',
      sdpMid: '0',
      sdpMLineIndex: 0,
      from_user_id: alice.id,
    });
    expect(await again.ask({ type: 'call.leave', call_cid: cid })).toMatchObject({
      ok: true,
      call: { status: 'ended' },
    });
    await again.close();
  });

  it('may only read after another device has answered', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [iphone, pixel] = [await bob.iphone({ hardware_id: 'iphone' }), await bob.android({ hardware_id: 'pixel' })];
    const { id } = await ring(alice, bob);
    const late = withToken(await wakeTokenOf(iphone));
    await withToken(await wakeTokenOf(pixel)).post(callPath(id, '/accept'));
    expect((await late.get(callPath(id))).status).toBe(200);
    expect((await late.post(callPath(id, '/accept'))).body.code).toBe('already_answered');
    expect((await late.post(callPath(id, '/accept'), { hardware_id: 'pixel' })).body.code).toBe('already_answered');
    expect((await late.post(callPath(id, '/reject'))).body.code).toBe('not_allowed');
    expect((await late.post(callPath(id, '/ringing'))).body.code).toBe('not_allowed');
    const socket = await connectWith(await wakeTokenOf(iphone));
    await socket.next('call.active');
    expect(socket.frames.map(({ type }) => type)).toEqual(['user.connected', 'call.accepted', 'call.active']);
    await socket.close();
  });

  it('cannot pretend to be the device that answered', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [iphone, pixel] = [await bob.iphone(), await bob.android({ hardware_id: 'pixel' })];
    const { id, cid } = await ring(alice, bob);
    await withToken(await wakeTokenOf(pixel)).post(callPath(id, '/accept'));
    const socket = await connectWith(await wakeTokenOf(iphone), '&hardware_id=pixel');
    expect(await socket.next('user.connected')).not.toHaveProperty('call_token');
    expect(await socket.ask({ type: 'call.accept', call_cid: cid })).toMatchObject({
      error: { code: 'already_answered' },
    });
    expect(await socket.ask({ type: 'call.end', call_cid: cid })).toMatchObject({ error: { code: 'not_allowed' } });
    const late = withToken(await wakeTokenOf(iphone));
    expect((await late.post(callPath(id, '/accept'), { hardware_id: 'pixel' })).body.code).toBe('already_answered');
    await socket.close();
  });

  it('gets the event that ended its ring, and no ring, if it wakes too late', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const iphone = await bob.iphone();
    const { id } = await ring(alice, bob);
    const wake = await wakeTokenOf(iphone);
    await alice.post(callPath(id, '/leave'));
    const [woken, browser] = [await connectWith(wake), await bob.connect()];
    expect(await woken.next('call.cancelled')).toMatchObject({ call: { status: 'ended' } });
    await browser.next('call.cancelled');
    expect(woken.frames.map(({ type }) => type)).toEqual(['user.connected', 'call.cancelled']);
    await Promise.all([woken.close(), browser.close()]);
  });

  it('sends its accept and its SDP answer in one HTTPS request', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const iphone = await bob.iphone();
    const caller = await alice.connect();
    const { id } = await ring(alice, bob);
    const phone = withToken(await wakeTokenOf(iphone));
    const answered = await phone.post(callPath(id, '/accept'), { answer: { type: 'answer', sdp: 'v=0 the-answer' } });
    expect(answered.body).toMatchObject({ call: { status: 'active' }, call_token: expect.any(String) });
    expect(await caller.next('sdp.answer')).toMatchObject({ sdp: 'v=0 the-answer' });
    await caller.close();
  });

  it('declines with one HTTPS request', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const iphone = await bob.iphone();
    const { id } = await ring(alice, bob);
    expect((await withToken(await wakeTokenOf(iphone)).post(callPath(id, '/reject'))).body.call.ended_reason).toBe(
      'rejected',
    );
  });
});

// Each of these waits for a grace to pass, so they run side by side.
describe.concurrent('a member who vanishes', () => {
  it('leaves an active call after the grace', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [caller, callee] = [await alice.connect(), await bob.connect()];
    const { cid } = await ring(alice, bob);
    await callee.next('call.ring');
    await callee.ask({ type: 'call.accept', call_cid: cid });
    await callee.close();
    expect(await caller.next('call.member_left')).toMatchObject({ user_id: bob.id });
    await caller.close();
  });
  it('cancels the call that they ring', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [caller, callee] = [await alice.connect(), await bob.connect()];
    await caller.ask({ type: 'call.ring', call_id: `v-${bob.id}`, members: [{ user_id: bob.id }], ...LONG_RING });
    await callee.next('call.ring');
    await caller.close();
    expect(await callee.next('call.cancelled')).not.toHaveProperty('user');
    await callee.close();
  });
  it('leaves if they answered and never opened a connection', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const caller = await alice.connect();
    const { id } = await ring(alice, bob);
    await bob.post(callPath(id, '/accept'));
    await caller.next('call.member_left');
    await caller.close();
  });
});
