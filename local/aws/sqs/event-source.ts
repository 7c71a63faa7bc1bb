import type { Usage } from '../../lab/metering/usage.ts';
import type { LambdaFunction } from '../lambda/invocation.ts';
import { traceHeader } from '../lambda/trace.ts';
import { displayName } from '../template/display-name.ts';
import { bytesOf, type Message, toRecord } from './message.ts';
import type { Queue } from './queue.ts';
import type { MappingSpec } from './queue-spec.ts';

/** After about this many rounds Lambda stops a chain of functions and queues that keeps triggering itself. */
const MAX_ROUNDS = 16;

/** Passes the messages of a queue to a function as they arrive. */
export function connectEventSource(
  queue: Queue,
  mapping: MappingSpec,
  target: LambdaFunction,
  usage: Pick<Usage, 'queueRequest'>,
  log: (line: string) => void,
): void {
  const label = displayName(queue.spec.name);
  let running = 0;

  async function deliver(batch: readonly Message[]): Promise<void> {
    const rounds = Math.max(...batch.map((message) => message.rounds ?? 0)) + 1;
    if (rounds > MAX_ROUNDS && !target.recurses) {
      log(`[${target.name}] recursive loop: not invoked for ${queue.spec.name} after ${MAX_ROUNDS} rounds`);
      for (const message of batch) queue.deadLetter(message);
      return;
    }
    const event = { Records: batch.map((message) => toRecord(message, queue.spec.arn)) };
    const failed = await target.invoke(event, traceHeader(rounds)).then(
      (result) => (mapping.partialFailures ? failedIds(result, batch) : new Set<string>()),
      () => new Set(batch.map(({ id }) => id)),
    );
    const done = batch.filter(({ id }) => !failed.has(id));
    for (const message of done) queue.delete(message);
    if (done.length > 0) usage.queueRequest(label, 0, 0);
  }

  function pump(): void {
    while (running < (queue.spec.fifo ? Number.POSITIVE_INFINITY : mapping.pollers)) {
      const batch = queue.receive(mapping.batchSize);
      // An empty poll is billed too, but its cost grows with time and not with calls, so it is not counted.
      if (batch.length === 0) return;
      usage.queueRequest(label, bytesOf(batch), 0);
      running += 1;
      void deliver(batch).finally(() => {
        running -= 1;
        pump();
      });
    }
  }

  queue.onAvailable(pump);
}

/** The messages that a handler reports as failed. A malformed report fails all of them, as on Lambda. */
export function failedIds(result: unknown, batch: readonly Message[]): Set<string> {
  const all = new Set(batch.map(({ id }) => id));
  if (result === null || result === undefined) return new Set();
  const { batchItemFailures: failures } = Object(result);
  if (failures === null || failures === undefined) return new Set();
  if (!Array.isArray(failures)) return all;
  const ids = failures.map((failure) => Object(failure).itemIdentifier);
  return ids.every((id) => all.has(id)) ? new Set(ids) : all;
}
