import { PRICES } from '../billed/prices.ts';
import { madeBy } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { type MemoryResult, ON_THE_WAY } from './measure-memory.ts';

/** A ring into a cold stack may take so many times the p99 of a warm one, and the initialisations. */
const COLD_RING = 2.5;

const ms = (time: number): string => time.toFixed(1);
const whole = (time: number): string => time.toFixed(0);

/** Dollars for a million invocations of so many GB-seconds. */
export const usdForMillion = (gbSeconds: number): number =>
  (gbSeconds * PRICES.lambda_duration.usd + PRICES.lambda_requests.usd / PRICES.lambda_requests.per) * 1_000_000;

const nameOf = (memory: MemoryResult['memory_mb']): string => (memory === 'template' ? 'as deployed' : String(memory));

/** The rings with each memory. */
const ringTable = (results: readonly MemoryResult[]): string =>
  markdownTable(
    ['MB', 'ring_to_push p50', 'p99', 'cold p50', 'p99', 'of it initialising', 'US$ for a million warm rings'],
    results.map(({ memory_mb, ring_to_push: warm, cold_ring_to_push: cold, cold_init, functions }) => [
      nameOf(memory_mb),
      ...[warm.p50_ms, warm.p99_ms, cold.p50_ms, cold.p99_ms, cold_init.p50_ms].map(whole),
      functions
        .filter(({ name }) => ON_THE_WAY.has(name))
        .reduce((sum, { gb_seconds }) => sum + usdForMillion(gb_seconds), 0)
        .toFixed(2),
    ]),
  );

/** Each function with each memory. */
const functionTable = (results: readonly MemoryResult[]): string => {
  const names = results[0]?.functions.map(({ name }) => name) ?? [];
  const rows = names.flatMap((name) =>
    results.flatMap(({ memory_mb, functions }) =>
      functions
        .filter((each) => each.name === name)
        .map((of) => [
          name,
          memory_mb === 'template' ? `as deployed: ${of.memory_mb}` : String(memory_mb),
          ...[of.warm.p50_ms, of.warm.p99_ms, of.cold.p50_ms, of.init.p50_ms].map(ms),
          of.gb_seconds.toFixed(4),
          usdForMillion(of.gb_seconds).toFixed(2),
          usdForMillion(of.cold_gb_seconds).toFixed(2),
        ]),
    ),
  );
  const head = ['function', 'MB', 'p50', 'p99', 'cold p50', 'init p50', 'GB-seconds', 'US$ a million', 'US$, cold'];
  return markdownTable(head, rows);
};

/** Both tables. */
export const memoryTables = (results: readonly MemoryResult[]): string =>
  `${ringTable(results)}\n\n${functionTable(results)}`;

/** Whether a cold ring is fast enough. */
export function coldGoalText(results: readonly MemoryResult[]): string {
  const of = results.find(({ memory_mb }) => memory_mb === 'template');
  if (!of) return '';
  const most = COLD_RING * of.ring_to_push.p99_ms + of.cold_init.p50_ms;
  const is = of.cold_ring_to_push.p99_ms;
  return `The goal for a ring into a stack in which every function is new is ${COLD_RING} times the p99 of a warm one and the initialisations: ${whole(most)} ms. It takes p99 ${whole(is)} ms, p50 ${whole(of.cold_ring_to_push.p50_ms)} ms (${is <= most ? 'met' : 'missed'}).`;
}

/** The part of the page. */
export const memorySection = (results: readonly MemoryResult[], now: Date): string => `## Memory of the functions

${madeBy('npm run bench -- --profile aws --only memory', [], now)}

All functions have the same memory, in a stack that [plays AWS](local-stack.md#how-it-plays-aws), or the memory that they are deployed with ([why](adr/0018-memory-by-measurement.md)). Five such stacks take turns, ring by ring, so that what disturbs the machine hits all of them. Times are milliseconds. A _ring_ goes to a phone that is asleep, until both FCM and APNs have it; for a _cold_ one every function is started anew, without compiled code of an earlier start. A function's time is what Lambda bills for one invocation without its initialisation, which has the whole machine: command for \`call.ring\`, ring for the pushes, connection for the mean of its invocations when a phone connects, signal for an answer, http for a ring over REST, socketio for the mean of a call's frames, room for an offer. For the last three nobody waits; they were measured in a second round, on stacks with [events](events.md): events and webhook for what the backend is told of a ring, deadline for the mean of five rings that run out. Dollars are at the [list prices](#what-a-call-costs); those of a cold invocation include its initialisation.

${memoryTables(results)}

${coldGoalText(results)}
`;
