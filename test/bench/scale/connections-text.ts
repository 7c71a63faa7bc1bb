import type { Greeting, IdleConnections } from './idle-connections.ts';

/** What idle connections cost. */
export function connectionsText(of: IdleConnections): string {
  const { connections, opened_per_s, heap_per_connection, greeting_before, greeting_held } = of;
  return `### Idle connections

${connections} WebSockets of as many users were opened, ten at a time, ${opened_per_s} a second, and held. On AWS, API Gateway holds a connection, and it costs no function anything. Here the emulator keeps ${(heap_per_connection / 1024).toFixed(1)} KiB of heap for each.

From when a new socket is open until its \`user.connected\`: ${greetingText(greeting_before)} with none held, ${greetingText(greeting_held)} with all. A hello that comes before its socket is open looks again after 25, 75 and 200 ms, and then is put back for a second.`;
}

const greetingText = ({ p50_ms, p99_ms, late_share }: Greeting): string =>
  `p50 ${p50_ms} ms, p99 ${p99_ms} ms, ${(late_share * 100).toFixed(0)} % after a second or more`;
