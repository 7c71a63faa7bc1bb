import { describe, expect, inject, it } from 'vitest';
import type { Call } from '#client/call.ts';
import { Carillon } from '#client/carillon.ts';
import { people, person } from '../support/people.ts';
import { becomes, clientOf, connected, next, nextOf, signal, talking, within } from './clients.ts';

describe('a call of two', () => {
  it('rings, is answered, carries signals and ends, and says so at both ends', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const his = await connected(bob, { hardwareId: 'pixel' });
    const hers = clientOf(alice);
    const hello = await hers.connect();
    expect(hello).toMatchObject({ type: 'user.connected', user: { id: alice.id, online: true } });
    const incoming = nextOf(his, 'incoming');
    const call = await hers.ring([bob.id], { video: true, custom: { topic: 'lunch' } });
    const rung = await incoming;
    await next(call, 'ringing');
    expect(rung.snapshot).toMatchObject({
      status: 'ringing',
      outgoing: false,
      video: true,
      custom: { topic: 'lunch' },
      createdBy: { id: alice.id, name: 'alice' },
    });
    void call.send({ type: 'offer', sdp: 'v=0 offer' });
    const offered = signal(rung, 'v=0 offer');
    const accepted = next(call, 'accepted');
    expect(await rung.accept()).toMatchObject({ status: 'active' });
    expect(await accepted).toEqual({ user_id: bob.id });
    await offered;
    const candidates = [{ candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 }, null];
    const [answered, trickled] = [signal(call, 'v=0 answer'), signal(call, 'candidate:1')];
    void rung.send({ type: 'answer', sdp: 'v=0 answer' });
    void rung.send({ type: 'candidates', candidates });
    await Promise.all([answered, trickled]);
    const ended = next(rung, 'ended');
    expect(await call.hangUp()).toMatchObject({ status: 'ended', reason: 'completed' });
    expect(await ended).toEqual({ reason: 'completed' });
    expect((await call.trace()).trace.map(({ event }) => event)).toContain('call.accepted');
    expect([hers.calls, his.calls]).toEqual([[], []]);
  });

  it('tells the caller that it was declined, and stays silent at the phone that declined', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await connected(alice), await connected(bob)];
    const incoming = nextOf(his, 'incoming');
    const call = await hers.ring([bob.id]);
    const rung = await incoming;
    const [rejected, ended] = [next(call, 'rejected'), next(call, 'ended')];
    expect(await rung.reject('in a meeting')).toMatchObject({ status: 'ended', reason: 'rejected' });
    expect(await rejected).toEqual({ user_id: bob.id, reason: 'in a meeting' });
    expect(await ended).toEqual({ reason: 'rejected' });
  });

  it('tells the caller of one who is busy, and of one who cannot be reached', async () => {
    const [alice, bob, carol, nobody] = await people('alice', 'bob', 'carol', 'nobody');
    const [hers, his, carols] = [await connected(alice), await connected(bob), await connected(carol)];
    const { his: talk } = await talking(hers, his);
    const disturbed: unknown[] = [];
    his.on('incoming', (call) => disturbed.push(call.cid));
    talk.on('ended', (end) => disturbed.push(end));
    const toBob = await carols.ring([bob.id]);
    expect(await next(toBob, 'ended')).toEqual({ reason: 'busy' });
    const toNobody = await carols.ring([nobody.id]);
    expect(await next(toNobody, 'unreachable')).toEqual({ user_id: nobody.id, reason: 'no_devices' });
    expect(toNobody.status).toBe('ringing');
    await toNobody.hangUp();
    // Who is busy hears nothing of a call that never rang for them, and goes on talking.
    expect(disturbed).toEqual([]);
    expect(talk.status).toBe('active');
  });

  it('is cancelled before it is answered, also before ring() is done', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await connected(alice), await connected(bob)];
    const incoming = nextOf(his, 'incoming');
    const call = await hers.ring([bob.id]);
    const rung = await incoming;
    const ended = next(rung, 'ended');
    expect(await call.hangUp()).toMatchObject({ status: 'ended', reason: 'cancelled' });
    expect(await ended).toEqual({ reason: 'cancelled' });

    const abort = new AbortController();
    const ringing = hers.ring([bob.id], { signal: abort.signal });
    abort.abort();
    expect((await ringing).snapshot).toMatchObject({ status: 'ended', reason: 'cancelled' });
    const later = await hers.ring([bob.id]);
    expect(later.status).toBe('ringing');
    await later.hangUp();
  });

  it('falls silent at the deadline at both ends', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await connected(alice), await connected(bob)];
    const incoming = nextOf(his, 'incoming');
    const call = await hers.ring([bob.id], { timeoutMs: 5000 });
    const rung = await incoming;
    const [hear, see] = [next(rung, 'ended'), next(call, 'ended')];
    expect([await hear, await see]).toEqual([{ reason: 'missed' }, { reason: 'missed' }]);
    expect(await rung.accept()).toMatchObject({ status: 'ended', reason: 'missed' });
  });

  it('is answered by whoever rings the one who is ringing them', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await connected(alice), await connected(bob)];
    const call = await hers.ring([bob.id]);
    const same = await his.ring([alice.id]);
    expect(same.snapshot).toMatchObject({ cid: call.cid, status: 'active' });
    await becomes(call, 'active');
    await same.hangUp();
  });

  it('replaces the call before it when one rings the other again', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await connected(alice), await connected(bob)];
    const first = await talking(hers, his);
    const ended = next(first.his, 'ended');
    const incoming = nextOf(his, 'incoming');
    const second = await hers.ring([bob.id]);
    expect((await ended).reason).toBe('replaced');
    await (await incoming).accept();
    await becomes(second, 'active');
  });
});

