import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** A debugger's connection to a Node process. */
export interface Inspector {
  // biome-ignore lint/suspicious/noExplicitAny: each method has another answer
  ask(method: string, params?: object): Promise<any>; // oxlint-disable-line typescript/no-explicit-any -- see above
  close(): Promise<void>;
}

/** A CPU profile of V8: how often each function was running. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
      readonly columnNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  /** Microseconds between a sample and the one before. */
  readonly timeDeltas: readonly number[];
}

/** A process that is frozen for long does not answer. */
const PATIENCE_MS = 10_000;

/** Opens the connection. */
export async function openInspector(url: string): Promise<Inspector> {
  const socket = new WebSocket(url, { maxPayload: 1e9 });
  await Promise.race([once(socket, 'open'), once(socket, 'error').then(([error]) => Promise.reject(error))]);
  const waiting = new Map<number, (answer: { result?: unknown; error?: { message: string } }) => void>();
  socket.on('message', (data) => {
    const answer = JSON.parse(String(data));
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  let asked = 0;
  return {
    async ask(method, params = {}) {
      asked += 1;
      const id = asked;
      const answered = new Promise<{ result?: unknown; error?: { message: string } }>((resolve) =>
        waiting.set(id, resolve),
      );
      socket.send(JSON.stringify({ id, method, params }));
      const answer = await Promise.race([answered, wait(PATIENCE_MS, undefined, { ref: false })]);
      if (!answer) throw new Error(`${method}: no answer`);
      if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
      return answer.result;
    },
    close: async () => socket.terminate(),
  };
}

/** Profiles a process for as long as `work` takes. */
export async function profileDuring(inspector: Inspector, work: () => Promise<unknown>): Promise<CpuProfile> {
  await inspector.ask('Profiler.enable');
  await inspector.ask('Profiler.setSamplingInterval', { interval: 500 });
  await inspector.ask('Profiler.start');
  await work();
  return (await inspector.ask('Profiler.stop')).profile;
}

/** What a process keeps in its JavaScript heap after garbage collection, in bytes. */
export async function heapOf(inspector: Inspector): Promise<number> {
  await inspector.ask('HeapProfiler.collectGarbage');
  return (await inspector.ask('Runtime.getHeapUsage')).usedSize;
}
