import { madeBy } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { type DialectFigure, type DialectLatency, WARM_UP } from './measure-dialects.ts';

const WHAT: Readonly<Record<DialectFigure, string>> = {
  ring_to_event: '`callUser` sent → `incomingCall` received',
  signal_relay: '`answerCall` sent → `callAccepted` received',
  room_offer: 'an `offer` in a room sent → received by the other who is there',
};

const ms = (time: number): string => time.toFixed(1);

/** The part of the page about dialects. */
export const dialectsSection = (
  result: readonly DialectLatency[],
  now: Date,
): string => `## Dialects beside a Socket.IO server

${madeBy('npm run bench -- --only dialects', ['socket.io', 'ws'], now)}

The same clients on both sides (\`socket.io-client\` for calls) and the same 2 KiB of SDP, on one machine, in one run, in turn; the first ${WARM_UP} calls are not counted. Times are milliseconds.

${markdownTable(
  ['what', 'Carillon p50', 'p95', 'p99', 'Socket.IO p50', 'p95', 'p99', 'ratio', 'calls'],
  result.map(({ figure, ours, socketIo, ratio, calls }) => [
    WHAT[figure],
    ...[ours, socketIo].flatMap((of) => [of.p50_ms, of.p95_ms, of.p99_ms].map(ms)),
    ratio.toFixed(2),
    String(calls),
  ]),
)}

The Socket.IO server is one process with its state in memory: it keeps nothing, wakes nobody, and forgets all calls when it ends. With Carillon a ring passes the emulated gateway, a function that writes the call to the table, and another post through the gateway; an \`answerCall\` is an accept and an answer. _ratio_ is that of the two medians.
`;
