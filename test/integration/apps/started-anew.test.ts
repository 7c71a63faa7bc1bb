import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  android,
  answerCall,
  arrives,
  beforeGraceEnds,
  callBecomes,
  callOf,
  candidatesAt,
  codeOf,
  crash,
  dial,
  graceIsOver,
  iphone,
  offer,
  openApp,
  startApp,
  talking,
  three,
  trickle,
  two,
  wakeTokenOf,
} from '../../support/apps.ts';
import { callPath, eventually, type Person, ring, unique } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const phone = { hardwareId: 'phone' };
const desktop = { hardwareId: 'desktop' };
const first = { hardwareId: 'phone', sessionId: 'start-1' };
const second = { hardwareId: 'phone', sessionId: 'start-2' };

/** A call in which both ends have a session id. */
const talkingInSessions = () => talking({ hers: first, his: first });

describe.concurrent('a handset that vanishes', () => {
  it('leaves its active call as the callee, even if a desktop of that user is online', async () => {
    const { bob, hers, his, cid } = await talking({ his: phone });
    await startApp(bob, desktop);
    await crash(his);
    expect(await hers.next('call.member_left')).toMatchObject({ user_id: bob.id, call_cid: cid });
    expect(await hers.next('call.ended')).toMatchObject({ reason: 'completed' });
  });

  it('leaves its active call as the caller, even if a desktop of that user is online', async () => {
    const { alice, hers, his } = await talking({ hers: phone });
    await startApp(alice, desktop);
    await crash(hers);
    expect(await his.next('call.member_left')).toMatchObject({ user_id: alice.id });
    expect(await his.next('call.ended')).toMatchObject({ reason: 'completed' });
  });

  it('leaves its group call, which goes on', async () => {
    const [alice, bob, carol] = await three();
    const [hers, his, carols] = await Promise.all([startApp(alice), startApp(bob, phone), startApp(carol)]);
    const { id, cid } = await dial(hers, [bob, carol]);
    await answerCall(hers, his, cid);
    await carols.next('call.ring');
    await carols.ask({ type: 'call.accept', call_cid: cid });
    await startApp(bob, desktop);
    await crash(his);
    for (const app of [hers, carols]) expect(await app.next('call.member_left')).toMatchObject({ user_id: bob.id });
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
  });

  it('cancels its ring, even if a desktop of the caller is online', async () => {
    const [alice, bob] = await two();
    const [hers, his] = await Promise.all([startApp(alice, phone), startApp(bob), startApp(alice, desktop)]);
    const { id } = await dial(hers, bob);
    await his.next('call.ring');
    await crash(hers);
    await his.next('call.cancelled');
    expect(await callOf(bob, id)).toMatchObject({ ended_reason: 'cancelled' });
  });

  it('leaves if it answered by REST and never connected, even if a desktop is online', async () => {
    const [alice, bob] = await two();
    const [hers] = await Promise.all([startApp(alice), startApp(bob, desktop)]);
    const { id } = await dial(hers, bob);
    expect((await bob.post(callPath(id, '/accept'), { hardware_id: 'phone' })).status).toBe(200);
    expect(await hers.next('call.member_left')).toMatchObject({ user_id: bob.id });
    await hers.next('call.ended');
  });

  it('changes nothing if it is not the handset in the call', async () => {
    const { alice, bob, hers, his, id, cid } = await talking({ his: phone });
    const idle = await startApp(bob, desktop);
    await crash(idle);
    await graceIsOver();
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
    await arrives(his, await trickle(hers, cid, 'still-here'));
  });

  it('leaves its other tab with its hardware_id as it is', async () => {
    const { hers, bob, his, cid } = await talkingInSessions();
    const tab = await startApp(bob, { ...first, sessionId: unique('tab') });
    await arrives(his, await trickle(hers, cid, 'to-the-tab-in-the-call'));
    await hers.ask({ type: 'call.end', call_cid: cid });
    for (const one of [his, tab]) await one.next('call.ended', (frame) => frame['call_cid'] === cid);
  });

  it('stays in the call if it is back with the same session', async () => {
    const { alice, bob, hers, his, id, cid } = await talkingInSessions();
    const again = await startApp(bob, first);
    await crash(his);
    await arrives(again, await trickle(hers, cid, 'to-the-same-session'));
    await graceIsOver();
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
  });

  it.each([
    ['neither socket', phone, phone],
    ['the first socket alone', first, phone],
    ['the second socket alone', phone, second],
  ])('stays in the call if it is back and %s has a session id', async (_, before, after) => {
    const { alice, bob, hers, his, id, cid } = await talking({ hers: phone, his: before });
    const again = await startApp(bob, after);
    await crash(his);
    await arrives(again, await trickle(hers, cid, 'to-the-second'));
    await graceIsOver();
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
  });
});

