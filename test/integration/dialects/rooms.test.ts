import { describe, expect, inject, it } from 'vitest';
import { roomCommandTexts } from '../../../tools/protocol/socket/rooms.ts';
import { type Person, people, person, rest, tokenWith, unique } from '../../support/people.ts';
import { start } from '../../support/program.ts';
import type { Socket } from '../../support/raw-client.ts';
import { enter, openRoom, participantsOf, say, userOf } from '../../support/rooms.ts';

const OFFER = { type: 'offer', sdp: 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n' };
const CANDIDATE = { candidate: 'candidate:1 1 udp 1 10.0.0.1 9 typ host', sdp_mid: '0', sdp_m_line_index: 0 };

/** The types of what came, without what says nothing: `enter` asks for an error. */
const typesOf = ({ frames }: Socket): string[] =>
  frames.map(({ type }) => type).filter((type) => type !== 'keep_alive' && type !== 'error');
const close = (...sockets: Socket[]) => Promise.all(sockets.map((socket) => socket.close()));

/** Waits until a device that has been told of its room knows that somebody is there. */
async function sees(socket: Socket, { id }: Person): Promise<void> {
  const [state] = socket.frames;
  if (state && !participantsOf(state).includes(id)) await socket.next('user_joined');
}

describe.concurrent('a room', () => {
  it('tells a newcomer who is there, themselves included, and the others of the newcomer', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const room = unique('room');
    const hers = await openRoom(room, alice.token);
    const me = { user_id: alice.id, username: 'alice' };
    const he = { user_id: bob.id, username: 'bob' };
    expect(await hers.next('room_state')).toEqual({
      type: 'room_state',
      payload: { participants: [me], room_id: room },
      room_id: room,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    const his = await openRoom(room, bob.token);
    expect(await his.next('room_state')).toMatchObject({ payload: { participants: [me, he] } });
    expect(await hers.next('user_joined')).toMatchObject({ payload: he, room_id: room });
    await close(his);
    expect(await hers.next('user_left')).toMatchObject({ payload: he, room_id: room });
    await close(hers);
    const again = await enter(room, bob);
    expect(participantsOf(again.frames[0] ?? { type: '' })).toEqual([bob.id]);
    await close(again);
  });

  it('relays an offer, an answer and candidates unchanged, to everybody else or to one, and never to their sender', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const room = unique('room');
    const hers = await enter(room, alice);
    const his = await enter(room, bob);
    const carols = await enter(room, carol);
    // Whatever a client says of its sender and the time is not believed.
    hers.send({
      type: 'offer',
      payload: { ...OFFER, extra: [1, null], sender_id: carol.id },
      room_id: room,
      timestamp: 'x',
    });
    const relayed = { ...OFFER, extra: [1, null], sender_id: alice.id };
    for (const socket of [his, carols])
      expect(await socket.next('offer')).toEqual({
        type: 'offer',
        payload: relayed,
        room_id: room,
        timestamp: expect.stringMatching(/Z$/),
      });
    say(his, room, 'answer', { type: 'answer', sdp: OFFER.sdp, target_user_id: alice.id });
    expect(await hers.next('answer')).toMatchObject({
      payload: { type: 'answer', sdp: OFFER.sdp, target_user_id: alice.id, sender_id: bob.id },
    });
    const last = { candidate: '', sdp_mid: null, sdp_m_line_index: null };
    for (const candidate of [CANDIDATE, last]) {
      say(hers, room, 'ice_candidate', { ...candidate, target_user_id: bob.id });
      expect((await his.next('ice_candidate'))['payload']).toEqual({
        ...candidate,
        target_user_id: bob.id,
        sender_id: alice.id,
      });
    }
    say(carols, room, 'offer', { ...OFFER, target_user_id: bob.id });
    await his.next('offer');
    expect(typesOf(carols)).toEqual(['room_state', 'offer']);
    expect(typesOf(hers)).toEqual(['room_state', 'user_joined', 'user_joined', 'answer']);
    await close(hers, his, carols);
  });

  it('shows two who come at once to each other exactly once', async () => {
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        const [alice, bob] = await people('alice', 'bob');
        const room = unique('room');
        const [hers, his] = await Promise.all([enter(room, alice), enter(room, bob)]);
        await Promise.all([sees(hers, bob), sees(his, alice)]);
        // Whatever else was on its way has come by the time that each has heard the other.
        say(hers, room, 'offer', OFFER);
        say(his, room, 'offer', OFFER);
        await Promise.all([hers.next('offer'), his.next('offer')]);
        for (const [socket, other] of [
          [hers, bob],
          [his, alice],
        ] as const) {
          const [state, ...news] = socket.frames;
          if (state?.type !== 'room_state') throw new Error(`the first frame was ${state?.type}`);
          const told = news.filter(({ type }) => type === 'user_joined').map(userOf);
          expect([...participantsOf(state), ...told].filter((id) => id === other.id)).toHaveLength(1);
        }
        await close(hers, his);
      }),
    );
  });

  it('takes a user on two devices for one participant, and brings both what is for the user', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const room = unique('room');
    const his = await enter(room, bob);
    const phone = await enter(room, alice);
    const tablet = await openRoom(room, alice.token);
    expect(participantsOf(await tablet.next('room_state'))).toEqual([bob.id, alice.id]);
    say(his, room, 'offer', { ...OFFER, target_user_id: alice.id });
    await Promise.all([phone.next('offer'), tablet.next('offer')]);
    say(phone, room, 'ice_candidate', CANDIDATE);
    await his.next('ice_candidate');
    await close(phone);
    say(his, room, 'offer', OFFER);
    await tablet.next('offer');
    await close(tablet);
    await his.next('user_left');
    expect(typesOf(his)).toEqual(['room_state', 'user_joined', 'ice_candidate', 'user_left']);
    expect(typesOf(tablet)).toEqual(['room_state', 'offer', 'offer']);
    await close(his);
  });

  it('tells the others within two seconds that somebody has closed, or vanished without a word', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const room = unique('room');
    const hers = await enter(room, alice);
    const [his, carols] = await Promise.all([enter(room, bob), enter(room, carol)]);
    const gone = [];
    for (const leave of [() => his.raw.close(), () => carols.raw.terminate()]) {
      const at = Date.now();
      leave();
      const left = await hers.next('user_left');
      gone.push(userOf(left));
      expect(Date.parse(String(left['timestamp'])) - at).toBeLessThan(2000);
    }
    expect(gone).toEqual([bob.id, carol.id]);
    await close(hers);
  });

  it('is heard of in no other room, and makes nobody reachable for a call', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const [room, other] = [unique('room'), unique('room')];
    const hers = await enter(room, alice);
    const his = await enter(room, bob);
    const carols = await enter(other, carol);
    say(hers, room, 'offer', OFFER);
    await his.next('offer');
    say(hers, room, 'offer', { ...OFFER, target_user_id: carol.id });
    expect((await hers.next('error'))['payload']).toMatchObject({ code: 'not_found' });
    const native = await alice.connect();
    native.send({ type: 'call.ring', call_id: unique('call'), members: [{ user_id: bob.id }] });
    await native.next('call.unreachable');
    say(hers, room, 'offer', OFFER);
    await his.next('offer');
    expect(typesOf(carols)).toEqual(['room_state']);
    expect(typesOf(his)).toEqual(['room_state', 'offer', 'offer']);
    await close(hers, his, carols, native);
  });

  it('takes fifty connections, refuses the next with 403, and takes another when one has gone', async () => {
    const everybody = await Promise.all(Array.from({ length: 50 }, (_, i) => person(`user${i}`)));
    const late = await person('late');
    const room = unique('room');
    const [watcher, ...others] = await Promise.all(everybody.map((one) => enter(room, one)));
    const [first, ...rest_] = others;
    if (!watcher || !first) throw new Error('nobody came');
    await expect(openRoom(room, late.token)).rejects.toMatchObject({ status: 403 });
    await close(first);
    await watcher.next('user_left');
    const socket = await openRoom(room, late.token);
    expect(participantsOf(await socket.next('room_state'))).toHaveLength(50);
    await close(watcher, socket, ...rest_);
  });

  it('writes to quiet connections', async () => {
    const alice = await person('alice');
    const room = unique('room');
    const hers = await enter(room, alice);
    for (let i = 0; i < 2; i += 1)
      expect(await hers.next('keep_alive')).toEqual({
        type: 'keep_alive',
        payload: {},
        room_id: room,
        timestamp: expect.any(String),
      });
    await close(hers);
  });
});