describe('the phones of one user', () => {
  it('all ring, one answers, and the others are told; the one that answers never is', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const hers = await connected(alice);
    const phones = await Promise.all(['pixel', 'tablet'].map((hardwareId) => connected(bob, { hardwareId })));
    const rung = Promise.all(phones.map((phone) => nextOf(phone, 'incoming')));
    const call = await hers.ring([bob.id]);
    const [pixel, tablet] = await rung;
    const heard: unknown[] = [];
    pixel?.on('ended', (end) => heard.push(end));
    const ended = next(tablet as Call, 'ended');
    await pixel?.accept();
    expect(await ended).toEqual({ reason: 'answered_elsewhere' });
    expect(await tablet?.accept()).toMatchObject({ status: 'ended', reason: 'answered_elsewhere' });
    await becomes(call, 'active');
    expect(heard).toEqual([]);
    expect(pixel?.status).toBe('active');
  });

  it('have one winner when two answer at the same moment', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const hers = await connected(alice);
    const phones = await Promise.all(['pixel', 'tablet'].map((hardwareId) => connected(bob, { hardwareId })));
    const rung = Promise.all(phones.map((phone) => nextOf(phone, 'incoming')));
    await hers.ring([bob.id]);
    const answers = await Promise.all((await rung).map((call) => call.accept()));
    const outcomes = answers.map(({ status, reason }) => reason ?? status).toSorted();
    expect(outcomes).toEqual(['active', 'answered_elsewhere']);
  });
});

describe('a group', () => {
  it('goes on for those who are in, and rings whoever is added', async () => {
    const [alice, bob, carol, dave] = await people('alice', 'bob', 'carol', 'dave');
    const [hers, his, carols, daves] = await Promise.all([alice, bob, carol, dave].map((who) => connected(who)));
    if (!hers || !his || !carols || !daves) throw new Error('four clients');
    const rung = Promise.all([his, carols].map((client) => nextOf(client, 'incoming')));
    const call = await hers.ring([bob.id, carol.id]);
    const [bobs, carolsCall] = await rung;
    await bobs?.accept();
    await becomes(call, 'active');
    expect(carolsCall?.status).toBe('ringing');
    await carolsCall?.accept();
    const added = nextOf(daves, 'incoming');
    await call.add([dave.id]);
    await (await added).accept();
    await bobs?.hangUp();
    await within(
      new Promise<void>((resolve) => {
        const look = (): void => {
          const states = new Map(call.members.map(({ user_id, state }) => [user_id, state]));
          if (states.get(bob.id) === 'left' && states.get(dave.id) === 'accepted') resolve();
        };
        call.on('change', look);
        look();
      }),
      'bob left, dave in',
    );
    expect(call.status).toBe('active');
    const ended = next(carolsCall as Call, 'ended');
    await expect(carolsCall?.endForAll()).rejects.toMatchObject({ code: 'not_allowed' });
    expect(carolsCall?.status).toBe('active');
    await call.endForAll();
    expect(await ended).toEqual({ reason: 'completed' });
  });
});

