import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { MAX_OCCUPANTS } from '#domain/room/room.ts';
import { epochMs, later, MINUTE_MS } from '#domain/time.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';
import { playedRoom, type RoomSocket } from '../support/played-room.ts';

useEmbeddedTable();

/** How many random games are played; `npm run test:long` plays hundreds. */
const GAMES = Number(process.env['RACE_ROUNDS'] ?? 8);
const PATIENT_MS = 60_000 + GAMES * 2000;

const LOGIN = { kind: 'login' } as const;

const aRoom = (delay = () => 0) => playedRoom(`room-${randomUUID()}`, delay);

const opened = (socket: RoomSocket | 'full'): RoomSocket => {
  if (socket === 'full') throw new Error('the room is full');
  return socket;
};

/** Whom a client sees in its room after all that it heard. Whatever makes no sense to it is an error. */
function viewOf({ userId: self, heard }: RoomSocket): string[] {
  const [state, ...news] = heard;
  if (state?.type !== 'room_state') throw new Error(`${self} heard ${state?.type} first`);
  const view = new Set(state.participants.map(({ userId }) => userId));
  const known = new Set(view);
  expect(view.size).toBe(state.participants.length);
  expect([...view]).toContain(self);
  for (const event of news) {
    const subject = 'user' in event ? event.user.userId : event.type === 'signal' ? event.from : '';
    const makesSense = {
      room_state: false,
      user_joined: !view.has(subject),
      user_left: view.has(subject) && subject !== self,
      // It may have been on its way while its sender left, but never comes before they joined.
      signal: known.has(subject) && subject !== self,
      evicted: true,
      keep_alive: true,
    }[event.type];
    if (!makesSense) throw new Error(`${self} heard ${event.type} ${subject} and saw ${[...view]}`);
    if (event.type === 'user_joined') view.add(subject);
    if (event.type === 'user_left') view.delete(subject);
    known.add(subject);
  }
  return [...view].toSorted();
}

const device = fc.record({
  user: fc.integer({ min: 0, max: 3 }),
  comesAfter: fc.integer({ min: 0, max: 25 }),
  stays: fc.option(fc.integer({ min: 0, max: 40 })),
  ends: fc.constantFrom('close', 'lose'),
  sends: fc.boolean(),
});