describe.concurrent('what a client of a room must not send', () => {
  const frame = (type: unknown, payload: unknown, room_id: unknown) => JSON.stringify({ type, payload, room_id });

  it('gets an error that says what is wrong, and the connection stays open', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const room = unique('room');
    const hers = await enter(room, alice);
    const his = await enter(room, bob);
    await hers.next('user_joined');
    const bad: [sent: string, code: string, says: string][] = [
      ['no json', 'invalid_json', 'JSON'],
      ['[]', 'invalid_json', 'object'],
      ['null', 'invalid_json', 'object'],
      ['{}', 'unknown_type', 'type'],
      [frame('toString', {}, room), 'unknown_type', 'type'],
      [frame('user_joined', { user_id: bob.id }, room), 'unknown_type', 'type'],
      [frame(['offer'], OFFER, room), 'unknown_type', 'type'],
      [frame('offer', OFFER, unique('other')), 'validation_failed', 'room_id'],
      [frame('offer', OFFER, undefined), 'validation_failed', 'room_id'],
      [frame('offer', undefined, room), 'validation_failed', 'payload'],
      [frame('offer', [], room), 'validation_failed', 'payload'],
      [frame('offer', { type: 'offer' }, room), 'validation_failed', 'payload.sdp'],
      [frame('offer', { type: 'offer', sdp: 5 }, room), 'validation_failed', 'payload.sdp'],
      [frame('offer', { sdp: 'v=0' }, room), 'validation_failed', 'payload.type'],
      [frame('ice_candidate', {}, room), 'validation_failed', 'payload.candidate'],
      [frame('ice_candidate', { ...CANDIDATE, sdp_m_line_index: -1 }, room), 'validation_failed', 'sdp_m_line_index'],
      [frame('offer', { ...OFFER, target_user_id: 'no user' }, room), 'validation_failed', 'target_user_id'],
      [frame('offer', { ...OFFER, target_user_id: alice.id }, room), 'validation_failed', 'target_user_id'],
      [frame('offer', { ...OFFER, target_user_id: unique('nobody') }, room), 'not_found', 'not in this room'],
      [frame('offer', { type: 'offer', sdp: 'a'.repeat(25_000) }, room), 'payload_too_large', '24 KiB'],
    ];
    for (const [sent, code, says] of bad) {
      hers.raw.send(sent);
      const { payload } = await hers.next('error');
      expect(payload, sent.slice(0, 200)).toEqual({ code, message: expect.stringContaining(says) });
    }
    say(hers, room, 'offer', OFFER);
    await his.next('offer');
    expect(typesOf(his)).toEqual(['room_state', 'offer']);
    await close(hers, his);
  });

  it('closes the connection if it is binary or longer than API Gateway takes', async () => {
    const alice = await person('alice');
    const room = unique('room');
    for (const [sent, code] of [
      [Buffer.from('{}'), 1003],
      ['a'.repeat(33 * 1024), 1009],
    ] as const) {
      const socket = await enter(room, alice);
      socket.raw.send(sent);
      expect(await socket.closed).toMatchObject({ code });
    }
  });
});

