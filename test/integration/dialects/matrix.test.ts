import { describe, expect, it, vi } from 'vitest';
import { APP_TEST_MS, RING_MS, settled, startApp } from '../../support/apps.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { eventually, keysOf, type Person, people, pushOf, unique } from '../../support/people.ts';
import { callsClient, videoClient } from '../../support/socket-io.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

type Sent = ReturnType<typeof JSON.parse>;

/** A phone, in the words that all dialects share. */
interface Phone {
  ring(to: string, sdp: string): Promise<unknown>;
  /** Waits until it rings, with the offer. */
  rings(): Promise<{ readonly from: string; readonly sdp: string }>;
  answer(to: string, sdp: string): unknown;
  reject(to: string): unknown;
  hangUp(to: string): unknown;
  sendCandidate(to: string, candidate: Sent): unknown;
  /** Waits for the answer. */
  answered(): Promise<string>;
  /** Waits for a candidate; null is their end. */
  candidate(): Promise<Sent>;
  /** Waits until it hears that its ring or call is over. */
  over(): Promise<unknown>;
  /** Waits until it hears that its call was declined, or its callee is busy. */
  rejected(): Promise<unknown>;
  /** How often it was told of a ring, and that a call is over. */
  count(): { readonly rings: number; readonly overs: number };
}

interface Start {
  readonly hardwareId?: string;
  readonly token?: string;
}

const DIALECTS = {
  async native(who: Person, start: Start = {}): Promise<Phone> {
    const app = await startApp(who, start);
    let cid = '';
    return {
      ring(to, sdp) {
        cid = `default:${unique('call')}`;
        const offer = { type: 'offer', sdp };
        return app.ask({ type: 'call.ring', call_id: cid.slice(8), members: [{ user_id: to }], offer });
      },
      async rings() {
        const ring = await app.next('call.ring');
        cid = String(ring['call_cid']);
        const offer = await app.next('sdp.offer', (frame) => frame['call_cid'] === cid);
        return { from: String((ring['user'] as { id: string }).id), sdp: String(offer['sdp']) };
      },
      answer: (_, sdp) => app.ask({ type: 'call.accept', call_cid: cid, answer: { type: 'answer', sdp } }),
      reject: () => app.ask({ type: 'call.reject', call_cid: cid }),
      hangUp: () => app.ask({ type: 'call.end', call_cid: cid }),
      sendCandidate: (_, candidate) =>
        app.send({ type: 'ice.candidate', call_cid: cid, ...(candidate ?? { candidate: null }) }),
      async answered() {
        await app.next('call.accepted');
        return String((await app.next('sdp.answer'))['sdp']);
      },
      async candidate() {
        const { candidate, sdpMid, sdpMLineIndex } = await app.next('ice.candidate');
        return candidate === null || candidate === '' ? null : { candidate, sdpMid, sdpMLineIndex };
      },
      over: () => anyOf(app, ['call.accepted', 'call.rejected', 'call.cancelled', 'call.missed', 'call.ended']),
      rejected: () => app.next('call.rejected'),
      count: () => ({ rings: app.heard('call.ring').length, overs: app.heard('call.ended').length }),
    };
  },

  async calls(who: Person, start: Start = {}): Promise<Phone> {
    const client = await callsClient({ ...who, token: start.token ?? who.token }, queryOf(start));
    return {
      ring: (to, sdp) => client.ask('callUser', { to, signalData: { type: 'offer', sdp }, callType: 'video' }),
      async rings() {
        const [{ from, signalData }] = await client.next('incomingCall');
        expect(signalData.type).toBe('offer');
        return { from, sdp: signalData.sdp };
      },
      answer: (to, sdp) => client.ask('answerCall', { to, signalData: { type: 'answer', sdp } }),
      reject: (to) => client.ask('rejectCall', { to }),
      hangUp: (to) => client.ask('endCall', { to }),
      sendCandidate: (to, candidate) => client.socket.emit('iceCandidate', { to, candidate }),
      async answered() {
        const [{ type, sdp }] = await client.next('callAccepted');
        expect(type).toBe('answer');
        return sdp;
      },
      async candidate() {
        const [{ candidate }] = await client.next('iceCandidate');
        return candidate === null || candidate.candidate === '' ? null : candidate;
      },
      over: () => client.next('callEnded'),
      rejected: () => client.next('callRejected'),
      count: () => ({ rings: client.of('incomingCall').length, overs: client.of('callEnded').length }),
    };
  },

  async video(who: Person, start: Start = {}): Promise<Phone> {
    const client = await videoClient({ ...who, token: start.token ?? who.token }, queryOf(start));
    return {
      ring: (toUserId, sdp) => client.ask('call_user', { toUserId, offer: { type: 'offer', sdp } }),
      async rings() {
        const [{ fromUserId, offer }] = await client.next('incoming_call');
        return { from: fromUserId, sdp: offer.sdp };
      },
      answer: (toUserId, sdp) => client.ask('answer_call', { toUserId, answer: { type: 'answer', sdp } }),
      reject: (toUserId) => client.ask('reject_call', { toUserId }),
      hangUp: (toUserId) => client.ask('end_call', { toUserId }),
      sendCandidate: (toUserId, candidate) => client.socket.emit('ice_candidate', { toUserId, candidate }),
      answered: async () => (await client.next('call_answered'))[0].answer.sdp,
      candidate: async () => (await client.next('ice_candidate'))[0].candidate,
      over: () => client.next('call_ended'),
      rejected: () => client.next('call_rejected'),
      count: () => ({ rings: client.of('incoming_call').length, overs: client.of('call_ended').length }),
    };
  },
} as const;

