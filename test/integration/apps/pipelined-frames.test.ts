import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  type App,
  android,
  answerCall,
  arrives,
  callBecomes,
  callOf,
  candidate,
  candidatesAt,
  codeOf,
  dial,
  memberIn,
  membersOf,
  offer,
  pushed,
  pushedTypes,
  settled,
  startApp,
  three,
  two,
} from '../../support/apps.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { callPath, eventually, type Person, unique } from '../../support/people.ts';
import type { Answer, Frame } from '../../support/raw-client.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

/** What follows a ring waits this long for it. */
const WAITS_MS = 4000;
/** How often a play is repeated for which a machine was too slow: the ring took longer, or the table was not heard in time. */
const MOST_TRIES = 5;

class TooSlow extends Error {}

/** How a ring is answered, and what is sent right behind it. */
async function together(
  ring: Promise<Frame | Answer>,
  ...behind: readonly Promise<Frame | Answer>[]
): Promise<string[]> {
  const startedAt = performance.now();
  const tookMs = ring.then(() => performance.now() - startedAt);
  const codes = (await Promise.all([ring, ...behind])).map(codeOf);
  const tookLong = codes.slice(1).includes('not_found') && (await tookMs) > WAITS_MS;
  if (tookLong || codes.includes('internal')) throw new TooSlow(`${codes.join(', ')} after ${await tookMs} ms`);
  return codes;
}

async function playInTime(play: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await play();
    } catch (error) {
      if (!(error instanceof TooSlow) || tries === MOST_TRIES) throw error;
    }
  }
}

/** Enough at once that some functions start cold. */
const ROUNDS = 12;
const atOnce = (play: (round: number) => Promise<void>, rounds = ROUNDS): Promise<unknown> =>
  Promise.all(Array.from({ length: rounds }, (_, round) => playInTime(() => play(round))));

/** Waits until an app that was told of a ring has been told of its end as well. */
const fallsSilent = (app: App, cid: string): Promise<unknown> =>
  eventually(
    async () => {
      const isOf = (frame: object) => Object(frame).call_cid === cid;
      return app.heard('call.ring', isOf).length === 0 || app.heard('call.ended', isOf).length > 0;
    },
    `silence about ${cid}`,
    PATIENCE_MS,
  );

describe('a hang-up right behind a ring on the same socket', () => {
  it.each(['call.cancel', 'call.end', 'call.leave', 'call.reject'])('ends the call if it is %s', async (type) => {
    await atOnce(async () => {
      const [alice, bob] = await two();
      const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
      const id = unique('call');
      const cid = `default:${id}`;
      const [, hungUp] = await together(
        hers.ask({ type: 'call.ring', call_id: id, members: membersOf(bob) }),
        hers.ask({ type, call_cid: cid }),
      );
      expect(hungUp).toBe('ok');
      expect(await callBecomes(alice, id, 'ended')).toMatchObject({ ended_reason: 'cancelled' });
      await fallsSilent(his, cid);
    });
  });

  it('ends a group call for everybody', async () => {
    await atOnce(async (round) => {
      const [alice, bob, carol] = await three();
      const [hers, his, carols] = await Promise.all([startApp(alice), startApp(bob), startApp(carol)]);
      const id = unique('call');
      const cid = `default:${id}`;
      const type = ['call.cancel', 'call.end', 'call.leave'][round % 3] ?? 'call.end';
      const [, hungUp] = await together(
        hers.ask({ type: 'call.ring', call_id: id, members: membersOf([bob, carol]) }),
        hers.ask({ type, call_cid: cid }),
      );
      expect(hungUp).toBe('ok');
      expect(await callBecomes(alice, id, 'ended')).toMatchObject({ ended_reason: 'cancelled' });
      await Promise.all([fallsSilent(his, cid), fallsSilent(carols, cid)]);
    }, 6);
  });

  it('works without a frame id', async () => {
    await atOnce(async () => {
      const [alice, bob] = await two();
      const hers = await startApp(alice);
      const id = unique('call');
      hers.send({ type: 'call.ring', call_id: id, members: membersOf(bob) });
      hers.send({ type: 'call.end', call_cid: `default:${id}` });
      await eventually(
        async () => (await alice.get(callPath(id))).body.call?.status === 'ended',
        'the end',
        PATIENCE_MS,
      );
    }, 6);
  });

  it('silences the phone that the ring pushed, if it pushed any', async () => {
    await atOnce(async () => {
      const [alice, bob] = await two();
      const [hers, phone] = await Promise.all([startApp(alice), android(bob)]);
      const id = unique('call');
      const [, hungUp] = await together(
        hers.ask({ type: 'call.ring', call_id: id, members: membersOf(bob) }),
        hers.ask({ type: 'call.cancel', call_cid: `default:${id}` }),
      );
      expect(hungUp).toBe('ok');
      await callBecomes(alice, id, 'ended');
      await settled();
      if ((await pushedTypes(phone)).includes('call.ring')) await pushed(phone, 'call.cancelled');
    }, 6);
  });

  it('leaves the callee free for the next caller', () =>
    playInTime(async () => {
      const [alice, bob, carol] = await three();
      const [hers, carols, his] = await Promise.all([startApp(alice), startApp(carol), startApp(bob)]);
      const id = unique('call');
      const [, hungUp] = await together(
        hers.ask({ type: 'call.ring', call_id: id, members: membersOf(bob) }),
        hers.ask({ type: 'call.end', call_cid: `default:${id}` }),
      );
      expect(hungUp).toBe('ok');
      await callBecomes(alice, id, 'ended');
      const { cid, answer } = await dial(carols, bob);
      expect(answer['call']).toMatchObject({ status: 'ringing' });
      await his.next('call.ring', (frame) => frame['call_cid'] === cid);
    }));
});

