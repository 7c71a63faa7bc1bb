import { afterAll, describe, expect, it } from 'vitest';
import type { Answer, Frame } from '../../tools/client.ts';
import { allSilent, ghostMeter, type Listener, listen } from '../support/ghost-meter.ts';
import {
  callPath,
  connectWith,
  eventually,
  keysOf,
  type Person,
  person,
  pushes,
  pushOf,
  rest,
  ring,
  unique,
} from '../support/people.ts';

/** How often each race is run; `npm run test:long` runs them hundreds of times. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 20);
/** How many rounds run side by side. */
const AT_ONCE = 5;

const meter = ghostMeter();
afterAll(() => {
  process.stdout.write(`\nghost rings, after the call had stopped ringing for the handset:\n${meter.table()}\n`);
});

async function rounds(play: (round: number) => Promise<void>, atOnce = AT_ONCE): Promise<void> {
  for (let first = 0; first < ROUNDS; first += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, ROUNDS - first) }, (_, i) => play(first + i)));
  }
}

const codeOf = (answer: Frame | Answer): string => {
  if (typeof answer['status'] === 'number') return (answer as Answer).body.code ?? 'ok';
  return ((answer as Frame)['error'] as { code: string } | undefined)?.code ?? 'ok';
};

/** Bob with an Android phone that sleeps, an iPhone that its push has woken, and a tablet on its socket; Alice rings him. */
async function bobRings(options: object = {}) {
  const [alice, bob] = (await Promise.all([person('alice'), person('bob')])) as [Person, Person];
  const [android, iphone] = await Promise.all([
    bob.android({ hardware_id: 'android' }),
    bob.iphone({ hardware_id: 'iphone' }),
  ]);
  const [caller, tablet] = await Promise.all([alice.connect(), bob.connect({ hardwareId: 'tablet' })]);
  const phones = [
    listen(bob.id, 'tablet', { socket: tablet }),
    listen(bob.id, 'android', { token: android }),
  ] as Listener[];
  const { id, cid } = await ring(alice, bob, options);
  const [woken, pushed] = await Promise.all([
    pushOf(iphone, 'call.ring'),
    pushOf(android, 'call.ring'),
    tablet.next('call.ring'),
  ]);
  const wake = { iphone: keysOf(woken)['wake_token'] ?? '', android: keysOf(pushed)['wake_token'] ?? '' };
  const phone = await connectWith(wake.iphone);
  phones.push(listen(bob.id, 'iphone', { socket: phone, token: iphone }));
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
    phones,
    android,
    /** The same command by each of the three handsets, in this order. */
    by: {
      tablet: (type: 'accept' | 'reject') => tablet.ask({ type: `call.${type}`, call_cid: cid }),
      android: (type: 'accept' | 'reject') => post(wake.android, `/${type}`),
      iphone: (type: 'accept' | 'reject') => phone.ask({ type: `call.${type}`, call_cid: cid }),
    },
    call: async () => (await alice.get(callPath(id))).body.call,
    close: () => Promise.all([caller, tablet, phone].map((socket) => socket.close())),
  };
}

