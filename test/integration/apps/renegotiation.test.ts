import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  type App,
  android,
  answerCall,
  callOf,
  codeOf,
  dial,
  membersOf,
  offer,
  pushed,
  pushedTypes,
  settled,
  startApp,
  talking,
  three,
  two,
} from '../../support/apps.ts';
import { callPath } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const offerAt = (app: App, sdp: string) => app.next('sdp.offer', (frame) => frame['sdp'] === sdp);

describe('a second ring with an offer in a live call', () => {
  it.each(['caller', 'callee'] as const)('of the %s reaches the other end as sdp.offer', async (side) => {
    const { alice, bob, hers, his, id, cid } = await talking();
    const [app, who, callee, other] = side === 'caller' ? [hers, alice, bob, his] : [his, bob, alice, hers];
    const again = offer();
    const { version } = await callOf(alice, id);
    expect((await dial(app, callee, { id, offer: again })).answer).toMatchObject({
      ok: true,
      call: { status: 'active' },
    });
    expect(await offerAt(other, again.sdp)).toMatchObject({ call_cid: cid, from_user_id: who.id });
    await other.ask({ type: 'sdp.answer', call_cid: cid, sdp: 'v=0 renegotiated' });
    await app.next('sdp.answer', (frame) => frame['sdp'] === 'v=0 renegotiated');
    expect(app.heard('sdp.offer', (frame) => frame['sdp'] === again.sdp)).toEqual([]);
    expect(await callOf(alice, id)).toMatchObject({ version, status: 'active' });
  });

  it('may come by REST', async () => {
    const { alice, bob, hers, his, id } = await talking();
    for (const [who, callee, other] of [
      [alice, bob, his],
      [bob, alice, hers],
    ] as const) {
      const again = offer();
      const answer = await who.post(callPath(id), { members: membersOf(callee), ring: true, offer: again });
      expect(answer).toMatchObject({ status: 200, body: { created: false } });
      expect(await offerAt(other, again.sdp)).toMatchObject({ from_user_id: who.id });
    }
  });

  it('works several times', async () => {
    const { bob, hers, his, id } = await talking();
    for (let i = 0; i < 3; i += 1) {
      const again = offer();
      await dial(hers, bob, { id, offer: again });
      await offerAt(his, again.sdp);
    }
  });

  it('reaches everybody who is in a group', async () => {
    const [alice, bob, carol] = await three();
    const [hers, his, carols] = await Promise.all([startApp(alice), startApp(bob), startApp(carol)]);
    const { id, cid } = await dial(hers, [bob, carol]);
    await answerCall(hers, his, cid);
    await carols.next('call.ring');
    await carols.ask({ type: 'call.accept', call_cid: cid });
    const again = offer();
    expect(codeOf((await dial(hers, [bob, carol], { id, offer: again })).answer)).toBe('ok');
    await Promise.all([offerAt(his, again.sdp), offerAt(carols, again.sdp)]);
  });

  it('goes to the handset in the call alone, and pushes nobody', async () => {
    const { bob, hers, his, id, cid } = await talking({ his: { hardwareId: 'phone' } });
    const [pixel, tablet] = [await android(bob), await startApp(bob, { hardwareId: 'tablet' })];
    const again = offer();
    await dial(hers, bob, { id, offer: again });
    await offerAt(his, again.sdp);
    await hers.ask({ type: 'call.end', call_cid: cid });
    await tablet.next('call.ended');
    expect(tablet.heard('sdp.offer')).toEqual([]);
    await settled();
    expect(await pushedTypes(pixel)).not.toContain('call.ring');
  });
});

describe('a second ring with an offer while the first still rings', () => {
  it('reaches the callee as sdp.offer, and rings no phone again', async () => {
    const [alice, bob] = await two();
    const pixel = await android(bob);
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const [original, again] = [offer(), offer()];
    const { id, cid } = await dial(hers, bob, { offer: original });
    await pushed(pixel, 'call.ring');
    expect(codeOf((await dial(hers, bob, { id, offer: again })).answer)).toBe('ok');
    expect(await offerAt(his, again.sdp)).toMatchObject({ call_cid: cid });
    const late = await startApp(bob);
    await offerAt(late, again.sdp);
    expect(late.heard('sdp.offer').map(({ sdp }) => sdp)).toEqual([original.sdp, again.sdp]);
    await hers.ask({ type: 'call.cancel', call_cid: cid });
    await pushed(pixel, 'call.cancelled');
    expect(await pushedTypes(pixel)).toEqual(['call.ring', 'call.cancelled']);
    expect(his.heard('call.ring')).toHaveLength(1);
  });
});