describe('a hang-up by somebody else', () => {
  it('does not end a call that is being created', async () => {
    await atOnce(async () => {
      const [alice, bob, mallory] = await three('alice', 'bob', 'mallory');
      const [hers, evil] = await Promise.all([startApp(alice), startApp(mallory)]);
      const id = unique('call');
      const [rung, refused] = await Promise.all([
        hers.ask({ type: 'call.ring', call_id: id, members: membersOf(bob) }),
        evil.ask({ type: 'call.end', call_cid: `default:${id}` }),
      ]);
      expect(rung).toMatchObject({ ok: true, call: { status: 'ringing' } });
      expect(['not_found', 'not_a_member']).toContain(codeOf(refused));
      expect(await callOf(alice, id)).toMatchObject({ status: 'ringing' });
    }, 6);
  });

  it('gets not_found if the call never comes into being', async () => {
    const [alice] = await two();
    const hers = await startApp(alice);
    for (const type of ['call.end', 'call.cancel'])
      expect(codeOf(await hers.ask({ type, call_cid: `default:${unique('nothing')}` }))).toBe('not_found');
  });
});

describe('signals right behind a ring on the same socket', () => {
  /** Rings and sends these signals without waiting. */
  const ringWith = (app: App, bob: Person, id: string, signals: readonly object[], extra: object = {}) =>
    together(
      app.ask({ type: 'call.ring', call_id: id, members: membersOf(bob), ...extra }),
      ...signals.map((signal) => app.ask({ call_cid: `default:${id}`, ...signal })),
    );
  const candidates = (count: number) => Array.from({ length: count }, (_, i) => candidate(`c${i}`));

  it('reach a callee who is connected', async () => {
    await atOnce(async () => {
      const [alice, bob] = await two();
      const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
      const sent = candidates(4);
      const answers = await ringWith(
        hers,
        bob,
        unique('call'),
        sent.map((one) => ({ type: 'ice.candidate', ...one })),
        { offer: offer() },
      );
      expect(answers).toEqual(answers.map(() => 'ok'));
      for (const one of sent) await arrives(his, one.candidate);
      await his.next('sdp.offer');
    });
  });

  it('are kept for a callee who connects later', async () => {
    await atOnce(async () => {
      const [alice, bob] = await two();
      const hers = await startApp(alice);
      const sent = candidates(4);
      const answers = await ringWith(hers, bob, unique('call'), [
        { type: 'sdp.offer', sdp: 'v=0 behind-the-ring' },
        ...sent.map((one) => ({ type: 'ice.candidate', ...one })),
      ]);
      expect(answers).toEqual(answers.map(() => 'ok'));
      const his = await startApp(bob);
      await his.next('call.ring');
      expect(await his.next('sdp.offer')).toMatchObject({ sdp: 'v=0 behind-the-ring', from_user_id: alice.id });
      for (const one of sent) await arrives(his, one.candidate);
    });
  });

  it('reach every callee of a group call', async () => {
    await atOnce(async () => {
      const [alice, bob, carol] = await three();
      const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
      const id = unique('call');
      const one = candidate('group');
      const answers = await together(
        hers.ask({ type: 'call.ring', call_id: id, members: membersOf([bob, carol]), offer: offer() }),
        hers.ask({ type: 'ice.candidate', call_cid: `default:${id}`, candidates: [one] }),
      );
      expect(answers).toEqual(['ok', 'ok']);
      const isOne = (frame: object) => Object(frame).candidates?.[0]?.candidate === one.candidate;
      await his.next('ice.candidate', isOne);
      await (await startApp(carol)).next('ice.candidate', isOne);
    }, 6);
  });

  it('are kept even without frame ids', async () => {
    await atOnce(async () => {
      const [alice, bob] = await two();
      const hers = await startApp(alice);
      const id = unique('call');
      const one = candidate('silent');
      hers.send({ type: 'call.ring', call_id: id, members: membersOf(bob) });
      hers.send({ type: 'ice.candidate', call_cid: `default:${id}`, ...one });
      await eventually(async () => (await alice.get(callPath(id))).status === 200, 'the call', PATIENCE_MS);
      await arrives(await startApp(bob), one.candidate);
    });
  });
});

