import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { epochMs } from '#domain/time.ts';
import type { RoomSignalType } from '#ports/room-link.ts';
import { encodeRoomError, encodeRoomEvent } from '#wire/socket/rooms/encode.ts';
import { requireFit, roomFrames } from '#wire/socket/rooms/frames.ts';

const where = { roomId: 'standup', at: epochMs(Date.UTC(2026, 10, 20, 10, 35)) };
const envelope = { room_id: 'standup', timestamp: '2026-11-20T10:35:00.000Z' };
const alice = { userId: 'alice', username: 'Alice' };

/** Every frame that a client in a room gets. */
const FRAMES = {
  room_state: encodeRoomEvent({ ...where, type: 'room_state', participants: [alice] }),
  user_joined: encodeRoomEvent({ ...where, type: 'user_joined', user: alice }),
  user_left: encodeRoomEvent({ ...where, type: 'user_left', user: alice }),
  offer: signalFrame('offer', { type: 'offer', sdp: 'v=0' }),
  answer: signalFrame('answer', { type: 'answer', sdp: 'v=0', target_user_id: 'bob' }),
  ice_candidate: signalFrame('ice_candidate', { candidate: 'candidate:1', sdp_mid: '0', sdp_m_line_index: 0 }),
  'end of candidates': signalFrame('ice_candidate', { candidate: null, sdp_mid: '0', sdp_m_line_index: 0 }),
  keep_alive: encodeRoomEvent({ ...where, type: 'keep_alive' }),
  error: encodeRoomError(where, { code: 'not_found', message: 'bob is not in this room' }),
  'signed out': encodeRoomEvent({ ...where, type: 'evicted', why: 'signed_out' }),
  replaced: encodeRoomEvent({ ...where, type: 'evicted', why: 'replaced' }),
};

function signalFrame(type: RoomSignalType, payload: Readonly<Record<string, unknown>>): string {
  return encodeRoomEvent({ ...where, type: 'signal', from: 'alice', signal: { type, payload } });
}

it('every frame of a room is that of its golden file', () => {
  const said = Object.fromEntries(Object.entries(FRAMES).map(([name, text]) => [name, JSON.parse(text)]));
  expect(said).toEqual(JSON.parse(readFileSync('test/golden/socket/rooms.json', 'utf8')));
});

describe('what a client in a room is told', () => {
  it.each([
    [
      { ...where, type: 'room_state', participants: [alice] } as const,
      { type: 'room_state', payload: { participants: [{ user_id: 'alice', username: 'Alice' }], room_id: 'standup' } },
    ],
    [
      { ...where, type: 'user_joined', user: alice } as const,
      { type: 'user_joined', payload: { user_id: 'alice', username: 'Alice' } },
    ],
    [
      { ...where, type: 'user_left', user: alice } as const,
      { type: 'user_left', payload: { user_id: 'alice', username: 'Alice' } },
    ],
    [
      {
        ...where,
        type: 'signal',
        from: 'alice',
        signal: { type: 'offer', payload: { type: 'offer', sdp: 'v=0', extra: [1], sender_id: 'mallory' } },
      } as const,
      { type: 'offer', payload: { type: 'offer', sdp: 'v=0', extra: [1], sender_id: 'alice' } },
    ],
    [{ ...where, type: 'keep_alive' } as const, { type: 'keep_alive', payload: {} }],
  ])('$type has the envelope of its document', (event, frame) => {
    expect(JSON.parse(encodeRoomEvent(event))).toEqual({ ...frame, ...envelope });
  });

  it('says in an error what is wrong, and its code', () => {
    expect(JSON.parse(encodeRoomError(where, { code: 'not_found', message: 'bob is not in this room' }))).toEqual({
      type: 'error',
      payload: { message: 'bob is not in this room', code: 'not_found' },
      ...envelope,
    });
  });

  it('cuts names where a full room would pass 32 KiB, never ids, and never within a character', () => {
    const participants = Array.from({ length: 50 }, (_, i) => ({
      userId: `${i}`.padStart(128, '0'),
      username: i === 0 ? 'Al' : '😀'.repeat(64) + '\u0001'.repeat(64),
    }));
    const text = encodeRoomEvent({ ...where, type: 'room_state', participants });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(32 * 1024);
    const told: { user_id: string; username: string }[] = JSON.parse(text).payload.participants;
    expect(told.map(({ user_id }) => user_id)).toEqual(participants.map(({ userId }) => userId));
    expect(told[0]?.username).toBe('Al');
    expect(told.every(({ username }) => username.isWellFormed())).toBe(true);
    expect(told[1]?.username.length).toBeGreaterThan(64);
  });
});

describe('what a client in a room sends', () => {
  const frames = roomFrames('standup');
  const wrongAt = (type: keyof typeof frames, frame: unknown): string | undefined =>
    frames[type].safeParse(frame).error?.issues[0]?.path.join('.');

  it.each([
    ['offer', { type: 'offer', sdp: 'v=0' }],
    ['offer', { type: 'offer', sdp: 'v=0', target_user_id: null }],
    ['answer', { type: 'answer', sdp: 'v=0', target_user_id: 'bob' }],
    ['ice_candidate', { candidate: 'candidate:1', sdp_mid: '0', sdp_m_line_index: 0 }],
    ['ice_candidate', { candidate: '', sdp_mid: null, sdp_m_line_index: null }],
    ['ice_candidate', { candidate: null }],
  ] as const)('%s %j is taken as it is', (type, payload) => {
    expect(frames[type].parse({ type, payload, room_id: 'standup', timestamp: 5 }).payload).toEqual(payload);
  });

  it.each([
    ['offer', { payload: { type: 'offer', sdp: '' }, room_id: 'standup' }, 'payload.sdp'],
    ['offer', { payload: { type: 'answer', sdp: 'v=0' }, room_id: 'standup' }, 'payload.type'],
    ['answer', { payload: { type: 'answer' }, room_id: 'standup' }, 'payload.sdp'],
    ['ice_candidate', { payload: { sdp_mid: '0' }, room_id: 'standup' }, 'payload.candidate'],
    ['ice_candidate', { payload: { candidate: '', target_user_id: 5 }, room_id: 'standup' }, 'payload.target_user_id'],
    ['offer', { payload: 'v=0', room_id: 'standup' }, 'payload'],
    ['offer', { payload: { type: 'offer', sdp: 'v=0' }, room_id: 'other' }, 'room_id'],
    ['offer', { payload: { type: 'offer', sdp: 'v=0' } }, 'room_id'],
  ] as const)('%s %j is refused, and the error names %s', (type, frame, path) => {
    expect(wrongAt(type, frame)).toBe(path);
  });

  it('is at most 24 KiB of text in 30 KiB of JSON', () => {
    expect(() => requireFit({ sdp: 'a'.repeat(24 * 1024) })).not.toThrow();
    expect(() => requireFit({ sdp: 'a'.repeat(24 * 1024 + 1) })).toThrow('24 KiB');
    expect(() => requireFit({ sdp: 'v=0', extra: 'a'.repeat(30 * 1024) })).toThrow('30 KiB');
  });
});
