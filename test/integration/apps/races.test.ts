import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { allSilent, ghostMeter, type Listener, listen } from '../../support/ghost-meter.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import {
  callPath,
  connectWith,
  eventually,
  keysOf,
  LONG_RING,
  type Person,
  people,
  person,
  pushes,
  pushOf,
  rest,
  ring,
  unique,
} from '../../support/people.ts';
import type { Answer, Frame } from '../../support/raw-client.ts';

/** How often each race is run; `npm run test:long` runs it hundreds of times. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 8);
/** How many rounds run side by side. */
const AT_ONCE = 5;

const meter = ghostMeter();
afterAll(() => {
  process.stdout.write(`\nhow long handsets rang after their ring had ended:\n${meter.table()}\n`);
});

async function rounds(play: (round: number) => Promise<void>, atOnce = AT_ONCE): Promise<void> {
  for (let first = 0; first < ROUNDS; first += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, ROUNDS - first) }, (_, i) => play(first + i)));
  }
}

const waitUntil = (moment: number): Promise<void> => wait(Math.max(0, moment - Date.now()));

/** `ok`, or the code of the refusal, of a command over either transport. */
function codeOf(answer: Answer | Frame): string {
  const { body, error } = Object(answer);
  return body?.code ?? error?.code ?? 'ok';
}

/** Bob with an Android phone that sleeps, an iPhone that its push has woken, and a tablet on its socket; Alice rings him. */
async function bobRings(options: object = {}) {
  const [alice, bob] = await people('alice', 'bob');
  const [android, iphone] = await Promise.all([
    bob.android({ hardware_id: 'android' }),
    bob.iphone({ hardware_id: 'iphone' }),
  ]);
  const [caller, tablet] = await Promise.all([alice.connect(), bob.connect({ hardwareId: 'tablet' })]);
  const handsets: Listener[] = [
    listen(bob.id, 'tablet', { socket: tablet }),
    listen(bob.id, 'android', { token: android }),
  ];
  const { id, cid } = await ring(alice, bob, options);
  const [iphonePush, androidPush] = await Promise.all([
    pushOf(iphone, 'call.ring'),
    pushOf(android, 'call.ring'),
    tablet.next('call.ring'),
  ]);
  const wakeTokens = {
    iphone: keysOf(iphonePush)['wake_token'] ?? '',
    android: keysOf(androidPush)['wake_token'] ?? '',
  };
  const phone = await connectWith(wakeTokens.iphone);
  handsets.push(listen(bob.id, 'iphone', { socket: phone, token: iphone }));
  await phone.next('call.ring');
  const post = (token: string, last: string) => rest().request('POST', callPath(id, last), { token, body: {} });
  return {
    id,
    cid,
    alice,
    bob,
    caller,
    tablet,
    phone,
    handsets,
    android,
    androidWakeToken: wakeTokens.android,
    /** The same command by each of the three handsets. */
    by: {
      tablet: (type: 'accept' | 'reject') => tablet.ask({ type: `call.${type}`, call_cid: cid }),
      android: (type: 'accept' | 'reject') => post(wakeTokens.android, `/${type}`),
      iphone: (type: 'accept' | 'reject') => phone.ask({ type: `call.${type}`, call_cid: cid }),
    },
    call: async () => (await alice.get(callPath(id))).body.call,
    close: () => Promise.all([caller, tablet, phone].map((socket) => socket.close())),
  };
}

const SHORTEST_RING_MS = 5000;
const LONGEST_RING_MS = 180_000;

/** A ring that is not over before `atOnce` scenes like `bobRings` are set, by what one of them takes on this machine now. */
async function ringFor(atOnce: number): Promise<object> {
  const startedAt = performance.now();
  const scene = await bobRings();
  const tookMs = performance.now() - startedAt;
  await scene.alice.post(callPath(scene.id, '/mark_ended'));
  await scene.close();
  const ms = Math.min(LONGEST_RING_MS, Math.max(SHORTEST_RING_MS, Math.ceil(tookMs * atOnce)));
  return { settings_override: { ring: { auto_cancel_timeout_ms: ms } } };
}