describe.concurrent('an app that was restarted', () => {
  it('leaves its call after the grace unless it resumes', async () => {
    const { bob, hers, his } = await talkingInSessions();
    await startApp(bob, second);
    await crash(his);
    expect(await hers.next('call.member_left')).toMatchObject({ user_id: bob.id });
    await hers.next('call.ended');
  });

  it('leaves the call that it started as well', async () => {
    const { alice, hers, his } = await talkingInSessions();
    await startApp(alice, second);
    await crash(hers);
    expect(await his.next('call.member_left')).toMatchObject({ user_id: alice.id });
    await his.next('call.ended');
  });

  it('cancels the ring of its earlier start', async () => {
    const [alice, bob] = await two();
    const [hers, his] = await Promise.all([startApp(alice, first), startApp(bob)]);
    await dial(hers, bob);
    await his.next('call.ring');
    await startApp(alice, second);
    await crash(hers);
    await his.next('call.cancelled');
  });

  it('can be rung again after both ends were restarted, since their call ends', async () => {
    const { alice, bob, hers, his, id } = await talkingInSessions();
    const [a, b] = await Promise.all([startApp(alice, second), startApp(bob, second)]);
    await Promise.all([crash(hers), crash(his)]);
    await callBecomes(alice, id, 'ended');
    const again = await dial(b, alice);
    expect(again.answer['call']).toMatchObject({ status: 'ringing' });
    await a.next('call.ring', (frame) => frame['call_cid'] === again.cid);
  });

  it.each(['caller', 'callee'] as const)('gets call.active as the %s', async (side) => {
    const { it, who, again, active } = await beforeGraceEnds(async () => {
      const it = await talkingInSessions();
      const [who, before] = side === 'caller' ? [it.alice, it.hers] : [it.bob, it.his];
      await crash(before);
      const again = await startApp(who, second);
      return { it, who, again, active: await again.next('call.active') };
    });
    expect(active).toMatchObject({
      call_cid: it.cid,
      call_id: it.id,
      call_type: 'default',
      call: { cid: it.cid, status: 'active' },
      resumable: true,
      version: expect.any(Number),
      members: expect.arrayContaining([expect.objectContaining({ user_id: who.id })]),
    });
    expect(again.frames[0]).toMatchObject({ type: 'user.connected' });
  });

  it('can end the call', async () => {
    const { alice, hers, his, cid } = await talkingInSessions();
    const again = await startApp(alice, second);
    expect(await again.next('call.active')).toMatchObject({ call_cid: cid });
    expect(await again.ask({ type: 'call.end', call_cid: cid })).toMatchObject({ ok: true });
    await his.next('call.ended');
    await crash(hers);
  });

  it('gets call.active for the call that it still rings, and can cancel it', async () => {
    const [alice, bob] = await two();
    const [hers, his] = await Promise.all([startApp(alice, first), startApp(bob)]);
    const { cid } = await dial(hers, bob);
    await his.next('call.ring');
    const again = await startApp(alice, second);
    expect(await again.next('call.active')).toMatchObject({ call_cid: cid, call: { status: 'ringing' } });
    await crash(hers);
    await again.ask({ type: 'call.cancel', call_cid: cid });
    await his.next('call.cancelled');
  });

  it('gets no signals before call.resume', async () => {
    const { bob, hers, his, cid } = await talkingInSessions();
    const again = await startApp(bob, second);
    await again.next('call.active');
    const sent = await trickle(hers, cid, 'before');
    await hers.ask({ type: 'sdp.offer', call_cid: cid, sdp: 'v=0 before' });
    await arrives(his, sent);
    await hers.ask({ type: 'call.end', call_cid: cid });
    await again.next('call.ended');
    expect(candidatesAt(again)).toEqual([]);
    expect(again.heard('sdp.offer')).toEqual([]);
  });

  it.each(['caller', 'callee'] as const)('stays in the call as the %s with call.resume', async (side) => {
    const it = await beforeGraceEnds(async () => {
      const it = await talkingInSessions();
      const [who, before, other] = side === 'caller' ? [it.alice, it.hers, it.his] : [it.bob, it.his, it.hers];
      const again = await startApp(who, second);
      await crash(before);
      expect(await again.ask({ type: 'call.resume', call_cid: it.cid })).toMatchObject({
        ok: true,
        call: { cid: it.cid, status: 'active' },
        members: expect.any(Array),
      });
      return { ...it, who, other, again };
    });
    await arrives(it.again, await trickle(it.other, it.cid, 'to-the-resumed'));
    await arrives(it.other, await trickle(it.again, it.cid, 'of-the-resumed'));
    await graceIsOver();
    expect(await callOf(it.who, it.id)).toMatchObject({ status: 'active' });
  });

  it('can resume while the socket of its earlier start still seems open', async () => {
    const { alice, bob, hers, his, id, cid } = await talkingInSessions();
    const again = await startApp(bob, second);
    expect(await again.next('call.active')).toMatchObject({ resumable: true });
    expect(codeOf(await again.ask({ type: 'call.resume', call_cid: cid }))).toBe('ok');
    await arrives(again, await trickle(hers, cid, 'to-the-resumed'));
    await crash(his);
    await graceIsOver();
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
  });

  it('gets the kept signals with call.resume', async () => {
    const { again, sent } = await beforeGraceEnds(async () => {
      const { bob, hers, his, cid } = await talkingInSessions();
      await crash(his);
      const sent = await trickle(hers, cid, 'meanwhile');
      const again = await startApp(bob, second);
      expect(codeOf(await again.ask({ type: 'call.resume', call_cid: cid }))).toBe('ok');
      return { again, sent };
    });
    await arrives(again, sent);
  });

  it('can be restarted and resume a second time', async () => {
    const { bob, hers, his, cid } = await talkingInSessions();
    const again = await startApp(bob, second);
    expect(codeOf(await again.ask({ type: 'call.resume', call_cid: cid }))).toBe('ok');
    await crash(his);
    const third = await startApp(bob, { hardwareId: 'phone', sessionId: 'start-3' });
    await third.next('call.active');
    expect(codeOf(await third.ask({ type: 'call.resume', call_cid: cid }))).toBe('ok');
    await arrives(third, await trickle(hers, cid, 'to-the-third'));
  });
});

