import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  android,
  answerCall,
  answerOf,
  arrives,
  beforeGraceEnds,
  callOf,
  candidatesAt,
  crash,
  dial,
  graceIsOver,
  iphone,
  offer,
  startApp,
  startStallingApp,
  three,
  trickle,
  two,
  wakeTokenOf,
} from '../../support/apps.ts';
import { callPath } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const phone = { hardwareId: 'phone' };

/** Alice and Bob in a call that Bob has answered; the network of each app can stall. */
async function talkingOverRelays() {
  const [alice, bob] = await two();
  const [hers, his] = await Promise.all([startStallingApp(alice, phone), startStallingApp(bob, phone)]);
  const { id, cid } = await dial(hers.app, bob, { offer: offer() });
  await answerCall(hers.app, his.app, cid);
  return { alice, bob, hers, his, id, cid };
}

describe.concurrent('a caller whose socket is half open', () => {
  it('gets the answer and the candidates on the second socket of the same handset', async () => {
    const [alice, bob] = await two();
    const [{ app: hers, relay }, his] = await Promise.all([startStallingApp(alice, phone), startApp(bob)]);
    const { cid } = await dial(hers, bob, { offer: offer() });
    await his.next('call.ring');
    relay.stall();
    const again = await startApp(alice, phone);
    const answer = answerOf();
    await his.ask({ type: 'call.accept', call_cid: cid, answer });
    const sent = await trickle(his, cid, 'of-bob');
    await again.next('call.accepted');
    expect(await again.next('sdp.answer')).toMatchObject({ sdp: answer.sdp, from_user_id: bob.id });
    await arrives(again, sent);
  });

  it('gets what was sent before the second socket opened', async () => {
    const [alice, bob] = await two();
    const [{ app: hers, relay }, his] = await Promise.all([startStallingApp(alice, phone), startApp(bob)]);
    const { cid } = await dial(hers, bob, { offer: offer() });
    await his.next('call.ring');
    relay.stall();
    const answer = answerOf();
    await his.ask({ type: 'call.accept', call_cid: cid, answer });
    const sent = await trickle(his, cid, 'of-bob');
    const again = await startApp(alice, phone);
    expect(await again.next('sdp.answer')).toMatchObject({ sdp: answer.sdp });
    await arrives(again, sent);
  });

  it('gets an answer that was given by REST', async () => {
    const [alice, bob] = await two();
    const { app: hers, relay } = await startStallingApp(alice, phone);
    const { id } = await dial(hers, bob, { offer: offer() });
    relay.stall();
    const again = await startApp(alice, phone);
    const his = await startApp(bob, phone);
    const answer = answerOf();
    expect((await bob.post(callPath(id, '/accept'), { hardware_id: 'phone', answer })).status).toBe(200);
    expect(await again.next('sdp.answer')).toMatchObject({ sdp: answer.sdp });
    expect((await bob.post(callPath(id, '/ice'), { candidate: 'candidate:rest', sdpMid: '0' })).status).toBe(202);
    await arrives(again, 'candidate:rest');
    await crash(his);
  });

  it('can signal and hang up on the second socket', async () => {
    const [alice, bob] = await two();
    const [{ app: hers, relay }, his] = await Promise.all([startStallingApp(alice, phone), startApp(bob)]);
    const { cid } = await dial(hers, bob, { offer: offer() });
    await his.next('call.ring');
    relay.stall();
    const again = await startApp(alice, phone);
    await arrives(his, await trickle(again, cid, 'of-alice'));
    expect(await again.ask({ type: 'call.cancel', call_cid: cid })).toMatchObject({ ok: true });
    await his.next('call.cancelled');
  });
});

