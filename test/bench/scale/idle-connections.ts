import { quantile, rounded } from '../quantile.ts';
import { type BenchStack, startBenchStack } from './bench-stack.ts';
import { connect, connectAll, users } from './crowd.ts';
import { heapOf, openInspector } from './machine/inspector.ts';
import { memoryOf, stackProcesses } from './machine/stack-processes.ts';
import { quiet } from './quiet.ts';

/** What idle connections cost. */
export interface IdleConnections {
  readonly connections: number;
  /** How fast they could be opened, ten at a time. */
  readonly opened_per_s: number;
  /** The memory of the stack's processes by their kinds, before and while the connections are open. */
  readonly memory: Readonly<Record<string, { readonly before: Memory; readonly held: Memory }>>;
  /** What the emulator's main process keeps for each connection after garbage collection, in bytes. */
  readonly heap_per_connection: number;
  /** From the opening of a socket to its `user.connected`, with no other connection and with all of them. */
  readonly greeting_before: Greeting;
  readonly greeting_held: Greeting;
}

/** The resident memory (RSS) of all processes of one kind. */
interface Memory {
  readonly processes: number;
  readonly bytes: number;
}

/** How long hellos took, and the share that came with the second attempt, a second later. */
export interface Greeting {
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly late_share: number;
}

const HELD = 2000;
const PROBES = 100;
/** Hellos before this came with the first attempt, later ones with the second. */
const LATE_MS = 800;
const NOTHING: Memory = { processes: 0, bytes: 0 };

/** Opens two thousand connections, and measures what that changes. */
export async function measureIdleConnections(): Promise<IdleConnections> {
  const stack = await startBenchStack();
  try {
    // After these, the processes have done everything that they do only once.
    await timeHellos(stack.url);
    const all = await users(stack.url, 'idle', HELD);
    const greetingBefore = await timeHellos(stack.url);
    const before = await lookAt(stack);
    const startedAt = performance.now();
    await connectAll(stack.url, all);
    const openedMs = performance.now() - startedAt;
    const held = await lookAt(stack);
    const memory = Object.entries(held.memory).map(([what, now]) => [
      what,
      { before: before.memory[what] ?? NOTHING, held: now },
    ]);
    return {
      connections: HELD,
      opened_per_s: rounded((HELD * 1000) / openedMs, 1),
      memory: Object.fromEntries(memory),
      heap_per_connection: Math.round((held.heap - before.heap) / HELD),
      greeting_before: greetingBefore,
      greeting_held: await timeHellos(stack.url),
    };
  } finally {
    await stack.stop();
  }
}

/** Opens connections one after the other, waits for the hello of each, and closes it. */
async function timeHellos(url: string): Promise<Greeting> {
  const times: number[] = [];
  for (const user of await users(url, 'guest', PROBES)) {
    const { socket, greetedMs } = await connect(url, user);
    times.push(greetedMs);
    await socket.close();
  }
  const sorted = times.toSorted((a, b) => a - b);
  return {
    p50_ms: rounded(quantile(sorted, 0.5), 1),
    p99_ms: rounded(quantile(sorted, 0.99), 1),
    late_share: rounded(times.filter((ms) => ms > LATE_MS).length / times.length, 3),
  };
}

/** The memory of all processes, once the stack is quiet. */
async function lookAt(stack: BenchStack): Promise<{ memory: Readonly<Record<string, Memory>>; heap: number }> {
  await quiet(stack.url);
  const inspector = await openInspector(stack.inspector);
  const heap = await heapOf(inspector);
  await inspector.close();
  const memory: Record<string, Memory> = {};
  for (const { pid, what } of await stackProcesses(stack.pid)) {
    const { processes, bytes } = memory[what] ?? NOTHING;
    memory[what] = { processes: processes + 1, bytes: bytes + (await memoryOf(pid)) };
  }
  return { memory, heap };
}