describe(`over ${ROUNDS} rounds`, { timeout: ROUNDS * 10_000 }, () => {
  it('one of three devices that accept at once wins, and the others fall silent', async () => {
    await rounds(async () => {
      const it = await bobRings();
      const names = ['tablet', 'android', 'iphone'] as const;
      const codes = (await Promise.all(names.map((name) => it.by[name]('accept')))).map(codeOf);
      expect(codes.toSorted()).toEqual(['already_answered', 'already_answered', 'ok']);
      const winner = names[codes.indexOf('ok')] ?? 'tablet';
      it.phones.find(({ id }) => id === winner)?.acted();
      const losers = it.phones.filter(({ id }) => id !== winner);
      await allSilent(losers);
      await meter.measure('three devices accept at once', (await it.call()).accepted_at, losers);
      const accepted = await it.caller.next('call.accepted');
      expect(accepted).toMatchObject({ answered_by: { user_id: it.bob.id }, call: { status: 'active' } });
      await it.alice.post(callPath(it.id, '/mark_ended'));
      await it.caller.next('call.ended');
      expect(it.caller.frames.filter(({ type }) => type === 'call.accepted')).toHaveLength(1);
      // The answering handset is left out: no stop was pushed to it.
      const stops = (await pushes(it.android)).filter((push) => keysOf(push)['type'] === 'call.accepted');
      expect(stops).toHaveLength(winner === 'android' ? 0 : 1);
      await it.close();
    });
  });

  it('accept and cancel at once: one of them happens, and everybody sees which', async () => {
    await rounds(async () => {
      const it = await bobRings();
      const [accept, cancel] = await Promise.all([
        it.by.tablet('accept'),
        it.caller.ask({ type: 'call.cancel', call_cid: it.cid }),
      ]);
      const codes = [codeOf(accept), codeOf(cancel)];
      const { status, accepted_at, ended_at } = await it.call();
      if (status === 'active') {
        expect(codes).toEqual(['ok', 'already_answered']);
        it.phones.find(({ id }) => id === 'tablet')?.acted();
        expect(await it.caller.next('call.accepted')).toMatchObject({ call: { status: 'active' } });
      } else {
        expect(codes).toEqual(['call_ended', 'ok']);
        expect(await it.tablet.next('call.cancelled')).toMatchObject({ call: { ended_reason: 'cancelled' } });
      }
      await allSilent(it.phones);
      const others = it.phones.filter(({ id }) => id !== 'tablet');
      await meter.measure('accept against cancel', accepted_at ?? ended_at, others);
      if (status === 'active') await it.alice.post(callPath(it.id, '/mark_ended'));
      const [hers, his] = await Promise.all([it.caller.next('call.ended'), it.tablet.next('call.ended')]);
      expect(hers['version']).toBe(his['version']);
      await it.close();
    });
  });

  it('accept at the deadline: answered or missed, never both', async () => {
    await rounds(async (round) => {
      const it = await bobRings({ settings_override: { ring: { auto_cancel_timeout_ms: 5000 } } });
      const { ring_expires_at } = await it.call();
      const moment = Date.parse(ring_expires_at) - 12 + (round % 20);
      await new Promise((resolve) => setTimeout(resolve, moment - Date.now()));
      const code = codeOf(await it.by.tablet('accept'));
      const { status, accepted_at, ended_at } = await it.call();
      expect([code, status]).toEqual(code === 'ok' ? ['ok', 'active'] : ['call_ended', 'ended']);
      if (code === 'ok') it.phones.find(({ id }) => id === 'tablet')?.acted();
      const told = code === 'ok' ? 'call.accepted' : 'call.missed';
      await Promise.all([it.caller.next(told), it.tablet.next(told)]);
      await allSilent(it.phones);
      await meter.measure('accept against the deadline', accepted_at ?? ended_at, it.phones.slice(1));
      const types = it.caller.frames.map(({ type }) => type);
      expect(types.includes('call.accepted') && types.includes('call.missed')).toBe(false);
      if (code === 'ok') await it.alice.post(callPath(it.id, '/mark_ended'));
      await it.close();
    }, ROUNDS);
  });

  it('an answer in the middle of the candidates: the answering handset gets them all, the others none from then on', async () => {
    await rounds(async () => {
      const it = await bobRings();
      const send = (seq: number) =>
        it.caller.ask({ type: 'ice.candidate', call_cid: it.cid, candidate: `candidate:${seq}`, sdpMid: '0', seq });
      const numbers = (from: number) => Array.from({ length: 5 }, (_, i) => from + i);
      await Promise.all([...numbers(1).map(send), it.by.tablet('accept'), ...numbers(6).map(send)]);
      await it.caller.next('call.accepted');
      await Promise.all(numbers(11).map(send));
      // The phone comes back with a new socket: nothing of this is for it.
      await it.phone.close();
      const again = await it.bob.connect({ hardwareId: 'iphone' });
      await Promise.all(numbers(16).map(send));
      const seqs = (frames: readonly Frame[]) =>
        new Set(frames.filter(({ type }) => type === 'ice.candidate').map((frame) => Number(frame['seq'])));
      await eventually(async () => seqs(it.tablet.frames).size === 20, 'all candidates at the tablet');
      for (const socket of [it.phone, again]) expect([...seqs(socket.frames)].filter((seq) => seq > 10)).toEqual([]);
      expect(seqs(again.frames).size).toBe(0);
      await it.caller.ask({ type: 'call.end', call_cid: it.cid });
      await again.close();
      await it.close();
    });
  });

  it('two who ring each other at once are in one call', async () => {
    await rounds(async () => {
      const [alice, bob] = (await Promise.all([person('alice'), person('bob')])) as [Person, Person];
      const [hers, his] = await Promise.all([alice.connect(), bob.connect()]);
      const call = (to: Person) => ({ type: 'call.ring', call_id: unique('mutual'), members: [{ user_id: to.id }] });
      const answers = await Promise.all([hers.ask(call(bob)), his.ask(call(alice))]);
      expect(answers.map(codeOf).toSorted()).toEqual(['glare', 'ok']);
      const won = answers.find(({ type }) => type === 'response')?.['call'] as { cid: string };
      const lost = answers.find(({ type }) => type === 'error')?.['call'] as { cid: string; status: string };
      expect(lost).toMatchObject({ cid: won.cid, status: 'ringing' });
      const loser = answers[0]?.type === 'error' ? hers : his;
      // The client simply accepts.
      expect(await loser.ask({ type: 'call.accept', call_cid: won.cid })).toMatchObject({ call: { status: 'active' } });
      await loser.ask({ type: 'call.end', call_cid: won.cid });
      await Promise.all([hers.next('call.ended'), his.next('call.ended')]);
      // Nothing ever rang for the other call.
      const rings = [...hers.frames, ...his.frames].filter(({ type }) => type === 'call.ring');
      expect(rings.filter((frame) => frame['call_cid'] !== won.cid)).toEqual([]);
      await Promise.all([hers.close(), his.close()]);
    });
  });

  it('two callers at once to one phone: it rings for one of them, the other is told that it is busy', async () => {
    await rounds(async () => {
      const [alice, bob, carol] = (await Promise.all(['alice', 'bob', 'carol'].map(person))) as [
        Person,
        Person,
        Person,
      ];
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

  it('thirty members who accept at once are all in', async () => {
    await rounds(async () => {
      const [alice, ...members] = (await Promise.all(Array.from({ length: 31 }, () => person('m')))) as [
        Person,
        ...Person[],
      ];
      const [caller, one] = await Promise.all([alice.connect(), members[0]?.connect()]);
      const { id } = await ring(alice, members);
      const answers = await Promise.all(members.map((member) => member.post(callPath(id, '/accept'))));
      expect(answers.map(({ status }) => status)).toEqual(members.map(() => 200));
      const { body } = await alice.get(callPath(id));
      expect(body.members.slice(1).map(({ state }: { state: string }) => state)).toEqual(members.map(() => 'accepted'));
      // One change an accept: nobody's was lost or counted twice.
      expect(body.call.version).toBe(1 + members.length);
      await Promise.all(
        [caller, one].map((socket) =>
          eventually(
            async () => socket?.frames.filter(({ type }) => type === 'call.accepted').length === members.length,
            'thirty call.accepted',
          ),
        ),
      );
      await alice.post(callPath(id, '/mark_ended'));
      await Promise.all([caller.next('call.ended'), one?.next('call.ended')]);
      await Promise.all([caller.close(), one?.close()]);
    }, 2);
  });

  it('a member whose connection dies unheard leaves after the grace, and the other end is told', async () => {
    await rounds(async (round) => {
      const [alice, bob] = (await Promise.all([person('alice'), person('bob')])) as [Person, Person];
      const [hers, his] = await Promise.all([alice.connect(), bob.connect({ hardwareId: 'phone' })]);
      const { cid } = await ring(alice, bob);
      await his.ask({ type: 'call.accept', call_cid: cid });
      await hers.next('call.accepted');
      // A connection that has just opened may not be open yet: a post that finds it gone says nothing.
      const connected = his.frames.find(({ type }) => type === 'user.connected');
      const young = Date.parse(String(connected?.['created_at'])) + 5100 - Date.now();
      await new Promise((resolve) => setTimeout(resolve, young));
      await rest().request('DELETE', `/_local/connections/${String(connected?.['connection_id'])}`);
      await his.closed;
      // Nobody has told: the next frame for him finds out.
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
  it('is told what ended its ring, and never rings', async () => {
    const endings: [string, (it: Awaited<ReturnType<typeof bobRings>>) => Promise<unknown>][] = [
      ['call.accepted', (it) => it.by.tablet('accept')],
      ['call.rejected', (it) => it.by.tablet('reject')],
      ['call.cancelled', (it) => it.caller.ask({ type: 'call.cancel', call_cid: it.cid })],
      ['call.missed', (it) => it.caller.next('call.missed')],
    ];
    await Promise.all(
      endings.map(async ([type, end]) => {
        const it = await bobRings({ settings_override: { ring: { auto_cancel_timeout_ms: 5000 } } });
        const wake = keysOf(await pushOf(it.android, 'call.ring'))['wake_token'] ?? '';
        await end(it);
        await it.tablet.next(type);
        const late = await connectWith(wake);
        const listener = listen(it.bob.id, 'android', { socket: late });
        expect(await late.next(type)).toMatchObject({ call_cid: it.cid });
        expect(await listener.rang()).toBe(false);
        await late.close();
        await it.close();
      }),
    );
  });
});