describe('frames right behind an answer', () => {
  it('reach the caller', async () => {
    await atOnce(async () => {
      const [alice, bob] = await two();
      const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
      const { cid } = await dial(hers, bob, { offer: offer() });
      await his.next('call.ring');
      const sent = [candidate('a'), candidate('b'), candidate('c')];
      const answers = await Promise.all([
        his.ask({ type: 'call.accept', call_cid: cid }),
        his.ask({ type: 'sdp.answer', call_cid: cid, sdp: 'v=0 at-once' }),
        ...sent.map((one) => his.ask({ type: 'ice.candidate', call_cid: cid, ...one })),
      ]);
      expect(answers.map(codeOf)).toEqual(answers.map(() => 'ok'));
      expect(await hers.next('sdp.answer')).toMatchObject({ sdp: 'v=0 at-once' });
      for (const one of sent) await arrives(hers, one.candidate);
      expect(candidatesAt(his)).toEqual([]);
    }, 6);
  });

  it('end the call if they hang up', async () => {
    await atOnce(async () => {
      const [alice, bob] = await two();
      const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
      const { id, cid } = await dial(hers, bob);
      await his.next('call.ring');
      await Promise.all([
        his.ask({ type: 'call.accept', call_cid: cid }),
        his.ask({ type: 'call.end', call_cid: cid }),
      ]);
      await callBecomes(alice, id, 'ended');
      await hers.next('call.ended');
    }, 6);
  });
});

describe('over REST', () => {
  it.each([
    ['/reject', {}],
    ['/leave', {}],
    ['/leave', { end_call: true }],
    ['/mark_ended', {}],
  ])('a hang-up by %s %j while the call is being created ends it', async (last, body) => {
    await atOnce(async () => {
      const [alice, bob] = await two();
      const his = await startApp(bob);
      const id = unique('call');
      const [, hungUp] = await together(
        alice.post(callPath(id), { members: membersOf(bob), ring: true }),
        alice.post(callPath(id, last), body),
      );
      expect(hungUp).toBe('ok');
      expect(await callBecomes(alice, id, 'ended')).toMatchObject({ ended_reason: 'cancelled' });
      await fallsSilent(his, `default:${id}`);
    });
  });

  it('a hang-up while a group call is being created ends it', async () => {
    await atOnce(async () => {
      const [alice, bob, carol] = await three();
      const id = unique('call');
      const [, hungUp] = await together(
        alice.post(callPath(id), { members: membersOf([bob, carol]), ring: true }),
        alice.post(callPath(id, '/mark_ended')),
      );
      expect(hungUp).toBe('ok');
      await callBecomes(alice, id, 'ended');
      expect((await memberIn(bob, id)).state).not.toBe('ringing');
      expect((await memberIn(carol, id)).state).not.toBe('ringing');
    }, 6);
  });
});

describe('a ring that is hung up at once', () => {
  it('does not affect the next call between the same users', () =>
    playInTime(async () => {
      const [alice, bob] = await two();
      const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
      for (let round = 0; round < 3; round += 1) {
        const id = unique('call');
        const [, hungUp] = await together(
          hers.ask({ type: 'call.ring', call_id: id, members: membersOf(bob) }),
          hers.ask({ type: 'call.cancel', call_cid: `default:${id}` }),
        );
        expect(hungUp).toBe('ok');
      }
      const { cid, answer } = await dial(hers, bob);
      expect(codeOf(answer)).toBe('ok');
      await answerCall(hers, his, cid);
    }));
});