const queryOf = ({ hardwareId }: Start) => (hardwareId === undefined ? {} : { query: { hardware_id: hardwareId } });

/** The first frame of any of these types. */
async function anyOf(app: Awaited<ReturnType<typeof startApp>>, types: readonly string[]): Promise<unknown> {
  return eventually(async () => types.some((type) => app.heard(type).length > 0), types.join(' or '));
}

const PAIRS = (['native', 'calls', 'video'] as const).flatMap((caller) =>
  (['native', 'calls', 'video'] as const).map((callee) => ({ caller, callee })),
);

const CANDIDATE = { candidate: 'candidate:1 1 udp 1 192.0.2.1 1 typ host', sdpMid: '0', sdpMLineIndex: 0 };

describe.each(PAIRS)('$caller calls $callee', ({ caller, callee }) => {
  it.concurrent('rings, answers, exchanges candidates and hangs up', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [from, to] = await Promise.all([DIALECTS[caller](alice), DIALECTS[callee](bob)]);
    await from.ring(bob.id, 'the offer');
    expect(await to.rings()).toEqual({ from: alice.id, sdp: 'the offer' });
    from.sendCandidate(bob.id, CANDIDATE);
    expect(await to.candidate()).toEqual(CANDIDATE);
    await to.answer(alice.id, 'the answer');
    expect(await from.answered()).toBe('the answer');
    to.sendCandidate(alice.id, CANDIDATE);
    expect(await from.candidate()).toEqual(CANDIDATE);
    to.sendCandidate(alice.id, null);
    expect(await from.candidate()).toBeNull();
    await from.hangUp(bob.id);
    await to.over();
  });

  it.concurrent('cancels', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [from, to] = await Promise.all([DIALECTS[caller](alice), DIALECTS[callee](bob)]);
    await from.ring(bob.id, 'the offer');
    await to.rings();
    await from.hangUp(bob.id);
    await to.over();
  });

  it.concurrent('is declined', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [from, to] = await Promise.all([DIALECTS[caller](alice), DIALECTS[callee](bob)]);
    await from.ring(bob.id, 'the offer');
    await to.rings();
    await to.reject(alice.id);
    await from.rejected();
  });

  it.concurrent('is busy', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const [from, to, third] = await Promise.all([
      DIALECTS[caller](alice),
      DIALECTS[callee](bob),
      DIALECTS.calls(carol),
    ]);
    await third.ring(bob.id, 'the first offer');
    await to.rings();
    await to.answer(carol.id, 'the answer');
    await third.answered();
    await from.ring(bob.id, 'the second offer');
    await from.rejected();
    expect(to.count().rings).toBe(1);
    if (callee !== 'native') expect(to.count().overs).toBe(0);
  });

  it.concurrent('is answered on another phone, of another dialect', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const other = callee === 'calls' ? 'video' : 'calls';
    const [from, to, second] = await Promise.all([
      DIALECTS[caller](alice, { hardwareId: 'a' }),
      DIALECTS[callee](bob, { hardwareId: 'b1' }),
      DIALECTS[other](bob, { hardwareId: 'b2' }),
    ]);
    await from.ring(bob.id, 'the offer');
    await Promise.all([to.rings(), second.rings()]);
    await second.answer(alice.id, 'the answer');
    await to.over();
    expect(await from.answered()).toBe('the answer');
    expect(second.count()).toEqual({ rings: 1, overs: 0 });
    await from.hangUp(bob.id);
    await second.over();
  });

  it.concurrent('wakes a phone whose app is closed', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const push = await bob.android({ hardware_id: 'b' });
    const from = await DIALECTS[caller](alice);
    await from.ring(bob.id, 'the offer');
    const token = keysOf(await pushOf(push, 'call.ring'))['wake_token'] ?? '';
    const to = await DIALECTS[callee](bob, { hardwareId: 'b', token });
    expect(await to.rings()).toEqual({ from: alice.id, sdp: 'the offer' });
    await to.answer(alice.id, 'the answer');
    expect(await from.answered()).toBe('the answer');
    await to.hangUp(alice.id);
    await from.over();
  });
});

describe('the deadline', () => {
  it.concurrent.each(PAIRS)('is told to both, $caller and $callee', async ({ caller, callee }) => {
    const [alice, bob] = await people('alice', 'bob');
    const [from, to] = await Promise.all([DIALECTS[caller](alice), DIALECTS[callee](bob)]);
    await from.ring(bob.id, 'the offer');
    await to.rings();
    const rungOut = async () => (await alice.get('/api/v2/video/calls?status=ended')).body.calls.length > 0;
    await eventually(rungOut, 'the deadline', RING_MS + PATIENCE_MS);
    await Promise.all([to.over(), from.over()]);
    expect((await bob.get('/api/v2/video/calls?status=missed')).body.calls).toHaveLength(1);
    await settled();
    expect([to.count().overs, from.count().overs]).toEqual([1, 1]);
  });
});
