import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  android,
  answerCall,
  asServer,
  callOf,
  codeOf,
  crash,
  dial,
  iphone,
  membersOf,
  ordinary,
  pushed,
  pushedKeys,
  pushedTypes,
  settled,
  startApp,
  talking,
  three,
  two,
} from '../../support/apps.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { callPath, eventually, keysOf, pushes, ring, unique } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const of = (cid: string) => (frame: object) => Object(frame).call_cid === cid;

describe('ringing the other end of an active call', () => {
  it.each(['caller', 'callee'] as const)('replaces that call if the %s does it', async (side) => {
    const { alice, bob, hers, his, id, cid } = await talking();
    const [app, callee, other] = side === 'caller' ? [hers, bob, his] : [his, alice, hers];
    const next = await dial(app, callee);
    expect(next.answer).toMatchObject({ ok: true, call: { cid: next.cid, status: 'ringing' } });
    await other.next('call.ring', of(next.cid));
    for (const one of [hers, his]) expect(await one.next('call.ended', of(cid))).toMatchObject({ reason: 'replaced' });
    expect(await callOf(alice, id)).toMatchObject({ status: 'ended', ended_reason: 'completed' });
    expect(await callOf(alice, next.id)).toMatchObject({ status: 'ringing' });
  });

  it('works by REST, and the new call can be answered', async () => {
    const { alice, bob, his, id, cid } = await talking();
    const next = await ring(alice, bob);
    expect(next.answer.body).toMatchObject({ created: true, call: { status: 'ringing' } });
    expect(await his.next('call.ended', of(cid))).toMatchObject({ reason: 'replaced' });
    await his.next('call.ring', of(next.cid));
    expect(await his.ask({ type: 'call.accept', call_cid: next.cid })).toMatchObject({ call: { status: 'active' } });
    expect(await callOf(alice, id)).toMatchObject({ ended_reason: 'completed' });
  });

  it('works after the app crashed in the call and started anew', async () => {
    const { alice, bob, hers, his, cid } = await talking({ hers: { hardwareId: 'phone', sessionId: 'one' } });
    await crash(hers);
    const again = await startApp(alice, { hardwareId: 'phone', sessionId: 'two' });
    const next = await dial(again, bob);
    expect(next.answer).toMatchObject({ ok: true, call: { status: 'ringing' } });
    await his.next('call.ring', of(next.cid));
    await his.next('call.ended', of(cid));
    expect(await his.ask({ type: 'call.accept', call_cid: next.cid })).toMatchObject({ ok: true });
    await again.next('call.accepted', of(next.cid));
  });

  it('gives nobody a missed-call notice', async () => {
    const { bob, hers, his, cid } = await talking();
    const [pixel, alert] = [await android(bob), await ordinary(bob)];
    const next = await dial(hers, bob);
    await his.next('call.ended', of(cid));
    await pushed(pixel, 'call.ring');
    await his.ask({ type: 'call.reject', call_cid: next.cid });
    await pushed(pixel, 'call.rejected');
    await settled();
    expect(await pushedTypes(alert)).toEqual([]);
    for (const push of await pushes(pixel)) expect(keysOf(push)).not.toHaveProperty('notify');
  });
});

describe('ringing a callee again while they are being rung', () => {
  it('replaces the first ring on every phone and socket, without a notice', async () => {
    const [alice, bob] = await two();
    const [pixel, apple, alert] = [await android(bob), await iphone(bob), await ordinary(bob)];
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const one = await dial(hers, bob);
    await Promise.all([his.next('call.ring', of(one.cid)), pushed(pixel, 'call.ring'), pushed(apple, 'call.ring')]);
    const next = await dial(hers, bob);
    expect(next.answer).toMatchObject({ ok: true, call: { status: 'ringing' } });
    expect(await his.next('call.cancelled', of(one.cid))).toMatchObject({ reason: 'replaced' });
    for (const app of [hers, his])
      expect(await app.next('call.ended', of(one.cid))).toMatchObject({
        reason: 'replaced',
        call: { ended_reason: 'cancelled' },
      });
    await his.next('call.ring', of(next.cid));
    const stop = await pushedKeys(pixel, 'call.cancelled');
    expect(stop).toMatchObject({ call_cid: one.cid, reason: 'cancelled' });
    expect(stop).not.toHaveProperty('notify');
    for (const phone of [pixel, apple]) await pushed(phone, 'call.ring', (keys) => keys['call_cid'] === next.cid);
    await his.ask({ type: 'call.reject', call_cid: next.cid });
    await pushed(pixel, 'call.rejected');
    await settled();
    expect(await pushedTypes(alert)).toEqual([]);
    expect(await pushedTypes(apple)).toEqual(['call.ring', 'call.ring']);
    expect(await callOf(alice, one.id)).toMatchObject({ ended_reason: 'cancelled' });
  });

  it('works repeatedly by REST, and only the last ring rings', async () => {
    const [alice, bob] = await two();
    const his = await startApp(bob);
    const calls = [];
    for (let i = 0; i < 3; i += 1) calls.push(await ring(alice, bob));
    expect(calls.map(({ answer }) => answer.body.call?.status)).toEqual(['ringing', 'ringing', 'ringing']);
    const statuses = await Promise.all(calls.map(async ({ id }) => (await callOf(alice, id)).status));
    expect(statuses).toEqual(['ended', 'ended', 'ringing']);
    await his.next('call.ring', of(calls[2]?.cid ?? ''));
    expect((await bob.post(callPath(calls[2]?.id ?? '', '/reject'))).status).toBe(200);
  });

  it('works after the app crashed while it was ringing', async () => {
    const [alice, bob] = await two();
    const pixel = await android(bob);
    const [hers, his] = await Promise.all([startApp(alice, { hardwareId: 'phone', sessionId: 'one' }), startApp(bob)]);
    const one = await dial(hers, bob);
    await pushed(pixel, 'call.ring');
    await crash(hers);
    const again = await startApp(alice, { hardwareId: 'phone', sessionId: 'two' });
    const next = await dial(again, bob);
    expect(next.answer).toMatchObject({ call: { status: 'ringing' } });
    await his.next('call.ring', of(next.cid));
    await his.next('call.ended', of(one.cid));
    expect(await pushedTypes(pixel)).not.toContain('call.missed');
  });

  it('is only a retry if the call id is the same', async () => {
    const [alice, bob] = await two();
    const hers = await startApp(alice);
    const one = await dial(hers, bob);
    const retry = await dial(hers, bob, { id: one.id });
    expect(retry.answer).toMatchObject({ ok: true, call: { cid: one.cid, status: 'ringing' } });
    expect(await callOf(alice, one.id)).toMatchObject({ version: 1 });
  });
});

