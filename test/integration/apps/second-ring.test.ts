import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  android,
  answerCall,
  arrives,
  asServer,
  candidatesAt,
  codeOf,
  dial,
  iphone,
  memberIn,
  membersOf,
  offer,
  pushedKeys,
  startApp,
  three,
  trickle,
  withToken,
} from '../../support/apps.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { callPath, eventually, unique } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

/** Alice and Bob are in a call that Carol has declined; Alice rings her again as `ringId`. */
async function carolIsRungAgain({
  ringId = unique('second'),
  phone,
}: {
  ringId?: string;
  phone?: typeof android;
} = {}) {
  const [alice, bob, carol] = await three();
  const token = (await phone?.(carol)) ?? '';
  const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
  const first = offer();
  const { id, cid } = await dial(hers, [bob, carol], { offer: first });
  const early = await trickle(hers, cid, 'early');
  await answerCall(hers, his, cid);
  const firstRing = (await memberIn(carol, id)).ring_id as string;
  if (phone) await pushedKeys(token, 'call.ring', (keys) => keys['ring_id'] === firstRing);
  expect((await carol.post(callPath(id, '/reject'), { ring_id: firstRing })).status).toBe(200);
  const again = await alice.post(callPath(id, '/ring'), { ring_id: ringId, member_ids: [carol.id] });
  expect(again.status).toBe(200);
  return { alice, bob, carol, hers, his, id, cid, first, early, firstRing, ringId, token };
}

describe('a second ring in one call', () => {
  it.each([
    ['an Android phone', android],
    ['an iPhone', iphone],
  ] as const)('has its own id in the member, the event and the push to %s', async (_, phone) => {
    const { carol, id, firstRing, ringId, token } = await carolIsRungAgain({ phone });
    expect(firstRing).not.toBe(ringId);
    expect(await memberIn(carol, id)).toMatchObject({ state: 'ringing', ring_id: ringId });
    const app = await startApp(carol);
    expect(await app.next('call.ring')).toMatchObject({ ring_id: ringId });
    await pushedKeys(token, 'call.ring', (keys) => keys['ring_id'] === ringId);
  });

  it('delivers nothing of the first ring', async () => {
    const { alice, carol, hers, cid, first, early } = await carolIsRungAgain();
    const renewed = offer();
    const signal = { call_cid: cid, target_user_id: carol.id };
    expect(codeOf(await hers.ask({ ...signal, type: 'sdp.offer', sdp: renewed.sdp }))).toBe('ok');
    const late = await trickle(hers, cid, 'late', { target_user_id: carol.id });
    const app = await startApp(carol);
    await app.next('call.ring');
    expect(await app.next('sdp.offer')).toMatchObject({ sdp: renewed.sdp, from_user_id: alice.id });
    await arrives(app, late);
    expect(candidatesAt(app)).not.toContain(early);
    expect(app.heard('sdp.offer', (frame) => frame['sdp'] === first.sdp)).toEqual([]);
  });

  it('is not declined by a late decline of the first one', async () => {
    const { carol, id, cid, firstRing, ringId } = await carolIsRungAgain();
    const app = await startApp(carol);
    await app.next('call.ring');
    expect((await carol.post(callPath(id, '/reject'), { ring_id: firstRing })).body).toMatchObject({
      status: 409,
      code: 'not_ringing',
    });
    expect(codeOf(await app.ask({ type: 'call.reject', call_cid: cid, ring_id: firstRing }))).toBe('not_ringing');
    expect(await memberIn(carol, id)).toMatchObject({ state: 'ringing', ring_id: ringId });
    expect(codeOf(await app.ask({ type: 'call.reject', call_cid: cid, ring_id: ringId }))).toBe('ok');
    expect(await memberIn(carol, id)).toMatchObject({ state: 'rejected' });
  });

  it('is not answered by a late answer to the first one', async () => {
    const { carol, id, cid, firstRing, ringId } = await carolIsRungAgain();
    const app = await startApp(carol, { hardwareId: 'phone' });
    expect((await carol.post(callPath(id, '/accept'), { ring_id: firstRing })).body.code).toBe('not_ringing');
    expect(codeOf(await app.ask({ type: 'call.accept', call_cid: cid, ring_id: firstRing }))).toBe('not_ringing');
    expect(await memberIn(carol, id)).toMatchObject({ state: 'ringing' });
    expect(codeOf(await app.ask({ type: 'call.accept', call_cid: cid, ring_id: ringId }))).toBe('ok');
    expect(await memberIn(carol, id)).toMatchObject({ state: 'accepted' });
  });

  it('can be answered by REST with its own ring_id or without one', async () => {
    for (const body of [{ ring_id: 'mine' }, {}, { ring_id: null }]) {
      const { carol, id } = await carolIsRungAgain({ ringId: 'mine' });
      expect((await carol.post(callPath(id, '/accept'), { ...body, hardware_id: 'phone' })).status).toBe(200);
    }
  });

  it('ignores an unknown ring_id', async () => {
    const { carol, id, cid, ringId } = await carolIsRungAgain();
    const app = await startApp(carol);
    const madeUp = { ring_id: unique('nothing') };
    for (const last of ['/accept', '/reject'])
      expect((await carol.post(callPath(id, last), madeUp)).body).toMatchObject({ status: 409, code: 'not_ringing' });
    for (const type of ['call.accept', 'call.reject'])
      expect(codeOf(await app.ask({ type, call_cid: cid, ...madeUp }))).toBe('not_ringing');
    expect(await memberIn(carol, id)).toMatchObject({ state: 'ringing', ring_id: ringId });
  });

  it.each([
    ['an Android phone', android],
    ['an iPhone', iphone],
  ] as const)('can be declined by %s that it pushed', async (_, phone) => {
    const { carol, id, ringId, token } = await carolIsRungAgain({ phone });
    const { wake_token = '' } = await pushedKeys(token, 'call.ring', (keys) => keys['ring_id'] === ringId);
    const declined = await withToken(wake_token)('POST', callPath(id, '/reject'), { ring_id: ringId });
    expect(declined.status).toBe(200);
    expect(await memberIn(carol, id)).toMatchObject({ state: 'rejected' });
  });

  it('changes nothing if it is requested twice', async () => {
    const { alice, carol, id, ringId } = await carolIsRungAgain();
    const before = (await alice.get(callPath(id))).body.call.version;
    const again = await alice.post(callPath(id, '/ring'), { ring_id: ringId, member_ids: [carol.id] });
    expect(again.body.call.version).toBe(before);
  });
});

