import type { Greeting, IdleConnections, Memory } from './idle-connections.ts';

const MIB = 2 ** 20;

/** What idle connections cost. */
export function connectionsText(of: IdleConnections): string {
  const { connections, opened_per_s, memory, heap_per_connection, greeting_before, greeting_held } = of;
  return `### Idle connections

${connections} WebSockets of as many users were opened, ten at a time, ${opened_per_s} a second, and held. On AWS, API Gateway holds a connection, and it costs no function anything. Here the emulator keeps ${(heap_per_connection / 1024).toFixed(1)} KiB of heap for each. Memory before → with all held: ${Object.entries(memory).map(memoryText).join(', ')}. Functions keep nothing for a connection: their memory grows with their processes.

From when a new socket is open until its \`user.connected\`: ${greetingText(greeting_before)} with none held, ${greetingText(greeting_held)} with all. A hello that comes before its socket is open looks again after 25, 75 and 200 ms, and then is put back for a second.`;
}

const memoryText = ([what, { before, held }]: [string, { before: Memory; held: Memory }]): string =>
  `${what} ${mebibytes(before)} → ${mebibytes(held)} MiB`;

const mebibytes = ({ processes, bytes }: Memory): string =>
  `${(bytes / MIB).toFixed(0)}${processes > 1 ? ` (${processes} processes)` : ''}`;

const greetingText = ({ p50_ms, p99_ms, late_share }: Greeting): string =>
  `p50 ${p50_ms} ms, p99 ${p99_ms} ms, ${(late_share * 100).toFixed(0)} % after a second or more`;
