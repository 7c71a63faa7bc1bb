import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  android,
  callOf,
  codeOf,
  dial,
  membersOf,
  offer,
  pushedTypes,
  settled,
  startApp,
  three,
  two,
} from '../../support/apps.ts';
import { callPath, unique } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

describe.concurrent('two users who ring each other with the same call id', () => {
  it('get glare on the socket, and the second offer goes to nobody', async () => {
    const [alice, bob] = await two();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const first = offer();
    const one = await dial(hers, bob, { offer: first });
    await his.next('sdp.offer');
    const second = await dial(his, alice, { id: one.id, offer: offer() });
    expect(second.answer).toMatchObject({
      type: 'error',
      error: { code: 'glare' },
      call: { cid: one.cid, status: 'ringing' },
    });
    const late = await startApp(bob);
    await late.next('sdp.offer');
    expect(await his.ask({ type: 'call.accept', call_cid: one.cid })).toMatchObject({ call: { status: 'active' } });
    await hers.ask({ type: 'call.end', call_cid: one.cid });
    await Promise.all([hers, his, late].map((app) => app.next('call.ended')));
    expect(hers.heard('sdp.offer')).toEqual([]);
    expect(hers.heard('call.ring')).toEqual([]);
    for (const app of [his, late])
      expect(new Set(app.heard('sdp.offer').map((frame) => frame['sdp']))).toEqual(new Set([first.sdp]));
  });

  it('get glare by REST, and no phone rings for the second ring', async () => {
    const [alice, bob] = await two();
    const phone = await android(alice);
    const id = unique('room');
    await alice.post(callPath(id), { members: membersOf(bob), ring: true });
    const second = await bob.post(callPath(id), { members: membersOf(alice), ring: true, offer: offer() });
    expect(second.body).toMatchObject({
      status: 409,
      code: 'glare',
      call: { cid: `default:${id}`, status: 'ringing' },
    });
    expect((await bob.post(callPath(id, '/accept'))).body.call.status).toBe('active');
    await settled();
    expect(await pushedTypes(phone)).toEqual([]);
  });

  it.each(['socket', 'REST'] as const)('end up in one call if they ring at the same instant, by %s', async (by) => {
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const [alice, bob] = await two();
        const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
        const id = unique('room');
        const codes =
          by === 'socket'
            ? (await Promise.all([dial(hers, bob, { id }), dial(his, alice, { id })])).map(({ answer }) =>
                codeOf(answer),
              )
            : (
                await Promise.all([
                  alice.post(callPath(id), { members: membersOf(bob), ring: true }),
                  bob.post(callPath(id), { members: membersOf(alice), ring: true }),
                ])
              ).map(codeOf);
        expect(codes.toSorted()).toEqual(['glare', 'ok']);
        const loser = codes[0] === 'glare' ? hers : his;
        expect(await loser.ask({ type: 'call.accept', call_cid: `default:${id}` })).toMatchObject({ ok: true });
        expect(await callOf(alice, id)).toMatchObject({ status: 'active' });
      }),
    );
  });

  it('never get their own offer back if they ring at the same instant', async () => {
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const [alice, bob] = await two();
        const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
        const id = unique('room');
        const [a, b] = [offer(), offer()];
        await Promise.all([dial(hers, bob, { id, offer: a }), dial(his, alice, { id, offer: b })]);
        const again = await Promise.all([startApp(alice), startApp(bob)]);
        await hers.ask({ type: 'call.end', call_cid: `default:${id}` });
        await Promise.all([hers.next('call.ended'), his.next('call.ended')]);
        await settled();
        const offers = (app: typeof hers) => app.heard('sdp.offer').map((frame) => frame['sdp']);
        for (const app of [hers, again[0]]) expect(offers(app)).not.toContain(a.sdp);
        for (const app of [his, again[1]]) expect(offers(app)).not.toContain(b.sdp);
      }),
    );
  });
});

describe.concurrent('what is not glare', () => {
  it('a retry of the caller', async () => {
    const [alice, bob] = await two();
    const hers = await startApp(alice);
    const one = await dial(hers, bob);
    expect(codeOf((await dial(hers, bob, { id: one.id })).answer)).toBe('ok');
    const retry = await alice.post(callPath(one.id), { members: membersOf(bob), ring: true });
    expect(retry).toMatchObject({ status: 200, body: { created: false } });
  });

  it('getting the call without ringing', async () => {
    const [alice, bob] = await two();
    const id = unique('room');
    await alice.post(callPath(id), { members: membersOf(bob), ring: true });
    expect(await bob.post(callPath(id), { members: membersOf(alice) })).toMatchObject({
      status: 200,
      body: { created: false, call: { status: 'ringing' } },
    });
  });

  it('a ring in a call that was created without ringing', async () => {
    const [alice, bob] = await two();
    const hers = await startApp(alice);
    const id = unique('room');
    await alice.post(callPath(id), { members: membersOf(bob) });
    const rung = await bob.post(callPath(id), { members: membersOf(alice), ring: true });
    expect(rung.status).toBe(200);
    await hers.ask({ type: 'call.end', call_cid: `default:${id}` });
  });

  it('a ring by a member of a group, whose offer never comes back to them', async () => {
    const [alice, bob, carol] = await three();
    const [hers, his, carols] = await Promise.all([startApp(alice), startApp(bob), startApp(carol)]);
    const one = await dial(hers, [bob, carol]);
    await his.next('call.ring');
    const own = offer();
    await dial(his, [alice, carol], { id: one.id, offer: own });
    const again = await startApp(bob);
    await hers.ask({ type: 'call.end', call_cid: one.cid });
    await Promise.all([his, carols].map((app) => app.next('call.ended')));
    await settled();
    for (const app of [his, again]) expect(app.heard('sdp.offer', (frame) => frame['sdp'] === own.sdp)).toEqual([]);
  });
});