describe('the first ring of a call', () => {
  it('has a ring_id in the member and the event, which an answer may repeat', async () => {
    const [alice, bob] = await three();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const { id, cid } = await dial(hers, bob);
    const rung = await his.next('call.ring');
    expect(await memberIn(bob, id)).toMatchObject({ ring_id: rung['ring_id'] });
    expect(codeOf(await his.ask({ type: 'call.accept', call_cid: cid, ring_id: rung['ring_id'] }))).toBe('ok');
  });
});

describe('adding members with ring', () => {
  const add = { ring: true };

  it('rings a member who declined', async () => {
    const { alice, carol, id } = await carolIsRungAgain();
    expect((await carol.post(callPath(id, '/reject'))).status).toBe(200);
    const app = await startApp(carol);
    const answer = await alice.post(callPath(id, '/members'), { members: membersOf(carol), ...add });
    expect(answer.status).toBe(200);
    await app.next('call.ring');
    expect(await memberIn(carol, id)).toMatchObject({ state: 'ringing' });
  });

  it('rings a member who left', async () => {
    const { alice, carol, id, cid } = await carolIsRungAgain();
    const app = await startApp(carol);
    await app.next('call.ring');
    await app.ask({ type: 'call.accept', call_cid: cid });
    await app.ask({ type: 'call.leave', call_cid: cid });
    await alice.post(callPath(id, '/members'), { members: membersOf(carol), ...add });
    await app.next('call.ring');
    expect(await memberIn(carol, id)).toMatchObject({ state: 'ringing' });
  });

  it('rings a member who missed the ring', async () => {
    const [alice, bob, carol] = await three();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const short = { settings_override: { ring: { auto_cancel_timeout_ms: 5000 } } };
    const { id, cid } = await dial(hers, [bob, carol], short);
    await answerCall(hers, his, cid);
    await eventually(async () => (await memberIn(carol, id)).state === 'missed', 'carol to miss it', PATIENCE_MS);
    const app = await startApp(carol);
    await alice.post(callPath(id, '/members'), { members: membersOf(carol), ...add });
    await app.next('call.ring');
  });

  it('rings an invited member and a newcomer', async () => {
    const { alice, id } = await carolIsRungAgain();
    const [dave, erin] = await three('dave', 'erin');
    await alice.post(callPath(id, '/members'), { members: membersOf(dave) });
    expect(await memberIn(dave, id)).toMatchObject({ state: 'invited' });
    await alice.post(callPath(id, '/members'), { members: membersOf([dave, erin]), ...add });
    for (const who of [dave, erin]) expect(await memberIn(who, id)).toMatchObject({ state: 'ringing' });
  });

  it('changes nothing for members who are in or already ringing', async () => {
    const { alice, bob, carol, id, ringId } = await carolIsRungAgain();
    await alice.post(callPath(id, '/members'), { members: membersOf([bob, carol]), ...add });
    expect(await memberIn(bob, id)).toMatchObject({ state: 'accepted' });
    expect(await memberIn(carol, id)).toMatchObject({ state: 'ringing', ring_id: ringId });
  });

  it('rings nobody without ring', async () => {
    const { alice, carol, id } = await carolIsRungAgain();
    await carol.post(callPath(id, '/reject'));
    await alice.post(callPath(id, '/members'), { members: membersOf(carol) });
    expect(await memberIn(carol, id)).toMatchObject({ state: 'rejected' });
  });

  it('works for the app’s backend without a user_id', async () => {
    const { carol, id } = await carolIsRungAgain();
    await carol.post(callPath(id, '/reject'));
    const answer = await asServer('POST', callPath(id, '/members'), { members: membersOf(carol), ...add });
    expect(answer.status).toBe(200);
    expect(await memberIn(carol, id)).toMatchObject({ state: 'ringing' });
  });
});