describe.concurrent.each([
  ['an Android phone', android],
  ['an iPhone', iphone],
] as const)('%s that was woken by its push', (_, registered) => {
  /** Bob answers, with a session id, on the phone that the push woke. */
  async function answersWoken() {
    const [alice, bob] = await two();
    const [hers, token] = await Promise.all([startApp(alice), registered(bob, { hardware_id: 'phone' })]);
    const { id, cid } = await dial(hers, bob, { offer: offer() });
    const his = await startApp(bob, { token: await wakeTokenOf(token), sessionId: 'woken' });
    await his.next('call.ring');
    const accepted = await his.ask({ type: 'call.accept', call_cid: cid });
    await hers.next('call.accepted');
    return { alice, bob, hers, his, id, cid, callToken: String(accepted['call_token']) };
  }

  it('can resume with its call token after a restart', async () => {
    const { alice, bob, hers, his, id, cid, callToken } = await answersWoken();
    const again = await startApp(bob, { token: callToken, sessionId: 'anew' });
    expect(await again.next('call.active')).toMatchObject({ call_cid: cid });
    expect(codeOf(await again.ask({ type: 'call.resume', call_cid: cid }))).toBe('ok');
    await crash(his);
    await arrives(again, await trickle(hers, cid, 'to-the-resumed'));
    await graceIsOver();
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
  });

  it('leaves after a restart without call.resume, even if a desktop is online', async () => {
    const { bob, hers, his, callToken } = await answersWoken();
    await Promise.all([startApp(bob, { token: callToken, sessionId: 'anew' }), startApp(bob, desktop)]);
    await crash(his);
    expect(await hers.next('call.member_left')).toMatchObject({ user_id: bob.id });
  });

  it('stays in the call if it is back with the same session', async () => {
    const { alice, bob, hers, his, id, cid, callToken } = await answersWoken();
    const again = await startApp(bob, { token: callToken, sessionId: 'woken' });
    await crash(his);
    await arrives(again, await trickle(hers, cid, 'to-the-same-session'));
    await graceIsOver();
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
  });

  it('stays in the call if its login connects from the same handset', async () => {
    const { alice, bob, hers, his, id, cid } = await answersWoken();
    const app = await startApp(bob, { hardwareId: 'phone', sessionId: 'woken' });
    await crash(his);
    await arrives(app, await trickle(hers, cid, 'to-the-login'));
    await graceIsOver();
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
  });
});