describe.concurrent('the upgrade to a room', () => {
  it.each(['a', 'A-Z_09.', 'x'.repeat(128), '%61%2Db'])('takes %s', async (path) => {
    const alice = await person('alice');
    const socket = await openRoom(path, alice.token);
    const own = decodeURIComponent(path);
    expect(await socket.next('room_state')).toMatchObject({ room_id: own, payload: { room_id: own } });
    await close(socket);
  });

  it.each(['', 'x'.repeat(129), 'a%20b', 'a+b', 'a/b', 'a%2Fb', '%2561', '%', 'caf%C3%A9', 'a;b', 'a@b'])(
    'is refused with 400 for the room %j',
    async (path) => {
      const alice = await person('alice');
      await expect(openRoom(path, alice.token)).rejects.toMatchObject({ status: 400 });
    },
  );

  it('is refused with 401 without a good token, and with 403 with one that is good for a single call', async () => {
    const alice = await person('alice');
    const room = unique('room');
    await expect(openRoom(room)).rejects.toMatchObject({ status: 401 });
    await expect(openRoom(room, 'no.jwt.here')).rejects.toMatchObject({ status: 401 });
    const expired = await tokenWith({ user_id: alice.id, exp: 1_000_000_000 });
    await expect(openRoom(room, expired)).rejects.toMatchObject({ status: 401 });
    const nobody = await tokenWith({ role: 'server' });
    await expect(openRoom(room, nobody)).rejects.toMatchObject({ status: 403 });
    const server = await openRoom(room, await tokenWith({ role: 'server', user_id: alice.id }));
    expect(participantsOf(await server.next('room_state'))).toEqual([alice.id]);
    await close(server);
  });

  it('needs the id in the path: a query of the client’s own names no other room', async () => {
    const alice = await person('alice');
    const room = unique('room');
    const socket = await openRoom(`${room}?room_id=${unique('other')}&token=${alice.token}`);
    expect(await socket.next('room_state')).toMatchObject({ room_id: room });
    await close(socket);
  });
});

