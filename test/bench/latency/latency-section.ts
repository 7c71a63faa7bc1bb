import { cpus } from 'node:os';
import { madeBy } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import type { Spread } from '../quantile.ts';
import { FIGURES } from './figures.ts';
import { type LatencyResult, WARM_UP } from './measure-latency.ts';

const PACKAGES = ['@aws-sdk/client-dynamodb', 'socket.io', 'peer', 'ws'];

const ms = (time: number): string => time.toFixed(1);

/** The latencies as a table of Markdown. */
export function latencyTable({ latency, hops }: LatencyResult): string {
  const hop = hopMs(hops);
  const rows = FIGURES.flatMap(({ key, invocations }) => {
    const of = latency[key];
    if (!of) return [];
    const bare = (of.p50_ms - invocations * hop) / of.floor_p50_ms;
    const times = [of.p50_ms, of.p95_ms, of.p99_ms, of.floor_p50_ms].map(ms);
    return [[key, ...times, of.ratio.toFixed(2), String(invocations), bare.toFixed(2)]];
  });
  const head = ['figure', 'p50', 'p95', 'p99', 'floor p50', 'ratio', 'functions', 'ratio without'];
  return markdownTable(head, rows);
}

/** What an invocation of a function takes here: the difference between a request that a function answers and one that the gateway answers. */
const hopMs = ({ http_to_function, http_to_gateway }: LatencyResult['hops']): number =>
  (http_to_function?.p50_ms ?? 0) - (http_to_gateway?.p50_ms ?? 0);

const HOPS: Readonly<Record<string, string>> = {
  frame_to_gateway: '`ping` → `pong`, which the gateway answers',
  frame_to_function: 'a frame of an unknown type → the error, by one function and one post',
  http_to_gateway: 'a preflight request, which the gateway answers',
  http_to_function: '`GET /health`, by one function that reads and writes nothing',
};

const hopText = ({ hops }: LatencyResult): string =>
  Object.entries(HOPS)
    .flatMap(([key, what]) => {
      const of = hops[key];
      return of ? [`- ${what}: p50 ${ms(of.p50_ms)}, p99 ${ms(of.p99_ms)}`] : [];
    })
    .join('\n');

/** The peers' medians beside ours, with the 99th percentiles, as a table of Markdown. */
export function peerTable({ latency, peers }: LatencyResult): string {
  const figures = ['ring_to_event', 'signal_relay'];
  const rows = figures.map((figure) => [
    figure,
    ...[latency, ...Object.values(peers)].map((of) => spreadText(of[figure])),
  ]);
  return markdownTable(['p50 (p99)', 'Carillon', ...Object.keys(peers)], rows);
}

const spreadText = (of: Spread | undefined): string => (of ? `${ms(of.p50_ms)} (${ms(of.p99_ms)})` : '');

/** The notes on the peers' numbers. */
export const PEERS_NOTE =
  'These servers are one process with its state in memory: they wake nobody, and lose what is under way when the process ends.';

/** The part of the page. */
export const latencySection = (result: LatencyResult, now: Date): string => `## Latency of a call

${madeBy('npm run bench', PACKAGES, now)}

All times are milliseconds. The local stack runs each function in a process of its own, stopped between two events as Lambda does it. Another process plays the clients, one call at a time: this is latency, not throughput. Each figure is of ${result.latency['ring_to_push']?.calls ?? 0} calls, \`signal_relay\` of nine signals in each; the first ${WARM_UP} of each kind are not counted.

${latencyTable(result)}

- _floor_ is the requests that any correct design must make for the figure, in parallel where that is possible. The bare SDK clients and one open HTTP/2 connection a push service make them against the same services, in turn with our calls and as warm as these. Nothing is between them: no gateway, no function, no token to check, no trace to write.
- _ratio_ is that of the two medians. The goal for \`ring_to_push\` and \`signal_relay\` is 1.5.
- _functions_ is how many invocations are on the way, one after the other; the floor has none. An empty one takes ${ms(hopMs(result.hops))} ms here (below), and _ratio without_ is the ratio if each of them took no time. On Lambda a warm invocation takes another time.
- Above the floor is mostly computing: a function also makes requests that are not on the way (timers, histories, traces, receipts), on the same ${cpus().length} cores as the emulator. Nearly all of it is in the AWS SDK, Node and V8 ([the profile](#rings-a-second)).

What each figure is, and its floor:

${FIGURES.map(({ key, what, floor }) => `- **${key}**: ${what}. Floor: ${floor}.`).join('\n')}

### What the emulated gateway and Lambda take

${hopText(result)}

### Beside servers that keep everything in memory

${peerTable(result)}

${PEERS_NOTE} Socket.IO is a server with the events of a usual tutorial, PeerServer is the package \`peer\`.
`;