describe.concurrent('call.resume', () => {
  it('takes over, on a desktop, the call of a phone that has gone', async () => {
    const { alice, hers, id, cid, other } = await beforeGraceEnds(async () => {
      const { alice, bob, hers, his, id, cid } = await talking({ his: phone });
      const other = await startApp(bob, desktop);
      await crash(his);
      const isResumed = async () => codeOf(await other.ask({ type: 'call.resume', call_cid: cid })) === 'ok';
      await eventually(isResumed, 'the desktop to take over', 2000);
      return { alice, hers, id, cid, other };
    });
    await arrives(other, await trickle(hers, cid, 'to-the-desktop'));
    await graceIsOver();
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
  });

  it('is refused while the handset in the call is connected', async () => {
    const { alice, bob, cid } = await talking({ hers: phone, his: phone });
    for (const who of [alice, bob]) {
      const other = await startApp(who, desktop);
      expect(codeOf(await other.ask({ type: 'call.resume', call_cid: cid }))).toBe('already_answered');
    }
  });

  it('is refused to strangers, after the end and for an unknown call', async () => {
    const { hers, his, cid } = await talking();
    const [mallory] = await two('mallory');
    const evil = await startApp(mallory);
    expect(codeOf(await evil.ask({ type: 'call.resume', call_cid: cid }))).toBe('not_a_member');
    await hers.ask({ type: 'call.end', call_cid: cid });
    expect(codeOf(await his.ask({ type: 'call.resume', call_cid: cid }))).toBe('call_ended');
    expect(codeOf(await evil.ask({ type: 'call.resume', call_cid: 'default:nothing' }))).toBe('not_found');
  });
});

describe.concurrent('call.active', () => {
  /** Whether a further app of `who` finds the call resumable. */
  const onOpening = async (who: Person, hardwareId: string) =>
    (await (await startApp(who, { hardwareId })).next('call.active'))['resumable'];

  it('says whether the handset in the call is gone', async () => {
    await beforeGraceEnds(async () => {
      const { alice, bob, his } = await talking({ hers: phone, his: phone });
      expect(await onOpening(alice, 'desktop')).toBe(false);
      expect(await onOpening(bob, 'desktop')).toBe(false);
      await crash(his);
      const isGone = async () => await onOpening(bob, 'tablet');
      await eventually(isGone, 'a call that can be resumed', 2000);
    });
  });

  it('says at once that a page without a hardware id is gone', async () => {
    await beforeGraceEnds(async () => {
      const { bob, his } = await talking();
      await crash(his);
      expect(await onOpening(bob, 'desktop')).toBe(true);
    });
  });

  it('is not sent without a live call', async () => {
    const [alice, bob] = await two();
    const hers = await startApp(alice);
    const before = await startApp(bob);
    const { cid } = await dial(hers, bob, { offer: offer() });
    const whileRung = await startApp(bob);
    await whileRung.next('call.ring');
    await hers.ask({ type: 'call.cancel', call_cid: cid });
    const after = await startApp(bob);
    await after.next('call.cancelled');
    const calm = await startApp(alice);
    await ring(bob, alice);
    await calm.next('call.ring');
    for (const app of [before, whileRung, after, calm]) expect(app.heard('call.active')).toEqual([]);
  });

  it('is sent to every member who is in a group call', async () => {
    const [alice, bob, carol] = await three();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const { cid } = await dial(hers, [bob, carol]);
    await answerCall(hers, his, cid);
    for (const who of [alice, bob])
      expect(await (await startApp(who, desktop)).next('call.active')).toMatchObject({ call_cid: cid });
    const carols = await startApp(carol);
    await carols.next('call.ring');
    await hers.ask({ type: 'call.end', call_cid: cid });
    await carols.next('call.ended');
    expect(carols.heard('call.active')).toEqual([]);
  });
});

describe.concurrent('a session id', () => {
  it('has 1 to 64 characters', async () => {
    const [alice] = await two();
    const session = (text: string) => openApp(`token=${alice.token}&session_id=${text}`);
    for (const text of ['s', 's'.repeat(64), crypto.randomUUID()]) await (await session(text)).next('user.connected');
    await expect(session('s'.repeat(65))).rejects.toMatchObject({ status: 403 });
  });
});
