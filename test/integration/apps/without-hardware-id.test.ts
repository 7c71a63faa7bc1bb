import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  answerCall,
  answerOf,
  arrives,
  beforeGraceEnds,
  callOf,
  candidatesAt,
  codeOf,
  crash,
  dial,
  graceIsOver,
  startApp,
  talking,
  trickle,
  two,
  withToken,
} from '../../support/apps.ts';
import { callPath, type Person, ring, tokenWith } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

/** A new login of the same user, as a browser gets whenever its page loads. */
const freshToken = (who: Person) => tokenWith({ user_id: who.id, name: who.id, fresh: crypto.randomUUID() });

/** Opens a browser of `who` with a fresh login. */
const reload = async (who: Person) => startApp(who, { token: await freshToken(who) });

describe.concurrent('a browser that answered without a hardware id and reconnects with a fresh login', () => {
  it('gets new signals and those that were sent meanwhile', async () => {
    const { again, hers, cid } = await beforeGraceEnds(async () => {
      const { bob, hers, his, cid } = await talking();
      await crash(his);
      const meanwhile = await trickle(hers, cid, 'meanwhile');
      const again = await reload(bob);
      await arrives(again, meanwhile);
      return { again, hers, cid };
    });
    await arrives(again, await trickle(hers, cid, 'now'));
    await arrives(hers, await trickle(again, cid, 'back'));
  });

  it('may repeat its accept', async () => {
    await beforeGraceEnds(async () => {
      const { bob, his, cid } = await talking();
      await crash(his);
      const again = await reload(bob);
      expect(codeOf(await again.ask({ type: 'call.accept', call_cid: cid }))).toBe('ok');
    });
  });

  it('may repeat its accept by REST and leave', async () => {
    await beforeGraceEnds(async () => {
      const { bob, hers, his, id } = await talking();
      await crash(his);
      const login = withToken(await freshToken(bob));
      await startApp(bob, { token: await freshToken(bob) });
      expect((await login('POST', callPath(id, '/accept'), {})).status).toBe(200);
      expect((await login('POST', callPath(id, '/leave'), {})).status).toBe(200);
      await hers.next('call.ended');
    });
  });

  it('stays in the call', async () => {
    const { alice, again, id, hers, cid } = await beforeGraceEnds(async () => {
      const { alice, bob, hers, his, id, cid } = await talking();
      await crash(his);
      const again = await reload(bob);
      expect(codeOf(await again.ask({ type: 'call.accept', call_cid: cid }))).toBe('ok');
      return { alice, again, id, hers, cid };
    });
    await graceIsOver();
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
    await arrives(again, await trickle(hers, cid, 'still-here'));
  });

  it('is not replaced by a phone of the same user', async () => {
    const { bob, hers, his } = await talking();
    const phone = await startApp(bob, { hardwareId: 'phone' });
    await crash(his);
    expect(await hers.next('call.member_left')).toMatchObject({ user_id: bob.id });
    await phone.next('call.ended');
    expect(candidatesAt(phone)).toEqual([]);
  });

  it('gets signals on every connection after an answer by REST', async () => {
    const [alice, bob] = await two();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const { id, cid } = await dial(hers, bob);
    expect((await bob.post(callPath(id, '/accept'), { answer: answerOf() })).status).toBe(200);
    await arrives(his, await trickle(hers, cid, 'to-the-same-login'));
  });
});

describe.concurrent('a browser that called without a hardware id and reconnects with a fresh login', () => {
  it('gets the answer and the candidates', async () => {
    const { again, his, cid, answer } = await beforeGraceEnds(async () => {
      const [alice, bob] = await two();
      const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
      const { cid } = await dial(hers, bob);
      await his.next('call.ring');
      await crash(hers);
      const again = await reload(alice);
      const answer = answerOf();
      expect(codeOf(await his.ask({ type: 'call.accept', call_cid: cid, answer }))).toBe('ok');
      return { again, his, cid, answer };
    });
    expect(await again.next('sdp.answer')).toMatchObject({ sdp: answer.sdp });
    await arrives(again, await trickle(his, cid, 'to-the-caller'));
  });

  it('stays in an active call', async () => {
    const { alice, id } = await beforeGraceEnds(async () => {
      const { alice, hers, his, id, cid } = await talking();
      await crash(hers);
      const again = await reload(alice);
      await arrives(again, await trickle(his, cid, 'to-the-caller'));
      return { alice, id };
    });
    await graceIsOver();
    expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
  });
});

describe.concurrent('without a hardware id', () => {
  it('another browser of the user cannot repeat the accept while the first is connected', async () => {
    const { bob, cid } = await talking();
    const other = await reload(bob);
    expect(codeOf(await other.ask({ type: 'call.accept', call_cid: cid }))).toBe('already_answered');
  });

  it('the same connection may repeat its accept', async () => {
    const { his, cid } = await talking();
    expect(await his.ask({ type: 'call.accept', call_cid: cid })).toMatchObject({ ok: true });
  });

  it('the signals to a caller who rings by REST go to all their connections', async () => {
    const [alice, bob] = await two();
    const [one, phone, his] = await Promise.all([
      startApp(alice),
      startApp(alice, { hardwareId: 'phone' }),
      startApp(bob),
    ]);
    const { cid } = await ring(alice, bob);
    await his.next('call.ring');
    const answer = answerOf();
    await his.ask({ type: 'call.accept', call_cid: cid, answer });
    const sent = await trickle(his, cid, 'to-all');
    for (const app of [one, phone]) {
      expect(await app.next('sdp.answer')).toMatchObject({ sdp: answer.sdp });
      await arrives(app, sent);
    }
  });

  it('the signals to a caller who rings by REST with a hardware_id go only to that handset', async () => {
    const [alice, bob] = await two();
    const [phone, tablet, his] = await Promise.all([
      startApp(alice, { hardwareId: 'phone' }),
      startApp(alice, { hardwareId: 'tablet' }),
      startApp(bob),
    ]);
    const { cid } = await ring(alice, bob, { hardware_id: 'phone' });
    await answerCall(phone, his, cid);
    await arrives(phone, await trickle(his, cid, 'to-the-phone'));
    await his.ask({ type: 'call.end', call_cid: cid });
    await tablet.next('call.ended');
    expect(candidatesAt(tablet)).toEqual([]);
  });
});
