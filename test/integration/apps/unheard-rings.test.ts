import { describe, expect, it } from 'vitest';
import {
  android,
  asServer,
  callOf,
  codeOf,
  dial,
  memberIn,
  offer,
  ordinary,
  pushed,
  pushedTypes,
  settled,
  startApp,
  three,
  trickle,
  two,
} from '../../support/apps.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { callPath, LONG_RING, type Person, ring, SHORT_RING, unique } from '../../support/people.ts';

const blocks = '/api/v2/blocks';
const preferences = '/api/v2/preferences';

const put = (who: Person, path: string, body?: object) => who.put(path, body);
const block = (who: Person, other: Person) => put(who, `${blocks}/${other.id}`);
const leaveAlone = (who: Person, doNotDisturb: unknown) => put(who, preferences, { do_not_disturb: doNotDisturb });

describe('blocks', () => {
  it('are made, listed and taken back', async () => {
    const [alice, bob] = await two();
    expect((await bob.get(blocks)).body).toEqual({ blocks: [] });
    expect((await block(bob, alice)).status).toBe(204);
    expect((await block(bob, alice)).status).toBe(204);
    expect((await put(bob, `${blocks}/auth0%7Cmallory`)).status).toBe(204);
    const { body } = await bob.get(blocks);
    expect(body.blocks.map(({ user_id }: { user_id: string }) => user_id).toSorted()).toEqual(
      [alice.id, 'auth0|mallory'].toSorted(),
    );
    expect((await bob.delete(`${blocks}/auth0%7Cmallory`)).status).toBe(204);
    expect((await bob.delete(`${blocks}/nobody`)).status).toBe(204);
    expect((await bob.get(blocks)).body.blocks).toMatchObject([{ user_id: alice.id }]);
    expect(codeOf(await block(bob, bob))).toBe('validation_failed');
    expect(codeOf(await put(bob, `${blocks}/not%20an%20id`))).toBe('validation_failed');
  });

  it('are those of a user that a server token names, and no call token’s business', async () => {
    const [alice, bob] = await two();
    expect((await asServer('PUT', `${blocks}/${alice.id}?user_id=${bob.id}`)).status).toBe(204);
    expect((await asServer('GET', `${blocks}?user_id=${bob.id}`)).body.blocks).toMatchObject([{ user_id: alice.id }]);
    expect(codeOf(await asServer('GET', blocks))).toBe('validation_failed');
    expect(codeOf(await put(alice, `${blocks}/${bob.id}?user_id=${bob.id}`))).toBe('not_allowed');
  });
});

describe('preferences', () => {
  it('are read as they were written', async () => {
    const [bob] = await two();
    expect((await bob.get(preferences)).body).toEqual({ do_not_disturb: false });
    expect((await leaveAlone(bob, true)).body).toEqual({ do_not_disturb: true });
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect((await leaveAlone(bob, { until })).status).toBe(200);
    expect((await bob.get(preferences)).body).toEqual({ do_not_disturb: { until } });
    expect((await leaveAlone(bob, { until: '2020-01-01T00:00:00Z' })).body).toEqual({ do_not_disturb: false });
    for (const wrong of [undefined, 'yes', 1, {}, { until: 'tomorrow' }, { until: 7 }]) {
      const { status, body } = await leaveAlone(bob, wrong);
      expect([status, body.code]).toEqual([400, 'validation_failed']);
      expect(body.errors[0].path).toMatch(/^do_not_disturb/);
    }
  });
});

/** What a caller sees of a ring until it is over: answers, events and the trace, without what differs in any two calls. */
async function seenBy(alice: Person, bob: Person, phone: string | undefined): Promise<unknown> {
  const hers = await startApp(alice);
  const { id, cid, answer } = await dial(hers, bob, { offer: offer(), ...SHORT_RING });
  await trickle(hers, cid, 'hers');
  const between = await memberIn(alice, id, bob.id);
  const ended = await hers.next('call.ended', (frame) => frame['call_cid'] === cid);
  await settled();
  if (phone !== undefined) await settled();
  const { body: trace } = await alice.get(callPath(id, '/trace'));
  const { body: call } = await alice.get(callPath(id));
  const { body: list } = await alice.get('/api/v2/video/calls');
  // What comes at the same moment comes in any order.
  const frames = hers.frames.toSorted((a, b) => a.type.localeCompare(b.type));
  const text = JSON.stringify([answer, between, ended, frames, trace, call, list]);
  const connection = String(hers.frames.find(({ type }) => type === 'user.connected')?.['connection_id']);
  return JSON.parse(
    text
      .replaceAll(id, 'CALL')
      .replaceAll(alice.id, 'ALICE')
      .replaceAll(bob.id, 'BOB')
      .replaceAll(connection, 'CONNECTION')
      .replaceAll(/app-\d+/g, 'app')
      .replaceAll(/"(call_uuid|ring_id)":"[^"]+"/g, '"$1":"…"')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'THEN')
      .replaceAll(/"sdp":"[^"]+"/g, '"sdp":"…"')
      .replaceAll(/after \d+ ms/g, 'after some ms'),
  );
}

