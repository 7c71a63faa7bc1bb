import { beforeAll, describe, expect, it, vi } from 'vitest';
import { reportEvents } from '#wire/report/events.ts';
import { APP_TEST_MS } from '../../support/apps.ts';
import {
  callPath,
  eventually,
  type Person,
  people,
  pushOf,
  rest,
  ring,
  SHORT_RING,
  script,
  unique,
} from '../../support/people.ts';

// What the app's backend hears on the bus, of calls that real clients make.

vi.setConfig({ testTimeout: APP_TEST_MS });

interface Heard {
  readonly id: string;
  readonly type: keyof typeof reportEvents;
  readonly version: number;
  readonly [field: string]: unknown;
}
interface Envelope {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Heard;
}

/** What has arrived at the bus with this value of a field. */
async function heard(field: 'call_cid' | 'user_id', value: string): Promise<Heard[]> {
  const { body } = await rest().request('GET', `/_local/events?${field}=${encodeURIComponent(value)}`);
  const events: Envelope[] = body.events;
  for (const { source, detail, 'detail-type': type } of events) {
    expect([source, type]).toEqual(['carillon', detail.type]);
    expect(reportEvents[detail.type].safeParse(detail).error).toBeUndefined();
  }
  return events.map(({ detail }) => detail);
}

/** The events of a call once it has ended, each once: they may come twice. */
async function ended(cid: string): Promise<Heard[]> {
  await eventually(
    async () => (await heard('call_cid', cid)).some(({ type }) => type === 'call.ended'),
    `the end of ${cid}`,
  );
  const all = await heard('call_cid', cid);
  const versions = all.map(({ version }) => version);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  return [...new Map(all.map((event) => [event.id, event])).values()];
}

const typesOf = (events: readonly Heard[]): string[] => events.map(({ type }) => type.replace('call.', ''));
const act = async (who: Person, id: string, what: string, body: object = {}) =>
  expect((await who.post(callPath(id, `/${what}`), body)).status).toBeLessThan(300);

let alice: Person;
let bob: Person;
let carol: Person;
beforeAll(async () => {
  [alice, bob, carol] = await people('alice', 'bob', 'carol');
});

describe('the backend hears of a call of two', () => {
  it('that is answered and ends, with its record and what became of the phone', async () => {
    const custom = unique('nobody-else-knows');
    const phone = await bob.android({ hardware_id: 'pixel' });
    const { id, cid } = await ring(alice, bob, { data: { custom: { topic: custom } } });
    await pushOf(phone, 'call.ring');
    await act(bob, id, 'accept', { hardware_id: 'pixel' });
    await act(alice, id, 'mark_ended');
    const events = await ended(cid);
    expect(typesOf(events)).toEqual(['created', 'ring', 'accepted', 'ended']);
    const [created, rung, accepted, over] = events;
    expect(created).toMatchObject({ version: 1, user: { id: alice.id, name: 'alice' }, call: { cid } });
    expect(rung).toMatchObject({ version: 1, callees: [bob.id], ring_id: expect.any(String), video: false });
    expect(accepted).toMatchObject({ version: 2, answered_by: { user_id: bob.id }, user: { id: bob.id } });
    expect(over).toMatchObject({
      version: 3,
      reason: 'completed',
      record: {
        created_by: { id: alice.id },
        ended_by: alice.id,
        ended_reason: 'completed',
        talk_s: expect.any(Number),
        callees: [
          {
            user_id: bob.id,
            state: 'accepted',
            phones: [{ provider: 'firebase', device: phone.slice(-8), outcome: 'accepted' }],
          },
        ],
      },
    });
    const text = JSON.stringify(events);
    for (const secret of [custom, phone, bob.token, alice.token]) expect(text).not.toContain(secret);
  });

  it('that is declined, cancelled at once, or missed', async () => {
    const declined = await ring(alice, bob);
    await act(bob, declined.id, 'reject', { reason: 'decline' });
    const rejected = await ended(declined.cid);
    expect(typesOf(rejected)).toEqual(['created', 'ring', 'rejected', 'ended']);
    expect(rejected[2]).toMatchObject({ user_id: bob.id, reason: 'decline' });
    expect(rejected[3]).toMatchObject({ reason: 'rejected', record: { talk_s: 0, callees: [{ state: 'rejected' }] } });

    const phone = await carol.android();
    const hungUp = await ring(alice, carol);
    await act(alice, hungUp.id, 'reject', { reason: 'cancel' });
    const cancelled = await ended(hungUp.cid);
    expect(typesOf(cancelled)).toEqual(['created', 'ring', 'cancelled', 'ended']);
    // Whoever hangs up at once is faster than the push, and its outcome is in the record all the same.
    expect(cancelled[3]).toMatchObject({
      record: {
        callees: [
          {
            user_id: carol.id,
            phones: [{ device: phone.slice(-8), outcome: expect.stringMatching(/accepted|skipped/) }],
          },
        ],
      },
    });

    const unheard = await ring(alice, bob, SHORT_RING);
    const missed = await ended(unheard.cid);
    expect(typesOf(missed)).toEqual(['created', 'ring', 'missed', 'ended']);
    expect(missed[2]).toMatchObject({ callees: [bob.id] });
    expect(missed[2]).not.toHaveProperty('user');
  });

  it('that is replaced', async () => {
    const first = await ring(alice, bob);
    const second = await ring(alice, bob);
    expect((await ended(first.cid)).slice(2)).toMatchObject([
      { type: 'call.cancelled', reason: 'replaced' },
      { type: 'call.ended', reason: 'replaced' },
    ]);
    await act(alice, second.id, 'reject');
    await ended(second.cid);
  });

  it('with a phone whose token is dead', async () => {
    const [eve, dan] = await people('eve', 'dan');
    const dead = await dan.android();
    await script(dead, { status: 404, reason: 'UNREGISTERED' });
    const { id, cid } = await ring(eve, dan);
    const gone = await eventually(
      async () => (await heard('user_id', dan.id)).find(({ type }) => type === 'device.removed'),
      'the dead device',
    );
    expect(gone).toMatchObject({ device: dead.slice(-8), reason: 'UNREGISTERED' });
    await act(eve, id, 'reject');
    expect((await ended(cid)).at(-1)).toMatchObject({
      record: { callees: [{ phones: [{ device: dead.slice(-8), outcome: 'dead' }] }] },
    });
  });
});