describe('a hang-up and the next ring sent together', () => {
  it.each(['call.end', 'call.leave'])('never find the callee busy: %s and call.ring', async (type) => {
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const { bob, hers, his, cid } = await talking();
        const [, next] = await Promise.all([hers.ask({ type, call_cid: cid }), dial(hers, bob)]);
        expect(next.answer).toMatchObject({ ok: true, call: { status: 'ringing' } });
        await his.next('call.ring', of(next.cid));
        await his.next('call.ended', of(cid));
      }),
    );
  });

  it('never find the callee busy: call.cancel and call.ring', async () => {
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const [alice, bob] = await two();
        const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
        const one = await dial(hers, bob);
        const [, next] = await Promise.all([hers.ask({ type: 'call.cancel', call_cid: one.cid }), dial(hers, bob)]);
        expect(next.answer).toMatchObject({ ok: true, call: { status: 'ringing' } });
        await his.next('call.ring', of(next.cid));
      }),
    );
  });

  it('never find the callee busy by REST', async () => {
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const { alice, bob, id } = await talking();
        const [, next] = await Promise.all([alice.post(callPath(id, '/mark_ended')), ring(alice, bob)]);
        expect(next.answer.body.call).toMatchObject({ status: 'ringing' });
      }),
    );
  });

  it('leave exactly one new call if both ends ring at the same instant', async () => {
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        const { alice, bob, hers, his, id } = await talking();
        const both = await Promise.all([dial(hers, bob), dial(his, alice)]);
        await settled();
        const statuses = await Promise.all(both.map(async (one) => (await callOf(alice, one.id))?.status));
        expect(statuses.filter((status) => status === 'ringing')).toHaveLength(1);
        expect(both.map(({ answer }) => codeOf(answer)).filter((code) => !['ok', 'glare'].includes(code))).toEqual([]);
        expect(await callOf(alice, id)).toMatchObject({ status: 'ended' });
      }),
    );
  });
});

describe('what replaces no call', () => {
  it('a late retry of the ring whose call was replaced', async () => {
    const [alice, bob] = await two();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const first = await dial(hers, bob);
    await answerCall(hers, his, first.cid);
    const second = await dial(hers, bob);
    await answerCall(hers, his, second.cid);
    const retry = await dial(hers, bob, { id: first.id });
    expect(codeOf(retry.answer)).toBe('call_ended');
    expect(await callOf(alice, second.id)).toMatchObject({ status: 'active' });
  });

  it('glare, when the callee rings back', async () => {
    const [alice, bob] = await two();
    const one = await ring(alice, bob);
    const back = await ring(bob, alice);
    expect(back.answer.body).toMatchObject({ status: 409, code: 'glare', call: { cid: one.cid } });
    expect(await callOf(alice, one.id)).toMatchObject({ status: 'ringing' });
  });

  it('a ring by somebody else, who finds the callee busy', async () => {
    const { bob } = await talking();
    const [carol] = await two('carol');
    const { answer } = await ring(carol, bob);
    expect(answer.body.members).toContainEqual(expect.objectContaining({ user_id: bob.id, state: 'busy' }));
  });

  it('a ring to a member of the same group call, who is busy', async () => {
    const [alice, bob, carol] = await three();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const group = await dial(hers, [bob, carol]);
    await answerCall(hers, his, group.cid);
    const { answer } = await dial(hers, bob);
    expect(answer).toMatchObject({ call: { status: 'ended', ended_reason: 'rejected' } });
    expect(await callOf(alice, group.id)).toMatchObject({ status: 'active' });
  });

  it('a new group call with the other end, who is busy', async () => {
    const { alice, bob, hers, id } = await talking();
    const [carol] = await two('carol');
    const { answer } = await dial(hers, [bob, carol]);
    expect(answer['members']).toContainEqual(expect.objectContaining({ user_id: bob.id, state: 'busy' }));
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
  });

  it('the app’s backend that rings for the same two replaces as well', async () => {
    const { alice, bob, his, id } = await talking();
    const next = unique('call');
    const made = await asServer('POST', `${callPath(next)}?user_id=${alice.id}`, {
      members: membersOf(bob),
      ring: true,
    });
    expect(made.body.call).toMatchObject({ status: 'ringing' });
    await his.next('call.ring', of(`default:${next}`));
    await eventually(async () => (await callOf(alice, id)).status === 'ended', 'the end of the old call', PATIENCE_MS);
  });
});