describe('a ring of somebody who is blocked', { concurrent: true }, () => {
  it.each([
    ['who has a phone', true],
    ['who has none', false],
  ])('looks like one that nobody answers, of somebody %s', async (_, hasPhone) => {
    const [alice, bob, carol] = await three();
    await block(bob, alice);
    // Neither phone says that it rings, and nobody answers.
    const phone = hasPhone ? await android(bob) : undefined;
    if (hasPhone) await android(carol);
    const [blocked, unanswered] = await Promise.all([
      seenBy(alice, bob, phone),
      seenBy(await two().then(([anna]) => anna), carol, phone),
    ]);
    expect(blocked).toEqual(unanswered);
  });

  it('reaches neither phones nor sockets nor the history of the callee, whatever becomes of it', async () => {
    const [alice, bob] = await two();
    const [phone, tablet] = [await android(bob), await ordinary(bob)];
    await block(bob, alice);
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    for (const end of ['cancel', 'ring again', 'miss']) {
      const { cid } = await dial(hers, bob, { offer: offer(), ...(end === 'miss' ? SHORT_RING : LONG_RING) });
      await trickle(hers, cid, 'hers');
      if (end === 'cancel') await hers.ask({ type: 'call.cancel', call_cid: cid });
      if (end === 'miss') await hers.next('call.missed', (frame) => frame['call_cid'] === cid);
      const late = await startApp(bob);
      expect(late.frames.map(({ type }) => type)).toEqual(['user.connected']);
    }
    await settled();
    expect(his.frames.map(({ type }) => type)).toEqual(['user.connected']);
    expect([...(await pushedTypes(phone)), ...(await pushedTypes(tablet))]).toEqual([]);
    expect((await bob.get('/api/v2/video/calls')).body.calls).toEqual([]);
    expect((await bob.get('/api/v2/video/calls?status=missed')).body.calls).toEqual([]);
  });

  it('is explained to server tokens, and is no call for the callee', async () => {
    const [alice, bob] = await two();
    await android(bob);
    await block(bob, alice);
    const { id } = await ring(alice, bob);
    const row = { event: 'push.skipped', reason: 'blocked', user_id: bob.id };
    await expect
      .poll(async () => (await asServer('GET', callPath(id, '/trace'))).body.trace, { timeout: PATIENCE_MS })
      .toContainEqual(expect.objectContaining(row));
    const { verdict } = (await asServer('GET', callPath(id, '/trace'))).body;
    expect(verdict).toBe('not rung: the callee has blocked the caller');
    for (const path of ['', '/trace']) expect(codeOf(await bob.get(callPath(id, path)))).toBe('not_a_member');
    for (const act of ['accept', 'reject', 'leave', 'ringing'])
      expect(codeOf(await bob.post(callPath(id, `/${act}`)))).toBe('not_a_member');
    expect(JSON.stringify((await alice.get(callPath(id, '/trace'))).body)).not.toContain('blocked');
  });

  it('makes them busy, not glare, if the callee rings them', async () => {
    const [alice, bob] = await two();
    await block(bob, alice);
    const phone = await android(alice);
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const first = await dial(hers, bob, LONG_RING);
    const { answer, id } = await dial(his, alice, LONG_RING);
    expect(answer).toMatchObject({ type: 'response', call: { status: 'ended', ended_reason: 'rejected' } });
    await his.next('call.rejected', ({ reason }) => reason === 'busy');
    expect(await memberIn(bob, id, alice.id)).toMatchObject({ state: 'busy' });
    await pushed(phone, 'call.missed');
    expect((await callOf(alice, first.id)).status).toBe('ringing');
  });
});

describe('a ring of somebody who does not want to be disturbed', { concurrent: true }, () => {
  it('is not heard; at its deadline there is a notice without a sound', async () => {
    const [alice, bob] = await two();
    const [phone, tablet] = [await android(bob), await ordinary(bob)];
    expect((await leaveAlone(bob, true)).status).toBe(200);
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const { id, cid, answer } = await dial(hers, bob, { offer: offer(), ...SHORT_RING });
    expect(answer).toMatchObject({ call: { status: 'ringing' } });
    expect(await memberIn(alice, id, bob.id)).toMatchObject({ state: 'ringing' });
    expect(await memberIn(bob, id)).toEqual({ user_id: bob.id, role: 'user', state: 'invited' });
    await trickle(hers, cid, 'hers');
    await hers.next('call.missed', (frame) => frame['call_cid'] === cid);
    const alert = await pushed(tablet, 'call.missed');
    expect(alert.headers['apns-priority']).toBe('5');
    expect(alert.body.aps).not.toHaveProperty('sound');
    expect((await pushed(phone, 'call.missed')).body.message.android.priority.toLowerCase()).toBe('normal');
    await settled();
    expect([...(await pushedTypes(phone)), ...(await pushedTypes(tablet))]).toEqual(['call.missed', 'call.missed']);
    const types = his.frames.map(({ type }) => type);
    expect(types).toEqual(['user.connected', 'call.missed', 'call.ended']);
    expect((await bob.get('/api/v2/video/calls?status=missed')).body.calls).toMatchObject([{ call: { id } }]);
  });
});

it('a user id that nobody has used is rung like a user without devices', async () => {
  const [alice, bob] = await two();
  await bob.get('/api/v2/devices');
  const seen = await Promise.all([
    seenBy(alice, bob, undefined),
    seenBy(await two().then(([anna]) => anna), { ...bob, id: unique('nobody') }, undefined),
  ]);
  expect(seen[1]).toEqual(seen[0]);
});