it('hears of a group: who was rung, added, left, and how it ended', async () => {
  const [host, ann, ben, new_] = await people('host', 'ann', 'ben', 'new');
  const { id, cid } = await ring(host, [ann, ben]);
  await act(ann, id, 'accept');
  await act(ben, id, 'reject');
  await act(host, id, 'members', { members: [{ user_id: new_.id }] });
  await act(ann, id, 'leave');
  const events = await ended(cid);
  expect(typesOf(events)).toEqual(['created', 'ring', 'accepted', 'rejected', 'member_added', 'member_left', 'ended']);
  expect(events[1]?.['callees']).toEqual([ann.id, ben.id].toSorted());
  expect(events[4]).toMatchObject({ user_id: new_.id });
  expect(events[5]).toMatchObject({ user_id: ann.id });
});

describe('the backend hears of devices', () => {
  it('that come and go, why, and never of a refresh', async () => {
    const [fay, gus] = await people('fay', 'gus');
    const [own, taken] = [await fay.android(), await fay.iphone()];
    await fay.post('/api/v2/devices', { id: own, push_provider: 'firebase', app_version: '2' });
    await fay.delete(`/api/v2/devices?id=${own}`);
    await gus.post('/api/v2/devices', { id: taken, push_provider: 'apn', voip_token: true });
    const signedOut = await gus.android();
    await gus.post(`/api/v2/users/${gus.id}/sign_out`);
    const reasons = async (who: Person, count: number) =>
      eventually(async () => {
        const removed = (await heard('user_id', who.id)).filter(({ type }) => type === 'device.removed');
        return removed.length >= count && removed;
      }, 'the devices to be gone');
    const ofFay = await reasons(fay, 2);
    expect(new Set(ofFay.map(({ device, reason }) => `${String(device)} ${String(reason)}`))).toEqual(
      new Set([`${own.slice(-8)} removed`, `${taken.slice(-8)} moved_to_another_user`]),
    );
    expect(new Set((await reasons(gus, 2)).map(({ reason }) => reason))).toEqual(new Set(['signed_out']));
    const registered = (await heard('user_id', fay.id)).filter(({ type }) => type === 'device.registered');
    expect(new Set(registered.map(({ id }) => id)).size).toBe(2);
    expect(JSON.stringify(await heard('user_id', gus.id))).not.toContain(signedOut);
  });
});

it('hears everything although its function is killed in the middle of its work', async () => {
  const [liv, max] = await people('liv', 'max');
  const post = (path: string, body: object) => rest().request('POST', path, { body });
  // The bus has taken an event, and does not say so before the function is dead.
  await post('/_local/events/faults', { count: 1, delay_ms: 1000 });
  const { id, cid } = await ring(liv, max);
  await eventually(async () => (await heard('call_cid', cid)).length > 0, 'the first event');
  const { killed } = (await rest().request('DELETE', '/_local/functions/events/processes')).body;
  expect(killed).toBeGreaterThan(0);
  await post('/_local/events/faults', { count: 0 });
  await act(liv, id, 'reject');
  const all = await eventually(async () => {
    const events = await heard('call_cid', cid);
    return events.some(({ type }) => type === 'call.ended') && events;
  }, 'the end');
  expect(new Set(typesOf(all))).toEqual(new Set(['created', 'ring', 'cancelled', 'ended']));
  expect(new Set(all.map(({ id: event }) => event)).size).toBe(4);
});
