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
    return [[key, ...times, of.ratio.toFixed(2), String(invocations), bare.toFixed(2), String(of.calls)]];
  });
  const head = ['figure', 'p50', 'p95', 'p99', 'floor p50', 'ratio', 'functions', 'ratio without', 'calls'];
  return markdownTable(head, rows);
}

/** What an invocation of a function takes here: the difference between a request that a function answers and one that the gateway answers. */
const hopMs = ({ http_to_function, http_to_gateway }: LatencyResult['hops']): number =>
  (http_to_function?.p50_ms ?? 0) - (http_to_gateway?.p50_ms ?? 0);

const HOPS: Readonly<Record<string, string>> = {
  frame_to_gateway: '`ping` sent → `pong` received: the gateway answers by itself',
  frame_to_function: 'a frame of an unknown type sent → the error received: one function, one post',
  http_to_gateway: 'a preflight request: the gateway answers by itself',
  http_to_function: '`GET /health`: one function, which reads and writes nothing',
};

const hopTable = ({ hops }: LatencyResult): string =>
  markdownTable(
    ['what', 'p50', 'p95', 'p99'],
    Object.entries(HOPS).flatMap(([key, what]) => spreadRow([what], hops[key])),
  );

/** The peers' figures beside ours as a table of Markdown. */
export function peerTable({ latency, peers }: LatencyResult): string {
  const rows = ['ring_to_event', 'signal_relay'].flatMap((figure) => [
    ...spreadRow([figure, 'Carillon'], latency[figure]),
    ...Object.entries(peers).flatMap(([name, of]) => spreadRow([figure, name], of[figure])),
  ]);
  return markdownTable(['figure', 'server', 'p50', 'p95', 'p99'], rows);
}

const spreadRow = (names: readonly string[], of: Spread | undefined): string[][] =>
  of ? [[...names, ...[of.p50_ms, of.p95_ms, of.p99_ms].map(ms)]] : [];

/** The notes on the peers' numbers. */
export const PEERS_NOTE =
  'The peers keep nothing and wake nobody: they are one process with its state in memory, a callee who is not connected is never rung, and what was under way when the process ends is lost.';

/** The part of the page. */
export const latencySection = (result: LatencyResult, now: Date): string => `## Latency of a call

${madeBy('npm run bench', PACKAGES, now)}

All times are milliseconds. The local stack runs the synthesized template in processes of its own: gateway, queues and push services in one, the table in another, each function in its own, stopped between two events as Lambda does it. Another process plays the clients, one call at a time: this is latency, not throughput. The first ${WARM_UP} calls of each kind are not counted. Times are taken by the machine's monotonic clock, on the way out before a frame is sent, on the way in when it is read.

${latencyTable(result)}

- _floor_ is the sequence of requests that any correct design must make for the figure, side by side where they may be, made by the bare SDK clients and one open HTTP/2 connection a push service, against the same table engine, queues, gateway and push services, in the same run, in turn with our calls. Nothing is between these requests: no gateway in front, no function, no token to check, no trace to write. Each floor has a process of its own, as each function has, is warmed up by as many repetitions, and is idle for about as long between two of them, so that both sides are about as warm; only the functions are stopped meanwhile.
- _ratio_ is that of the two medians.
- _functions_ is how many invocations lie on the way one after the other. The floor has none. One of them takes ${ms(hopMs(result.hops))} ms here without doing anything (below); _ratio without_ is the ratio when so much is taken off for each. It is no claim about Lambda, where a warm invocation costs something else.
- The goal for \`ring_to_push\` and \`signal_relay\` is 1.5 times the floor. What is above it is computing more than waiting: beside the requests on the way a function makes those that are not (timers, histories, traces, receipts), on the same ${cpus().length} cores as the emulator and the table. Of what it computes, the AWS SDK, Node and V8 take nearly all ([the profile](#rings-a-second)), which the floor pays as well, but for the requests on the way alone.

What each figure is, and its floor:

${FIGURES.map(({ key, what, floor }) => `- **${key}**: ${what}. Floor: ${floor}.`).join('\n')}

### What the emulated gateway and Lambda take

An invocation wakes the function's process (SIGCONT), hands it the event over the runtime API (HTTP), takes the answer and stops the process again. These are taken once a call, too, each when all is quiet, as the steps of a call are.

${hopTable(result)}

### Beside servers that keep everything in memory

${peerTable(result)}

${PEERS_NOTE} Socket.IO is a server with the events of a usual tutorial (\`callUser\` → \`incomingCall\` is the ring, \`answerCall\` → \`callAccepted\` the signal, both with 2 KiB of SDP), PeerServer is the package \`peer\` (\`OFFER\` is the ring, \`ANSWER\` and \`CANDIDATE\` are the signals). Same clients, same machine, same run.
`;