describe('the examples of the documents', () => {
  it.each(Object.entries(roomCommandTexts))('%s is relayed', async (type, { example }) => {
    const [alice, bob] = await people('alice', 'bob');
    const room = unique('room');
    const hers = await enter(room, alice);
    const his = await enter(room, bob);
    const { payload } = example;
    his.send({ ...example, room_id: room, payload: { ...Object(payload), target_user_id: alice.id } });
    expect((await hers.next(type))['payload']).toEqual({
      ...Object(payload),
      target_user_id: alice.id,
      sender_id: bob.id,
    });
    await close(hers, his);
  });
});

describe('the example', () => {
  it('sees others come and go, and exchanges descriptions and candidates with them', async () => {
    const [alice, bob, room] = [unique('alice'), unique('bob'), unique('room')];
    const meet = (user: string) =>
      start(process.execPath, ['examples/node/room.mjs', '--user', user, '--room', room, '--stay', '60'], {
        CARILLON_URL: inject('stackUrl'),
      });
    const first = meet(alice);
    await first.printed(`alone in ${room}`);
    const second = meet(bob);
    await Promise.all([
      first.printed(`${bob} has come`),
      second.printed(`in ${room} with ${alice}`),
      second.printed(`${alice} has answered`),
      first.printed(`got a candidate of ${bob}`),
      second.printed(`got a candidate of ${alice}`),
    ]);
    second.process.kill();
    await first.printed(`${bob} has gone`);
    first.process.kill();
    await Promise.all([first.ended, second.ended]);
  });
});

describe('GET /webrtc/config', () => {
  it('says how to make a peer connection, to whoever has signed in', async () => {
    const alice = await person('alice');
    const { status, body } = await alice.get('/webrtc/config');
    expect(status).toBe(200);
    expect(body).toEqual({
      ice_servers: expect.arrayContaining([{ urls: expect.arrayContaining([expect.stringMatching(/^stun:/)]) }]),
      ice_transport_policy: 'all',
      bundle_policy: 'balanced',
      rtcp_mux_policy: 'require',
    });
    expect((await rest().request('GET', '/webrtc/config')).status).toBe(401);
  });
});
