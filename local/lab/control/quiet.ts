import { z } from 'zod';
import type { Streams } from '../../aws/dynamodb-streams/streams.ts';
import type { Connections } from '../../aws/gateway/connections.ts';
import type { Pool } from '../../aws/lambda/pool.ts';
import type { Queues } from '../../aws/sqs/queues.ts';
import { queueStates } from './queue-control.ts';

const query = z.object({
  connections: z.coerce.number().int().min(0).default(Number.POSITIVE_INFINITY),
  delayed: z.coerce.number().int().min(0).default(0),
});

/** The parts of a stack in which something can be in progress. */
export interface Watched {
  readonly functions: readonly Pool[];
  readonly queues: Queues;
  readonly connections: readonly Connections[];
  readonly streams: Streams;
}

/**
 * Answers once nothing is in progress: no function runs and no message waits in a queue. The query says how many delayed
 * messages (default none) and open connections (default any number) there may still be. It checks again after every
 * invocation and every new message, so it does not notice a message that a receiver without Lambda deletes.
 */
export function quiet({ functions, queues, connections, streams }: Watched, search: URLSearchParams): Promise<object> {
  const most = query.parse(Object.fromEntries(search));
  const states = () => Object.values(queueStates(queues));
  const isQuiet = (): boolean =>
    connections.reduce((sum, { size }) => sum + size, 0) <= most.connections &&
    functions.every((pool) => pool.underWay() === 0) &&
    states().every(({ visible, in_flight }) => visible + in_flight === 0) &&
    states().reduce((sum, { delayed }) => sum + delayed, 0) <= most.delayed;
  return new Promise((resolve) => {
    // The last thing to happen is an invocation, or a message in a dead-letter queue.
    const soon = () => setImmediate(() => void look());
    const unsubscribe = [
      ...functions.map((pool) => pool.onSettled(soon)),
      ...queues.all.map((queue) => queue.onAvailable(soon)),
    ];
    let isAsking = false;
    const look = async (): Promise<void> => {
      if (isAsking || !isQuiet()) return;
      // What was written may still be on its way through a stream.
      isAsking = true;
      await streams.caughtUp();
      isAsking = false;
      if (!isQuiet()) return;
      for (const end of unsubscribe) end();
      resolve({});
    };
    void look();
  });
}