describe.concurrent('in the middle of a call', () => {
  it.each(['caller', 'callee'] as const)('a %s whose socket is half open continues on a second one', async (side) => {
    const it = await talkingOverRelays();
    const [stalled, other, who] = side === 'caller' ? [it.hers, it.his.app, it.alice] : [it.his, it.hers.app, it.bob];
    stalled.relay.stall();
    const early = await trickle(other, it.cid, 'early');
    const again = await startApp(who, phone);
    const late = await trickle(other, it.cid, 'late');
    await arrives(again, early);
    await arrives(again, late);
    await arrives(other, await trickle(again, it.cid, 'back'));
  });

  it.each(['caller', 'callee'] as const)('a %s gets the offer of an ICE restart on the second socket', async (side) => {
    const it = await talkingOverRelays();
    const [stalled, other, who] = side === 'caller' ? [it.hers, it.his.app, it.alice] : [it.his, it.hers.app, it.bob];
    stalled.relay.stall();
    await other.ask({ type: 'sdp.offer', call_cid: it.cid, sdp: 'v=0 ice-restart' });
    const again = await startApp(who, phone);
    await again.next('sdp.offer', (frame) => frame['sdp'] === 'v=0 ice-restart');
    await again.ask({ type: 'sdp.answer', call_cid: it.cid, sdp: 'v=0 restarted' });
    await other.next('sdp.answer', (frame) => frame['sdp'] === 'v=0 restarted');
  });

  it('both ends may be half open at once', async () => {
    const { alice, bob, hers, his, cid } = await talkingOverRelays();
    hers.relay.stall();
    his.relay.stall();
    const [a, b] = await Promise.all([startApp(alice, phone), startApp(bob, phone)]);
    await arrives(b, await trickle(a, cid, 'to-bob'));
    await arrives(a, await trickle(b, cid, 'to-alice'));
  });

  it('a signal goes to all open sockets of the handset', async () => {
    const { alice, bob, hers, his, cid } = await talkingOverRelays();
    const [second, third] = await Promise.all([startApp(alice, phone), startApp(bob, phone)]);
    const toAlice = await trickle(his.app, cid, 'to-alice');
    for (const app of [hers.app, second]) await arrives(app, toAlice);
    const toBob = await trickle(hers.app, cid, 'to-bob');
    for (const app of [his.app, third]) await arrives(app, toBob);
  });

  it('signals do not go to another phone of the same user', async () => {
    const { bob, hers, his, cid } = await talkingOverRelays();
    const tablet = await startApp(bob, { hardwareId: 'tablet' });
    his.relay.stall();
    const again = await startApp(bob, phone);
    await arrives(again, await trickle(hers.app, cid, 'private'));
    await hers.app.ask({ type: 'call.end', call_cid: cid });
    await tablet.next('call.ended');
    expect(candidatesAt(tablet)).toEqual([]);
  });

  it('nobody leaves when the server finally notices the dead socket', async () => {
    const { alice, bob, hers, his, id, cid } = await talkingOverRelays();
    his.relay.stall();
    const again = await startApp(bob, phone);
    his.relay.close();
    await graceIsOver();
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
    await arrives(again, await trickle(hers.app, cid, 'still-here'));
  });
});

describe.concurrent('in a group', () => {
  it('a member whose socket is half open gets the signals of all others on the second one', async () => {
    const [alice, bob, carol] = await three();
    const [hers, { app: his, relay }, carols] = await Promise.all([
      startApp(alice, phone),
      startStallingApp(bob, phone),
      startApp(carol, phone),
    ]);
    const { cid } = await dial(hers, [bob, carol]);
    await answerCall(hers, his, cid);
    await carols.next('call.ring');
    await carols.ask({ type: 'call.accept', call_cid: cid });
    relay.stall();
    const sent = await Promise.all([
      trickle(hers, cid, 'of-alice', { target_user_id: bob.id }),
      trickle(carols, cid, 'of-carol', { target_user_id: bob.id }),
    ]);
    const again = await startApp(bob, phone);
    for (const one of sent) await arrives(again, one);
    await arrives(carols, await trickle(again, cid, 'of-bob', { target_user_id: carol.id }));
  });
});

describe.concurrent.each([
  ['an Android phone', android],
  ['an iPhone', iphone],
] as const)('%s that was woken by its push', (_, registered) => {
  it('continues on a second socket when the first is half open', async () => {
    const [alice, bob] = await two();
    const [hers, token] = await Promise.all([startApp(alice), registered(bob, { hardware_id: 'phone' })]);
    const { cid } = await dial(hers, bob, { offer: offer() });
    const { app: his, relay } = await startStallingApp(bob, { token: await wakeTokenOf(token) });
    await his.next('sdp.offer');
    const accepted = await his.ask({ type: 'call.accept', call_cid: cid });
    await hers.next('call.accepted');
    relay.stall();
    const early = await trickle(hers, cid, 'early');
    const again = await startApp(bob, { token: String(accepted['call_token']) });
    await arrives(again, early);
    await arrives(again, await trickle(hers, cid, 'late'));
    await arrives(hers, await trickle(again, cid, 'back'));
  });
});

describe.concurrent('a browser without a hardware id whose socket is half open', () => {
  it('continues on a second socket once the server knows that the first is gone', async () => {
    const { again, hers, cid } = await beforeGraceEnds(async () => {
      const [alice, bob] = await two();
      const [hers, { app: his, relay }] = await Promise.all([startApp(alice), startStallingApp(bob)]);
      const { cid } = await dial(hers, bob, { offer: offer() });
      await answerCall(hers, his, cid);
      relay.stall();
      const meanwhile = await trickle(hers, cid, 'meanwhile');
      relay.close();
      await crash(his);
      const again = await startApp(bob);
      await arrives(again, meanwhile);
      return { again, hers, cid };
    });
    await arrives(again, await trickle(hers, cid, 'now'));
  });
});
