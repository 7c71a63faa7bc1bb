import { describe, expect, it } from 'vitest';
import { callPath, LONG_RING, people, ring } from '../support/people.ts';

describe('signals', () => {
  it('go to every connection until one answers, and from then on only to the answering handset', async () => {
    const [alice, bob] = await people('Alice', 'bob');
    const caller = await alice.connect();
    const [phone, tablet] = [await bob.connect({ hardwareId: 'phone' }), await bob.connect({ hardwareId: 'tablet' })];
    const cid = `default:s-${bob.id}`;
    await caller.ask({
      type: 'call.ring',
      call_id: `s-${bob.id}`,
      members: [{ user_id: bob.id }],
      ...LONG_RING,
      offer: { type: 'offer', sdp: 'v=0 o' },
    });
    for (const device of [phone, tablet]) {
      await device.next('call.ring');
      expect(await device.next('sdp.offer')).toMatchObject({
        sdp: 'v=0 o',
        call_cid: cid,
        from_user_id: alice.id,
        user: { id: alice.id },
      });
    }
    await phone.ask({ type: 'call.accept', call_cid: cid, answer: { type: 'answer', sdp: 'v=0 a' } });
    expect(await caller.next('sdp.answer')).toMatchObject({ sdp: 'v=0 a', from_user_id: bob.id });
    const candidates = [
      { candidate: 'candidate:c1', sdpMid: '0', sdpMLineIndex: 0 },
      { candidate: 'candidate:c2', sdpMid: '0', sdpMLineIndex: 0 },
    ];
    caller.send({ type: 'ice.candidate', call_cid: cid, candidates, seq: 7 });
    expect(await phone.next('ice.candidate')).toMatchObject({ candidates, seq: 7 });
    expect(tablet.frames.map(({ type }) => type)).not.toContain('ice.candidate');
    await Promise.all([caller.close(), phone.close(), tablet.close()]);
  });

  it('are relayed as browsers write them, over the socket and over REST', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const caller = await alice.connect();
    const callee = await bob.connect();
    const { id, cid } = await ring(alice, bob);
    await callee.ask({ type: 'call.accept', call_cid: cid });
    const real = { candidate: 'candidate:c1', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'F6z+' };
    const sent = [
      real,
      { candidate: 'candidate:c2' },
      { candidate: 'candidate:c3', sdpMid: null, sdpMLineIndex: null, usernameFragment: null },
      { candidate: '' },
      { candidate: null },
      { candidates: [real, { candidate: '', sdpMid: null }, { candidate: null }, null, ''] },
    ];
    for (const [i, body] of sent.entries()) {
      const seq = i + 1;
      if (i % 2 === 0) {
        expect(await caller.ask({ type: 'ice.candidate', call_cid: cid, seq, ...body })).toMatchObject({ ok: true });
      } else {
        expect((await alice.post(callPath(id, '/ice'), { seq, ...body })).status).toBe(202);
      }
      const { type, created_at, call_cid, call_id, call_type, user, from_user_id, ...relayed } = await callee.next(
        'ice.candidate',
        (frame) => frame['seq'] === seq,
      );
      expect(relayed).toEqual({ seq, ...body });
    }
    expect(await caller.ask({ type: 'ice.candidate', call_cid: cid, candidates: [] })).toMatchObject({ ok: true });
    expect((await alice.post(callPath(id, '/ice'), { candidates: [] })).status).toBe(202);
    await caller.ask({ type: 'call.end', call_cid: cid });
    await callee.next('call.ended');
    expect(callee.frames.filter(({ type }) => type === 'ice.candidate')).toHaveLength(sent.length);
    await Promise.all([caller.close(), callee.close()]);
  });

  it('are kept for a handset that reconnects, in the order of the sender', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const { id, cid } = await ring(alice, bob);
    for (const seq of [3, 1, 2])
      await alice.post(callPath(id, '/ice'), { candidate: `candidate:c${seq}`, sdpMid: '0', sdpMLineIndex: 0, seq });
    const phone = await bob.connect({ hardwareId: 'phone' });
    const order = [
      await phone.next('ice.candidate'),
      await phone.next('ice.candidate'),
      await phone.next('ice.candidate'),
    ];
    expect(order.map((frame) => frame['seq'])).toEqual([1, 2, 3]);
    await phone.ask({ type: 'call.accept', call_cid: cid });
    await phone.close();
    await alice.post(callPath(id, '/ice'), { candidate: 'candidate:later', sdpMid: '0', sdpMLineIndex: 0, seq: 4 });
    const other = await bob.connect({ hardwareId: 'tablet' });
    const again = await bob.connect({ hardwareId: 'phone' });
    await again.next('ice.candidate', (frame) => frame['candidate'] === 'candidate:later');
    expect(other.frames.map(({ type }) => type)).not.toContain('ice.candidate');
    await Promise.all([other.close(), again.close()]);
  });

  it('are refused if they are too large, from users who are not members, and after the call', async () => {
    const [alice, bob, mallory] = await people('alice', 'bob', 'mallory');
    const { id, cid } = await ring(alice, bob);
    const socket = await alice.connect();
    expect(
      (await alice.post(callPath(id, '/sdp/offer'), { type: 'offer', sdp: 'x'.repeat(24 * 1024 + 1) })).body,
    ).toMatchObject({
      status: 413,
      code: 'payload_too_large',
    });
    expect(await socket.ask({ type: 'sdp.offer', call_cid: cid, sdp: 'x'.repeat(24 * 1024 + 1) })).toMatchObject({
      error: { code: 'payload_too_large' },
    });
    expect((await alice.post(callPath(id, '/sdp/offer'), { type: 'offer', sdp: 'x'.repeat(24 * 1024) })).status).toBe(
      202,
    );
    expect((await mallory.post(callPath(id, '/sdp/offer'), { type: 'offer', sdp: 'v=0 x' })).body.code).toBe(
      'not_a_member',
    );
    await alice.post(callPath(id, '/leave'));
    expect((await bob.post(callPath(id, '/ice'), { candidate: 'candidate:c' })).body.code).toBe('call_ended');
    await socket.close();
  });
});

it('recognizes a device without a hardware id by its token when it reconnects', async () => {
  const [alice, bob] = await people('alice', 'bob');
  const { id, cid } = await ring(alice, bob);
  const first = await bob.connect();
  await first.ask({ type: 'call.accept', call_cid: cid });
  await first.close();
  await alice.post(callPath(id, '/ice'), { candidate: 'candidate:meanwhile', sdpMid: '0', sdpMLineIndex: 0 });
  const again = await bob.connect();
  await again.next('ice.candidate', (frame) => frame['candidate'] === 'candidate:meanwhile');
  await alice.post(callPath(id, '/ice'), { candidate: 'candidate:now', sdpMid: '0', sdpMLineIndex: 0 });
  await again.next('ice.candidate', (frame) => frame['candidate'] === 'candidate:now');
  expect(await again.ask({ type: 'call.accept', call_cid: cid })).toMatchObject({ ok: true });
  await again.close();
});
