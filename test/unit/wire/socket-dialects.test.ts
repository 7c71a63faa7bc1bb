import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { later } from '#domain/time.ts';
import type { Notice } from '#ports/notice.ts';
import { callsCommands } from '#wire/socket/calls/decode.ts';
import { encodeCalls } from '#wire/socket/calls/encode.ts';
import { enginePacketOf, enginePacketsOf, eventPacket, payloadOf, socketPacketOf } from '#wire/socket/packets.ts';
import { videoCommands } from '#wire/socket/video/decode.ts';
import { encodeVideo } from '#wire/socket/video/encode.ts';
import { aRingingCall, NOON } from '../../support/builders.ts';

const call = aRingingCall();
const other = { id: 'alice', name: 'Alice' };
const candidate = { candidate: 'candidate:1 1 udp 1 192.0.2.1 1 typ host', sdpMid: '0', sdpMLineIndex: 0 };

/** Everything that a phone may hear. */
const NOTICES: Readonly<Record<string, Notice>> = {
  ring: { type: 'ring', call, other, offer: 'v=0', expiresAt: later(NOON, 45_000) },
  'ring of a nameless caller': { type: 'ring', call, other: { id: 'alice' }, offer: 'v=0', expiresAt: NOON },
  answer: { type: 'answer', call, other, answer: 'v=0' },
  candidate: { type: 'candidate', call, other, candidate },
  'end of candidates': { type: 'candidate', call, other, candidate: null },
  'end of the candidates of a media line': {
    type: 'candidate',
    call,
    other,
    candidate: { ...candidate, candidate: '' },
  },
  rejected: { type: 'rejected', call, other, reason: 'busy' },
  over: { type: 'over', call, other, reason: 'answered_elsewhere' },
  unreachable: { type: 'unreachable', call, other },
};

const golden = (name: string): unknown => JSON.parse(readFileSync(`test/golden/socket/${name}.json`, 'utf8'));

describe.each([
  ['calls', encodeCalls],
  ['video', encodeVideo],
] as const)('the dialect %s', (dialect, encode) => {
  it('says each notice as its golden file has it', () => {
    const said = Object.fromEntries(Object.entries(NOTICES).map(([name, notice]) => [name, encode(notice)]));
    expect(JSON.parse(JSON.stringify(said))).toEqual(golden(dialect));
  });
});

describe('what a client sends', () => {
  it.each([
    [
      callsCommands.callUser,
      { to: 'bob', signalData: { type: 'offer', sdp: 'v=0' } },
      { type: 'ring', to: 'bob', offer: { sdp: 'v=0' }, video: false },
    ],
    [
      callsCommands.callUser,
      { to: 'bob', signalData: { sdp: 'v=0' }, callType: 'video', more: 1 },
      { type: 'ring', to: 'bob', offer: { sdp: 'v=0' }, video: true },
    ],
    [
      callsCommands.answerCall,
      { to: 'bob', signalData: { type: 'answer', sdp: 'v=0' } },
      { type: 'answer', to: 'bob', answer: { sdp: 'v=0' } },
    ],
    [callsCommands.rejectCall, { to: 'bob' }, { type: 'reject', to: 'bob' }],
    [callsCommands.endCall, undefined, { type: 'end', to: undefined }],
    [callsCommands.endCall, { to: 'bob' }, { type: 'end', to: 'bob' }],
    [
      callsCommands.iceCandidate,
      { to: 'bob', candidate: null },
      { type: 'candidate', to: 'bob', body: { candidate: null } },
    ],
    [
      videoCommands.call_user,
      { toUserId: 'bob', offer: { sdp: 'v=0' } },
      { type: 'ring', to: 'bob', offer: { sdp: 'v=0' }, video: true },
    ],
    [videoCommands.ice_candidate, { toUserId: 'bob', candidate }, { type: 'candidate', to: 'bob', body: candidate }],
  ])('is read as a command', (schema, sent, command) => {
    expect(schema.parse(sent)).toEqual(command);
  });

  it.each([
    [
      '51-/ws/calls,7["x",{"_placeholder":true,"num":0}]',
      { type: 'binary', namespace: '/ws/calls', name: 'x', ack: 7 },
    ],
    ['52-["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', { type: 'binary', name: 'x' }],
    ['51-["x",{"_placeholder":true,"num":1}]', { type: 'malformed' }],
    ['511-["x"]', { type: 'malformed' }],
    ['61-7[{"_placeholder":true,"num":0}]', { type: 'unasked' }],
    [Buffer.from('offer'), { type: 'attachment' }],
    [undefined, { type: 'malformed' }],
  ])('is read as a packet: %s', (sent, packet) => {
    expect(socketPacketOf(sent)).toMatchObject(packet);
  });

  it('is never more than a packet that is refused, whatever it is', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.stringMatching(/^[0-6][0-6]?[-,/\w]*[[{"].*$/),
    );
    fc.assert(
      fc.property(text, (sent) => {
        expect(enginePacketOf(sent).type).toBeDefined();
        expect(Array.isArray(enginePacketsOf(sent))).toBe(true);
        expect(['connect', 'disconnect', 'event', 'binary', 'attachment', 'unasked', 'malformed']).toContain(
          socketPacketOf(sent).type,
        );
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.string(), fc.json(), (name, json) => {
        const frame = eventPacket('/ws/calls', [name, JSON.parse(json)]);
        const [packet] = enginePacketsOf(payloadOf([frame]));
        const read = socketPacketOf(String(packet?.data));
        if (read.type === 'event') expect([read.name, read.args]).toEqual([name, [JSON.parse(json)]]);
      }),
      { seed: 2, numRuns: 500 },
    );
  });
});