describe(`over ${ROUNDS} rounds`, { timeout: ROUNDS * PATIENCE_MS }, () => {
  it('of three devices that accept at once, one wins and the others fall silent', async () => {
    await rounds(async () => {
      const scene = await bobRings();
      const names = ['tablet', 'android', 'iphone'] as const;
      const codes = (await Promise.all(names.map((name) => scene.by[name]('accept')))).map(codeOf);
      expect(codes.toSorted()).toEqual(['already_answered', 'already_answered', 'ok']);
      const winner = names[codes.indexOf('ok')] ?? 'tablet';
      scene.handsets.find(({ id }) => id === winner)?.acted();
      const losers = scene.handsets.filter(({ id }) => id !== winner);
      await allSilent(losers);
      await meter.measure('three devices accept at once', (await scene.call()).accepted_at, losers);
      const accepted = await scene.caller.next('call.accepted');
      expect(accepted).toMatchObject({ answered_by: { user_id: scene.bob.id }, call: { status: 'active' } });
      await scene.alice.post(callPath(scene.id, '/mark_ended'));
      await scene.caller.next('call.ended');
      expect(scene.caller.frames.filter(({ type }) => type === 'call.accepted')).toHaveLength(1);
      // No stop is pushed to the answering handset.
      const stops = (await pushes(scene.android)).filter((push) => keysOf(push)['type'] === 'call.accepted');
      expect(stops).toHaveLength(winner === 'android' ? 0 : 1);
      await scene.close();
    });
  });

  it('of an accept and a cancel at once, one takes effect, and everybody sees which', async () => {
    await rounds(async () => {
      const scene = await bobRings();
      const [accept, cancel] = await Promise.all([
        scene.by.tablet('accept'),
        scene.caller.ask({ type: 'call.cancel', call_cid: scene.cid }),
      ]);
      const codes = [codeOf(accept), codeOf(cancel)];
      const { status, accepted_at, ended_at } = await scene.call();
      if (status === 'active') {
        expect(codes).toEqual(['ok', 'already_answered']);
        scene.handsets.find(({ id }) => id === 'tablet')?.acted();
        expect(await scene.caller.next('call.accepted')).toMatchObject({ call: { status: 'active' } });
      } else {
        expect(codes).toEqual(['call_ended', 'ok']);
        expect(await scene.tablet.next('call.cancelled')).toMatchObject({ call: { ended_reason: 'cancelled' } });
      }
      await allSilent(scene.handsets);
      const others = scene.handsets.filter(({ id }) => id !== 'tablet');
      await meter.measure('accept against cancel', accepted_at ?? ended_at, others);
      if (status === 'active') await scene.alice.post(callPath(scene.id, '/mark_ended'));
      const [hers, his] = await Promise.all([scene.caller.next('call.ended'), scene.tablet.next('call.ended')]);
      expect(hers['version']).toBe(his['version']);
      await scene.close();
    });
  });

  it('an accept at the deadline is answered or missed, never both', async () => {
    const shortRing = await ringFor(ROUNDS);
    await rounds(async (round) => {
      const scene = await bobRings(shortRing);
      const { ring_expires_at } = await scene.call();
      await waitUntil(Date.parse(ring_expires_at) - 12 + (round % 20));
      const code = codeOf(await scene.by.tablet('accept'));
      const { status, accepted_at, ended_at } = await scene.call();
      expect([code, status]).toEqual(code === 'ok' ? ['ok', 'active'] : ['call_ended', 'ended']);
      if (code === 'ok') scene.handsets.find(({ id }) => id === 'tablet')?.acted();
      const told = code === 'ok' ? 'call.accepted' : 'call.missed';
      await Promise.all([scene.caller.next(told), scene.tablet.next(told)]);
      await allSilent(scene.handsets);
      await meter.measure('accept against the deadline', accepted_at ?? ended_at, scene.handsets.slice(1));
      const types = scene.caller.frames.map(({ type }) => type);
      expect(types.includes('call.accepted') && types.includes('call.missed')).toBe(false);
      if (code === 'ok') await scene.alice.post(callPath(scene.id, '/mark_ended'));
      await scene.close();
    }, ROUNDS);
  });

  it('an answer in the middle of the candidates gives all of them to the answering handset, and later ones to no other', async () => {
    await rounds(async () => {
      const scene = await bobRings();
      const send = (seq: number) =>
        scene.caller.ask({
          type: 'ice.candidate',
          call_cid: scene.cid,
          candidate: `candidate:${seq}`,
          sdpMid: '0',
          seq,
        });
      const numbers = (from: number) => Array.from({ length: 5 }, (_, i) => from + i);
      await Promise.all([...numbers(1).map(send), scene.by.tablet('accept'), ...numbers(6).map(send)]);
      await scene.caller.next('call.accepted');
      await Promise.all(numbers(11).map(send));
      // The phone reconnects: it must get no candidates either.
      await scene.phone.close();
      const again = await scene.bob.connect({ hardwareId: 'iphone' });
      await Promise.all(numbers(16).map(send));
      const seqs = (frames: readonly Frame[]) =>
        new Set(frames.filter(({ type }) => type === 'ice.candidate').map((frame) => Number(frame['seq'])));
      await eventually(async () => seqs(scene.tablet.frames).size === 20, 'all candidates at the tablet');
      for (const socket of [scene.phone, again]) expect([...seqs(socket.frames)].filter((seq) => seq > 10)).toEqual([]);
      expect(seqs(again.frames).size).toBe(0);
      await scene.caller.ask({ type: 'call.end', call_cid: scene.cid });
      await again.close();
      await scene.close();
    });
  });

  it('two users who ring each other at once are in one call', async () => {
    await rounds(async () => {
      const [alice, bob] = await people('alice', 'bob');
      const [hers, his] = await Promise.all([alice.connect(), bob.connect()]);
      const call = (to: Person) => ({
        type: 'call.ring',
        call_id: unique('mutual'),
        members: [{ user_id: to.id }],
        ...LONG_RING,
      });
      const answers = await Promise.all([hers.ask(call(bob)), his.ask(call(alice))]);
      expect(answers.map(codeOf).toSorted()).toEqual(['glare', 'ok']);
      const { cid } = Object(answers.find(({ type }) => type === 'response')?.['call']);
      expect(answers.find(({ type }) => type === 'error')).toMatchObject({ call: { cid, status: 'ringing' } });
      const loser = answers[0]?.type === 'error' ? hers : his;
      // The client accepts the call that came with the refusal.
      expect(await loser.ask({ type: 'call.accept', call_cid: cid })).toMatchObject({ call: { status: 'active' } });
      await loser.ask({ type: 'call.end', call_cid: cid });
      await Promise.all([hers.next('call.ended'), his.next('call.ended')]);
      // The other call never rang.
      const rings = [...hers.frames, ...his.frames].filter(({ type }) => type === 'call.ring');
      expect(rings.filter((frame) => frame['call_cid'] !== cid)).toEqual([]);
      await Promise.all([hers.close(), his.close()]);
    });
  });

  it('of two calls to one phone at once, one rings and the other is told that the callee is busy', async () => {
    await rounds(async () => {
      const [alice, bob, carol] = await people('alice', 'bob', 'carol');
      const android = await bob.android();
      const calls = await Promise.all([ring(alice, bob), ring(carol, bob)]);
      const statuses = calls.map(({ answer }) => answer.body.call.status);
      expect(statuses.toSorted()).toEqual(['ended', 'ringing']);
      const rung = calls[statuses.indexOf('ringing')];
      const busy = calls[statuses.indexOf('ended')];
      expect(busy?.answer.body.call.ended_reason).toBe('rejected');
      await Promise.all([pushOf(android, 'call.ring'), pushOf(android, 'call.missed')]);
      await (rung === calls[0] ? alice : carol).post(callPath(rung?.id ?? '', '/leave'));
      await pushOf(android, 'call.cancelled');
      const byType = Object.groupBy((await pushes(android)).map(keysOf), (keys) => keys['type'] ?? '');
      expect(byType['call.ring']?.map((keys) => keys['call_cid'])).toEqual([rung?.cid]);
      expect(byType['call.missed']?.map((keys) => keys['call_cid'])).toEqual([busy?.cid]);
    });
  });

  it('thirty members who accept at once have all accepted', async () => {
    await rounds(async () => {
      const [alice, bob] = await people('alice', 'bob');
      const members = [bob, ...(await Promise.all(Array.from({ length: 29 }, () => person('member'))))];
      const sockets = await Promise.all([alice.connect(), bob.connect()]);
      const { id } = await ring(alice, members);
      const answers = await Promise.all(members.map((member) => member.post(callPath(id, '/accept'))));
      expect(answers.map(({ status }) => status)).toEqual(members.map(() => 200));
      const { body } = await alice.get(callPath(id));
      expect(body.members.slice(1).map(({ state }: { state: string }) => state)).toEqual(members.map(() => 'accepted'));
      // Each accept is one change: none was lost or counted twice.
      expect(body.call.version).toBe(1 + members.length);
      await Promise.all(
        sockets.map((socket) =>
          eventually(
            async () => socket.frames.filter(({ type }) => type === 'call.accepted').length === members.length,
            'thirty call.accepted',
          ),
        ),
      );
      await alice.post(callPath(id, '/mark_ended'));
      await Promise.all(sockets.map((socket) => socket.next('call.ended')));
      await Promise.all(sockets.map((socket) => socket.close()));
    }, 2);
  });

  it('a member whose connection dies silently leaves after the grace, and the other member is told', async () => {
    await rounds(async (round) => {
      const [alice, bob] = await people('alice', 'bob');
      const [hers, his] = await Promise.all([alice.connect(), bob.connect({ hardwareId: 'phone' })]);
      const { cid } = await ring(alice, bob);
      await his.ask({ type: 'call.accept', call_cid: cid });
      await hers.next('call.accepted');
      // For five seconds a connection may not be open yet, and a failed post to it proves nothing.
      const connected = his.frames.find(({ type }) => type === 'user.connected');
      await waitUntil(Date.parse(String(connected?.['created_at'])) + 5100);
      await rest().request('DELETE', `/_local/connections/${String(connected?.['connection_id'])}`);
      await his.closed;
      // No $disconnect has come: the next frame for him fails.
      if (round % 2 === 0) await hers.ask({ type: 'ice.candidate', call_cid: cid, candidate: 'c', sdpMid: '0' });
      else
        await alice.post(callPath(cid.slice('default:'.length), '/members'), {
          members: [{ user_id: unique('late') }],
        });
      expect(await hers.next('call.member_left')).toMatchObject({ user_id: bob.id });
      expect(await hers.next('call.ended')).toMatchObject({ reason: 'completed' });
      await hers.close();
    }, ROUNDS);
  });
});

describe('a phone that wakes too late', () => {
  it('is told how its ring ended, and never rings', async () => {
    const endings: [string, (scene: Awaited<ReturnType<typeof bobRings>>) => Promise<unknown>][] = [
      ['call.accepted', (scene) => scene.by.tablet('accept')],
      ['call.rejected', (scene) => scene.by.tablet('reject')],
      ['call.cancelled', (scene) => scene.caller.ask({ type: 'call.cancel', call_cid: scene.cid })],
      [
        'call.missed',
        async (scene) => {
          await waitUntil(Date.parse((await scene.call()).ring_expires_at));
          await scene.caller.next('call.missed');
        },
      ],
    ];
    const shortRing = await ringFor(endings.length);
    await Promise.all(
      endings.map(async ([type, end]) => {
        const scene = await bobRings(type === 'call.missed' ? shortRing : {});
        await end(scene);
        await scene.tablet.next(type);
        const late = await connectWith(scene.androidWakeToken);
        const listener = listen(scene.bob.id, 'android', { socket: late });
        expect(await late.next(type)).toMatchObject({ call_cid: scene.cid });
        expect(await listener.rang()).toBe(false);
        await late.close();
        await scene.close();
      }),
    );
  });
});