describe('a room', () => {
  it(
    'shows everybody who is there to everybody once, in whatever order devices come, go, vanish and send',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(device, { minLength: 1, maxLength: 8 }),
          fc.infiniteStream(fc.integer({ min: 0, max: 6 })),
          async (devices, delays) => {
            const room = aRoom(() => delays.next().value ?? 0);
            const sockets = await Promise.all(
              devices.map(async ({ user, comesAfter, stays, ends, sends }, i) => {
                await wait(comesAfter);
                const socket = opened(await room.connect(`device-${i}`, `user-${user}`));
                // A frame that comes before its sender has joined waits; its sender may be gone by then.
                if (sends) room.run(() => room.send(socket, { sdp: 'v=0' }).catch(() => undefined));
                if (stays !== null) {
                  await wait(stays);
                  room[ends](socket);
                }
                return socket;
              }),
            );
            await room.quiet();
            await room.keepAlive();
            await room.quiet();

            const present = sockets.filter(({ isOpen }) => isOpen);
            const there = [...new Set(present.map(({ userId }) => userId))].toSorted();
            for (const socket of sockets) if (socket.heard.length > 0) viewOf(socket);
            for (const socket of present) expect(viewOf(socket)).toEqual(there);
            expect((await room.find())?.occupants.map(({ stage }) => stage) ?? []).toEqual(present.map(() => 'joined'));

            for (const socket of present) room.close(socket);
            await room.quiet();
            expect(await room.find()).toBeUndefined();
          },
        ),
        { numRuns: GAMES },
      );
    },
    PATIENT_MS,
  );

  it('takes fifty connections and no more, also when more come at once', async () => {
    const room = aRoom();
    const all = await Promise.all(
      Array.from({ length: MAX_OCCUPANTS + 15 }, (_, i) => room.connect(`device-${i}`, `user-${i}`)),
    );
    await room.quiet();
    const inside = all.filter((socket) => socket !== 'full');
    expect(inside).toHaveLength(MAX_OCCUPANTS);
    const users = inside.map(({ userId }) => userId).toSorted();
    for (const socket of inside) expect(viewOf(socket)).toEqual(users);

    const [first] = inside;
    if (first) room.close(first);
    await room.quiet();
    opened(await room.connect('late', 'late'));
    expect(await room.connect('later', 'later')).toBe('full');
  });

  it('counts two devices of a user as one participant until the second has gone', async () => {
    const room = aRoom();
    const bob = opened(await room.connect('bob', 'bob'));
    await room.quiet();
    const phone = opened(await room.connect('phone', 'alice'));
    await room.quiet();
    const tablet = opened(await room.connect('tablet', 'alice'));
    await room.quiet();
    room.close(phone);
    await room.quiet();
    await room.send(bob, { sdp: 'v=0' }, 'alice');
    room.close(tablet);
    await room.quiet();
    expect(bob.heard.map(({ type }) => type)).toEqual(['room_state', 'user_joined', 'user_left']);
    expect(tablet.heard).toEqual([
      expect.objectContaining({
        type: 'room_state',
        participants: [
          { userId: 'bob', username: 'BOB' },
          { userId: 'alice', username: 'ALICE' },
        ],
      }),
      expect.objectContaining({ type: 'signal', from: 'bob' }),
    ]);
  });

  it('tells the others who has gone when a frame for them cannot be posted, and its sender that they are not there', async () => {
    const room = aRoom();
    const [alice, bob, carol] = [
      opened(await room.connect('a', 'alice')),
      opened(await room.connect('b', 'bob')),
      opened(await room.connect('c', 'carol')),
    ];
    await room.quiet();
    room.lose(bob);
    await expect(room.send(alice, { sdp: 'v=0' }, 'bob')).rejects.toMatchObject({ code: 'not_found' });
    for (const socket of [alice, carol]) expect(viewOf(socket)).toEqual(['alice', 'carol']);
  });

  it('brings a frame to whoever was on the way when it was sent, and nobody waits for them', async () => {
    const room = aRoom(() => 20);
    const alice = opened(await room.connect('a', 'alice'));
    const bob = opened(await room.connect('b', 'bob'));
    await room.quiet();
    const carol = room.connect('c', 'carol');
    await vi.waitFor(async () => expect((await room.find())?.occupants).toHaveLength(3));
    await room.send(alice, { sdp: 'v=0' });
    expect(bob.heard.map(({ type }) => type)).toContain('signal');
    expect(opened(await carol).heard.map(({ type }) => type)).toEqual(['room_state', 'signal']);
  });

  it('gives up a socket that never opens', async () => {
    const room = aRoom();
    const alice = opened(await room.connect('a', 'alice'));
    await room.quiet();
    const late = room.connect('b', 'bob');
    const socket = opened(await late);
    room.lose(socket);
    const roomId = (await room.find())?.id ?? '';
    await room.join({ type: 'join', roomId, connectionId: 'b', attempt: 5, token: LOGIN }, false);
    await room.quiet();
    expect((await room.find())?.occupants.map(({ userId }) => userId)).toEqual(['alice']);
    expect(alice.heard.map(({ type }) => type)).toEqual(['room_state']);
  });

  it('finishes what an invocation left half done: once redelivered, the newcomer and the others are told', async () => {
    const room = aRoom();
    const alice = opened(await room.connect('a', 'alice'));
    await room.quiet();
    const roomId = (await room.find())?.id ?? '';
    await room.rooms.enter(
      roomId,
      { connectionId: 'b', userId: 'bob', username: 'Bob', enteredAt: epochMs(Date.now()) },
      epochMs(0),
    );
    await room.rooms.pass({ roomId, connectionId: 'b', from: 'arriving', to: 'joining' });
    await room.join({ type: 'join', roomId, connectionId: 'b', attempt: 0, token: LOGIN }, false);
    expect(alice.heard).toHaveLength(1);
    await room.join({ type: 'join', roomId, connectionId: 'b', attempt: 0, token: LOGIN }, true);
    expect(alice.heard.map(({ type }) => type)).toEqual(['room_state', 'user_joined', 'user_left']);
    expect((await room.find())?.occupants).toHaveLength(1);
  });

  it('closes a connection that has to leave, as soon as it is open, and tells it why and the others that its user left', async () => {
    const room = aRoom();
    const alice = opened(await room.connect('a', 'alice'));
    await room.quiet();
    const bob = opened(await room.connect('b', 'bob'));
    bob.isOpen = false;
    const job = { type: 'evict', roomId: (await room.find())?.id ?? '', userId: 'bob', attempt: 0 } as const;
    await room.evict({ ...job, connectionId: 'b', why: 'signed_out' });
    bob.isOpen = true;
    await room.quiet();
    await room.evict({ ...job, userId: 'alice', connectionId: 'a', why: 'replaced' });
    expect([alice, bob].map(({ isOpen, heard }) => [isOpen, heard.at(-1)])).toEqual([
      [false, expect.objectContaining({ type: 'evicted', why: 'replaced' })],
      [false, expect.objectContaining({ type: 'evicted', why: 'signed_out' })],
    ]);
    expect(await room.find()).toBe(undefined);
  });

  it('makes room for others when whoever took the places has died on the way', async () => {
    let now = epochMs(Date.now());
    const roomId = `room-${randomUUID()}`;
    const room = playedRoom(
      roomId,
      () => 0,
      () => now,
    );
    for (let i = 0; i < MAX_OCCUPANTS; i += 1)
      await room.rooms.enter(roomId, { connectionId: `${i}`, userId: `${i}`, username: '', enteredAt: now }, now);
    expect(await room.connect('late', 'late')).toBe('full');
    now = later(now, 2 * MINUTE_MS);
    opened(await room.connect('later', 'later'));
    await room.quiet();
    expect((await room.find())?.occupants.map(({ userId }) => userId)).toEqual(['later']);
  });
});