describe('input that cannot be right', () => {
  it('is an error with a code', async () => {
    const alice = await person('alice');
    expect(() => clientOf(alice, { url: 'ftp://x' })).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    expect(() => clientOf(alice, { url: 'nonsense' })).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    await expect(clientOf(alice).ring(['bob'])).rejects.toMatchObject({ code: 'closed' });
    const client = await connected(alice);
    await expect(client.ring([])).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(client.ring(['not an id'])).rejects.toMatchObject({ code: 'validation_failed', status: 400 });
    await expect(client.ring([alice.id])).rejects.toMatchObject({ name: 'CarillonError' });
    expect(client.calls).toEqual([]);
  });

  it('is found before anything is sent: a token, a handset, what JSON cannot hold', async () => {
    const alice = await person('alice');
    const wrong = expect.objectContaining({ code: 'invalid_argument' });
    expect(() => clientOf(alice, { token: undefined as never })).toThrow(wrong);
    expect(() => clientOf(alice, { hardwareId: 'x'.repeat(65) })).toThrow(wrong);
    const client = await connected(alice, { token: `${alice.token}\n` });
    await expect(client.ring(['bob'], { custom: { big: 1n } })).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(client.calls).toEqual([]);
  });

  it('costs no connection and is told, if a signal is too long or none', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await connected(alice), await connected(bob)];
    const { hers: call, his: other } = await talking(hers, his);
    const states: unknown[] = [];
    hers.on('connection', (state) => states.push(state));
    for (const length of [25 * 1024, 200_000]) {
      const sent = call.send({ type: 'offer', sdp: 'x'.repeat(length) });
      await expect(sent).rejects.toMatchObject({ code: 'payload_too_large', status: 413 });
    }
    const candidates = Array.from({ length: 300 }, (_, i) => ({ candidate: `candidate:${i}`.padEnd(120, 'x') }));
    await expect(call.send({ type: 'candidates', candidates })).rejects.toMatchObject({ code: 'payload_too_large' });
    await expect(call.send({ type: 'foo' as never, sdp: 'x' })).rejects.toMatchObject({ code: 'invalid_argument' });
    const answered = signal(other, 'v=0 answer');
    await call.send({ type: 'answer', sdp: 'v=0 answer' });
    await answered;
    expect(states).toEqual([]);
    expect(call.status).toBe('active');
  });

  it('is no answer, if the call that is accepted again is over', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const { hers: call, his: other } = await talking(await connected(alice), await connected(bob));
    const ended = next(other, 'ended');
    await call.hangUp();
    await ended;
    expect(await other.accept()).toMatchObject({ status: 'ended', reason: 'completed' });
  });

  it('is no unhandled rejection if nobody waits for it', async () => {
    const unhandled: unknown[] = [];
    const hear = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', hear);
    const token = (): Promise<string> => Promise.reject(new Error('no login'));
    const client = clientOf(await person('alice'), { token, timing: { connect: 500 } });
    const registration = { pushManager: { getSubscription: async () => null } };
    const asked = [
      () => client.connect(),
      () => client.ring([]),
      () => client.ring(['bob']),
      () => client.registerDevice({ id: 'x', push_provider: 'firebase' }),
      () => client.removeDevice('x'),
      () => client.subscribe(registration as never),
      () => Carillon.fromPush({ kind: 'stop' } as never, { url: inject('stackUrl') }),
    ];
    for (const ask of asked) void ask();
    // Then each of them again, for its code.
    for (const ask of asked) await expect(ask()).rejects.toMatchObject({ name: 'CarillonError' });
    process.off('unhandledRejection', hear);
    expect(unhandled).toEqual([]);
  });
});
