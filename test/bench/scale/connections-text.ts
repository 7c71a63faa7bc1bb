import { markdownTable } from '../markdown-table.ts';
import type { Greeting, IdleConnections, Memory } from './idle-connections.ts';

const MIB = 2 ** 20;

/** What idle connections cost. */
export function connectionsText(of: IdleConnections): string {
  const { connections, opened_per_s, memory, heap_per_connection, greeting_before, greeting_held } = of;
  const changed = Object.entries(memory).map(([what, { before, held }]) => [
    what,
    memoryText(before),
    memoryText(held),
    before.processes === held.processes ? `${((held.bytes - before.bytes) / connections / 1024).toFixed(1)} KiB` : '',
  ]);
  return `### Idle connections

${connections} WebSockets of as many users were opened, ten at a time, ${opened_per_s} a second, and held. On AWS a held connection is API Gateway's and costs no function anything. Here the emulator's main process keeps ${(heap_per_connection / 1024).toFixed(1)} KiB of heap for each. The functions' memory is that of more processes, and of what these have loaded and not collected yet: they keep nothing for a connection.

${markdownTable(['process', 'before', 'with all held', 'for each'], changed)}

From when a new socket is open until its \`user.connected\`: ${greetingText(greeting_before)} with none held, ${greetingText(greeting_held)} with all. A hello that comes before its socket is open looks again after 25, 75 and 200 ms, and then is put back for a second.`;
}

const memoryText = ({ processes, bytes }: Memory): string =>
  `${(bytes / MIB).toFixed(0)} MiB${processes > 1 ? ` in ${processes}` : ''}`;

const greetingText = ({ p50_ms, p99_ms, late_share }: Greeting): string =>
  `p50 ${p50_ms} ms, p99 ${p99_ms} ms, ${(late_share * 100).toFixed(0)} % after a second or more`;