describe('the keep-alive of a room', () => {
  it('is written to everybody, comes again for as long as the room exists, and runs once however often it is delivered', async () => {
    const room = aRoom();
    const alice = opened(await room.connect('a', 'alice'));
    await room.quiet();
    opened(await room.connect('b', 'bob'));
    await room.quiet();
    expect(room.keepAlives).toHaveLength(1);
    const [job] = room.keepAlives;
    await room.keepAlive();
    expect(room.keepAlives).toEqual([{ ...job, due: (job?.due ?? 0) + 480_000 }]);
    if (job) room.keepAlives.push(job);
    await room.keepAlive();
    expect(room.keepAlives).toHaveLength(1);
    expect(alice.heard.map(({ type }) => type)).toEqual(['room_state', 'user_joined', 'keep_alive']);
  });

  it('ends with the room', async () => {
    const room = aRoom();
    const alice = opened(await room.connect('a', 'alice'));
    await room.quiet();
    room.close(alice);
    await room.quiet();
    await room.keepAlive();
    expect(room.keepAlives).toEqual([]);
  });

  it('begins again with the next who enters if it was lost', async () => {
    let now = epochMs(Date.now());
    const room = playedRoom(
      `room-${randomUUID()}`,
      () => 0,
      () => now,
    );
    await room.connect('a', 'alice');
    room.keepAlives.pop();
    now = later(now, 10 * MINUTE_MS);
    await room.connect('b', 'bob');
    expect(room.keepAlives).toHaveLength(1);
  });
});
